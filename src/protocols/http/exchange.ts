// One HTTP/1.1 exchange on a connection of its own. Deno's fetch sends a request again when the connection
// ends without an answer (2.7.11): a camera would move twice. Its node:http waits for ever instead.
import { abortError, HubError } from "../../base/errors.ts";
import { abortable } from "../../base/scope.ts";
import { type HttpResponse, ResponseReader } from "./response.ts";

/** What is sent. */
export interface HttpRequest {
  url: string;
  method: "GET" | "POST" | "PUT";
  headers: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
}

/** How one exchange is made. */
export interface ExchangeSettings {
  signal: AbortSignal;
  /** Of the answer's body. */
  maxBytes: number;
  /** True where the status says all that matters: a body that is too long or breaks off is left out. */
  isBodyOptional?: boolean;
  /** Who is asked, as errors begin; "The camera" where nothing is given. */
  peer?: string;
  /** What a person may do when there is no connection. */
  hint?: string;
  /** Where to connect to, in place of the host of the address, which is then only named in the request. */
  address?: string;
}

export type { HttpResponse };

/**
 * Sends the request once and reads the whole answer. An address of https is spoken to through TLS, with the
 * certificate checked against its host.
 * @throws HubError `unavailable`, with `details.unreachable` when no connection comes about;
 * `device_rejected` for an answer larger than the bound; AbortError.
 */
export async function exchangeHttp(
  request: HttpRequest,
  settings: ExchangeSettings,
): Promise<HttpResponse> {
  const { signal } = settings;
  const url = new URL(request.url);
  const connection = await connect(url, settings);
  const onAbort = () => close(connection);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    if (signal.aborted) throw abortError();
    await writeAll(connection, writeRequest(request, url));
    return await new ResponseReader(connection, { ...settings, peer: settings.peer ?? PEER }).read();
  } catch (error) {
    if (signal.aborted) throw abortError();
    if (error instanceof HubError) throw error;
    throw new HubError("unavailable", `${settings.peer ?? PEER} broke the connection off`, { cause: error });
  } finally {
    signal.removeEventListener("abort", onAbort);
    close(connection);
  }
}

const PEER = "The camera";
const HINT = "Check that the camera is switched on, and its address and port";

/** Parts of Deno's messages; Linux's error numbers stand at their end. */
const CONNECT_ERRORS: readonly (readonly [string, string])[] = [
  ["(os error 111)", "refused the connection"],
  ["(os error 113)", "cannot be reached: there is no way to its address"],
  ["(os error 101)", "cannot be reached: there is no way to its network"],
  ["failed to lookup", "cannot be reached: no address is known for its name"],
];

/**
 * After an abort the connection is closed as soon as it comes about, or the kernel gives up on it.
 * Deno.connect's own signal loses the connection when both happen at once, and a handle for every unknown
 * name (2.7.11).
 */
async function connect(url: URL, settings: ExchangeSettings): Promise<Deno.Conn> {
  const { signal } = settings;
  if (signal.aborted) throw abortError();
  const name = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const isTls = url.protocol === "https:";
  const connecting = Deno.connect({
    hostname: settings.address ?? name,
    port: Number(url.port || (isTls ? 443 : 80)),
  });
  try {
    const connection = await abortable(connecting, signal);
    return isTls ? await secured(connection, name, signal) : connection;
  } catch (error) {
    if (signal.aborted) {
      connecting.then(close, () => {/* nothing to close */});
      throw abortError();
    }
    throw explainConnectError(error, settings);
  }
}

/** Speaks TLS over the connection; who is not the host of that name is refused. */
async function secured(
  connection: Deno.TcpConn,
  hostname: string,
  signal: AbortSignal,
): Promise<Deno.TlsConn> {
  const tls = await Deno.startTls(connection, { hostname });
  try {
    await abortable(tls.handshake(), signal);
    return tls;
  } catch (error) {
    close(tls);
    throw error;
  }
}

function explainConnectError(error: unknown, settings: ExchangeSettings): HubError {
  const message = error instanceof Error ? error.message : "";
  if (/certificate/i.test(message)) return untrusted(message, settings);
  const why = CONNECT_ERRORS.find(([part]) => message.includes(part))?.[1];
  return unreachable(why ?? "does not answer", settings, error);
}

function untrusted(why: string, { peer = PEER }: ExchangeSettings): HubError {
  return new HubError("unavailable", `${peer} has a certificate that is not trusted: ${why.slice(0, 200)}`, {
    hint: "Check its address; a certificate of your own must be trusted by this machine",
  });
}

function unreachable(
  what: string,
  { peer = PEER, hint = HINT }: Pick<ExchangeSettings, "peer" | "hint">,
  cause?: unknown,
): HubError {
  return new HubError("unavailable", `${peer} ${what}`, { hint, details: { unreachable: true }, cause });
}

/** The error of a camera that took longer than it may. */
export function noAnswer(timeoutMs: number): HubError {
  return unreachable(`did not answer within ${timeoutMs / 1000} s`, {});
}

function writeRequest({ method, headers, body }: HttpRequest, url: URL): Uint8Array {
  const bytes = typeof body === "object" ? body : new TextEncoder().encode(body ?? "");
  const lines = Object.entries({
    Host: url.host,
    ...headers,
    ...(body === undefined ? {} : { "Content-Length": String(bytes.length) }),
    Connection: "close",
  }).map(([name, value]) => `${name}: ${value.replace(/[\r\n]/g, " ")}\r\n`);
  const head = new TextEncoder().encode(
    `${method} ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join("")}\r\n`,
  );
  const whole = new Uint8Array(head.length + bytes.length);
  whole.set(head);
  whole.set(bytes, head.length);
  return whole;
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** Closing twice is an error to Deno, not to us. */
function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
