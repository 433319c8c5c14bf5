// TLS 1.2 with static RSA, for cameras too old for Deno's own TLS. Everyone else should get `Deno.connectTls`.
import { type Clock, systemClock } from "../../base/clock.ts";
import { HubError } from "../../base/errors.ts";
import { alertFor, explainFault, TlsFault } from "./alerts.ts";
import { TlsConnection, type TlsSocket } from "./connection.ts";
import { withinTime } from "./deadline.ts";
import { shakeHands } from "./handshake.ts";
import { HandshakeInput } from "./handshake_input.ts";
import { CONTENT } from "./protection.ts";
import { RecordEncoder, RecordReader } from "./records.ts";
import { connectTcp } from "./tcp_stream.ts";

const CONNECT_TIMEOUT_MS = 5000;
const HANDSHAKE_TIMEOUT_MS = 5000;
/** What may stand in a ServerName (RFC 6066 §3). */
const HOST_NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i;

/** Where to connect. */
export interface TlsRsaTarget {
  readonly host: string;
  readonly port: number;
  /** Told to the device when given; not an IP address. */
  readonly serverName?: string;
}

/** Bounds of connecting. */
export interface TlsRsaOptions {
  /** Ends connecting and handshake. Has no effect on the connection afterwards: that is what `close` is for. */
  readonly signal: AbortSignal;
  /** 5000 unless given. */
  readonly connectTimeoutMs?: number;
  /** 5000 unless given. */
  readonly handshakeTimeoutMs?: number;
  readonly clock?: Clock;
}

/**
 * Connects to a device and shakes hands. The certificate is not judged: compare `peerCertificateDer` with what
 * is known of the device, and close the connection, before writing anything.
 * @throws HubError `unavailable` or `timeout` for the network (`details.unreachable` when nobody answers there),
 * `device_rejected` when TLS fails (`details.alert` and `alertFrom`), `invalid_input` for a bad server name;
 * AbortError.
 */
export async function connectTlsRsa(target: TlsRsaTarget, options: TlsRsaOptions): Promise<TlsSocket> {
  const { host, port, serverName } = target;
  if (serverName !== undefined && !HOST_NAME.test(serverName)) {
    throw new HubError("invalid_input", `"${serverName}" is no host name`);
  }
  const { signal, clock = systemClock } = options;
  const timeoutMs = options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
  const stream = await connectTcp({ host, port }, { clock, signal, timeoutMs });
  const reader = new RecordReader(stream);
  const encoder = new RecordEncoder();
  const input = new HandshakeInput();
  const link = { reader, encoder, input, send: (bytes: Uint8Array) => stream.write(bytes) };
  const limitMs = options.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS;
  const late = () =>
    new HubError("timeout", `${host}:${port} did not finish the TLS handshake in ${limitMs / 1000} s`);
  try {
    const shake = () => shakeHands(link, serverName === undefined ? {} : { serverName });
    const agreement = await withinTime(shake, { clock, signal, timeoutMs: limitMs, late });
    return new TlsConnection({ stream, reader, encoder, input }, agreement);
  } catch (error) {
    const alert = error instanceof TlsFault ? alertFor(error) : undefined;
    stream.close(alert && (() => encoder.encode(CONTENT.alert, alert)));
    throw error instanceof TlsFault ? explainFault(error) : error;
  }
}
