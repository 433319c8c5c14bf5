// Addresses of streams as people write them: with a password in them that nobody has percent-encoded.
import { HubError } from "../../base/errors.ts";

/** An address taken apart. */
export interface CameraUrl {
  /** Without the colon. */
  scheme: string;
  username?: string;
  password?: string;
  /** Without brackets. */
  host: string;
  port?: number;
  /** Path and query, beginning with `/`, or empty. */
  path: string;
}

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::(\d{1,5}))?$/i;

/** What can be no piece of a password before `/`: an IP address. */
const CLEAR_HOST = /@(\[[0-9a-f:.]+\]|\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?$/i;

const ADDRESS_BEHIND = /@(\[[0-9a-f:.]+\]|\d{1,3}(?:\.\d{1,3}){3})(?=[:/?]|$)/i;

/**
 * Takes an address apart. User and password may hold any character: the host is what follows the last `@` behind
 * which a host can stand; but an IP address where the standard has the host is the host, and an `@` behind it is
 * the path's. A query (`?`) belongs to the path; `#` is nothing special.
 * @throws HubError `invalid_input` saying what an address looks like. Never shows the text: it may hold a password.
 */
export function parseCameraUrl(text: string, schemes: readonly string[]): CameraUrl {
  const [, scheme = "", rest = ""] = /^([a-z][a-z0-9+.-]*):\/\/([\s\S]*)$/i.exec(text.trim()) ?? [];
  if (!schemes.includes(scheme.toLowerCase())) throw notAnAddress(schemes);
  const { userInfo, place } = splitUserInfo(rest);
  const slash = place.search(/[/?]/);
  const authority = slash < 0 ? place : place.slice(0, slash);
  const [, host, port] = HOST.exec(authority) ?? [];
  if (host === undefined || Number(port ?? 1) > 65535 || Number(port ?? 1) === 0) throw notAnAddress(schemes);
  const tail = slash < 0 ? "" : place.slice(slash);
  return {
    scheme: scheme.toLowerCase(),
    ...readUserInfo(userInfo),
    host: host.replace(/^\[(.*)\]$/, "$1").toLowerCase(),
    ...(port === undefined ? {} : { port: Number(port) }),
    path: tail.startsWith("?") ? `/${tail}` : tail,
  };
}

/** Writes an address, with user and password percent-encoded where they are there. */
export function formatCameraUrl({ scheme, username, password, host, port, path }: CameraUrl): string {
  const secret = password === undefined ? "" : `:${encode(password)}`;
  const user = username === undefined ? "" : `${encode(username)}${secret}@`;
  const place = host.includes(":") ? `[${host}]` : host;
  return `${scheme}://${user}${place}${port === undefined ? "" : `:${port}`}${encodePath(path)}`;
}

function splitUserInfo(rest: string): { userInfo: string | undefined; place: string } {
  const beforePath = rest.split(/[/?]/, 1)[0] ?? "";
  // `ann:12/34@10.0.0.5` is a password with a slash in it, and not the host `ann`.
  const isAccount = /^[^.[]+:\d+$/.test(beforePath) && ADDRESS_BEHIND.test(rest);
  if (HOST.test(beforePath) && !isAccount) return { userInfo: undefined, place: rest };
  if (CLEAR_HOST.test(beforePath)) {
    const at = beforePath.lastIndexOf("@");
    return { userInfo: rest.slice(0, at), place: rest.slice(at + 1) };
  }
  for (let at = rest.lastIndexOf("@"); at >= 0; at = at === 0 ? -1 : rest.lastIndexOf("@", at - 1)) {
    const place = rest.slice(at + 1);
    if (HOST.test(place.split(/[/?]/, 1)[0] ?? "")) return { userInfo: rest.slice(0, at), place };
  }
  return { userInfo: undefined, place: rest };
}

function readUserInfo(userInfo: string | undefined): { username?: string; password?: string } {
  if (userInfo === undefined) return {};
  const colon = userInfo.indexOf(":");
  if (colon < 0) return { username: decode(userInfo) };
  return { username: decode(userInfo.slice(0, colon)), password: decode(userInfo.slice(colon + 1)) };
}

/** Text that cannot be percent-encoding is taken as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

/** Encodes what means something in a URL or in ffmpeg's list files, and nothing else: ffmpeg's room is small. */
function encode(text: string): string {
  return text.replace(/[\p{Cc} %:/?#@'"\\]/gu, (char) => char === "'" ? "%27" : encodeURIComponent(char));
}

/** Bytes that ffmpeg keeps of user and password, as they stand in the address. */
const MAX_USER_INFO_BYTES = 127;

/** @throws HubError `invalid_input` for user and password that ffmpeg would cut off, and the camera then refuse. */
export function assertFits(username: string, password: string): void {
  const size = new TextEncoder().encode(`${encode(username)}:${encode(password)}`).length;
  if (size <= MAX_USER_INFO_BYTES) return;
  throw new HubError("invalid_input", "User name and password of the stream are too long together", {
    hint:
      `Make the password shorter: ${MAX_USER_INFO_BYTES} bytes are the most, special characters count three`,
    retryAtMs: Infinity,
  });
}

/** Leaves a path as it is but for what could end a line or a quotation. */
function encodePath(path: string): string {
  return path.replace(/[\p{Cc} '"\\]+/gu, (part) => encode(part));
}

function notAnAddress(schemes: readonly string[]): HubError {
  return new HubError("invalid_input", "This is not the address of a stream", {
    hint: `Write it as ${schemes[0]}://HOST:PORT/PATH; it may begin with ${schemes.join(", ")}`,
  });
}
