// Basic and digest logins (RFC 7617, RFC 7616 with MD5) as HTTP cameras ask for them.
import { createHash } from "node:crypto";

export type LoginMethod = "basic" | "digest";

export interface LoginOptions {
  method: LoginMethod;
  /** Name → password. */
  users: Readonly<Record<string, string>>;
}

const REALM = "camera";
const NONCE = "5f2c8e1b";

/** What a camera answers to who has not logged in. */
export function challenge(method: LoginMethod): string {
  return method === "basic"
    ? `Basic realm="${REALM}"`
    : `Digest realm="${REALM}", nonce="${NONCE}", qop="auth", algorithm=MD5`;
}

/** True when the header logs one of the users in. */
export function isRight(header: string, { method, users }: LoginOptions): boolean {
  const names = Object.keys(users);
  if (method === "basic") return names.some((name) => header === `Basic ${encode(`${name}:${users[name]}`)}`);
  const fields = readFields(header);
  const password = users[fields.username ?? ""];
  return password !== undefined && fields.nonce === NONCE && fields.response === digest(fields, password);
}

function encode(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function readFields(header: string): Record<string, string> {
  const fields = [...header.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]*))/g)];
  return Object.fromEntries(fields.map(([, name, quoted, bare]) => [name, quoted ?? bare ?? ""]));
}

function digest(fields: Record<string, string>, password: string): string {
  const who = md5(`${fields.username}:${REALM}:${password}`);
  return md5([who, NONCE, fields.nc, fields.cnonce, "auth", md5(`GET:${fields.uri}`)].join(":"));
}

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
