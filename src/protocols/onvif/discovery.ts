// Finds ONVIF cameras on the local networks: asks all of them at once and listens for a while (WS-Discovery).
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { isIPv4 } from "node:net";
import { type Clock, systemClock } from "../../base/clock.ts";
import { isAbort } from "../../base/errors.ts";
import { type OnvifFinding, PROBE_TYPES, readProbeMatches, writeProbe } from "./probe.ts";

/** Where and how long to look. */
export interface DiscoveryOptions {
  signal: AbortSignal;
  /** How long to listen. Default 3 s. */
  timeoutMs?: number;
  /**
   * IPv4 addresses of this machine to ask from, or names of its network interfaces. Default: all but
   * loopback.
   */
  interfaces?: readonly string[] | undefined;
  clock?: Clock;
  /** Other than 3702 for tests. */
  port?: number;
}

const GROUP = "239.255.255.250";
const PORT = 3702;
const TIMEOUT_MS = 3000;
/** Datagrams are lost: the question is asked again after this share of the time. */
const ASK_AGAIN_AT = 0.3;
const MAX_FINDINGS = 256;

/**
 * Returns the cameras that answered, one each. An interface that cannot be used is passed over; when the
 * signal aborts, what was found so far is returned.
 */
export async function discoverOnvif(options: DiscoveryOptions): Promise<OnvifFinding[]> {
  const { signal, clock = systemClock, timeoutMs = TIMEOUT_MS, port = PORT } = options;
  const findings = new Map<string, OnvifFinding>();
  const onAnswer = (message: Uint8Array, { address }: RemoteInfo) => {
    for (const finding of readProbeMatches(message, address)) note(findings, finding);
  };
  const sockets = await Promise.all(localAddresses(options.interfaces).map((own) => open(own, onAnswer)));
  try {
    ask(sockets, port);
    await clock.sleep(timeoutMs * ASK_AGAIN_AT, signal);
    ask(sockets, port);
    await clock.sleep(timeoutMs * (1 - ASK_AGAIN_AT), signal);
  } catch (error) {
    if (!isAbort(error)) throw error;
  } finally {
    for (const socket of sockets) socket?.close();
  }
  return [...findings.values()];
}

/** A camera with two networks answers twice, and it answers to every question. */
function note(findings: Map<string, OnvifFinding>, finding: OnvifFinding): void {
  const key = finding.urn || finding.address;
  const known = findings.get(key);
  if (!known && findings.size < MAX_FINDINGS) findings.set(key, finding);
  if (known?.address !== finding.address) return;
  known.xaddrs = [...new Set([...known.xaddrs, ...finding.xaddrs])];
  known.scopes = { ...finding.scopes, ...known.scopes };
}

function localAddresses(wanted: readonly string[] | undefined): string[] {
  const own = Deno.networkInterfaces().filter(({ family }) => family === "IPv4");
  if (!wanted) return own.map(({ address }) => address).filter((address) => !address.startsWith("127."));
  const named = own.filter(({ name }) => wanted.includes(name)).map(({ address }) => address);
  return [...new Set([...wanted.filter((each) => isIPv4(each)), ...named])];
}

/** Bound to an address, a socket sends to the group on that address's network. */
function open(
  address: string,
  onAnswer: (message: Uint8Array, from: RemoteInfo) => void,
): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: "udp4", reuseAddr: true });
    let isBound = false;
    socket.on("error", () => {
      // Once it is bound, errors tell of one datagram and concern nobody.
      if (isBound) return;
      socket.close();
      resolve(undefined);
    });
    socket.on("message", onAnswer);
    socket.bind(0, address, () => {
      isBound = true;
      resolve(socket);
    });
  });
}

function ask(sockets: readonly (Socket | undefined)[], port: number): void {
  for (const type of PROBE_TYPES) {
    const probe = new TextEncoder().encode(writeProbe(type, crypto.randomUUID()));
    // A network that cannot be sent to has no camera for us.
    for (const socket of sockets) socket?.send(probe, port, GROUP, () => {});
  }
}
