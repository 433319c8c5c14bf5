// The user name of a login that failed, so that the login page need not ask for it again. It stays out of the address,
// which the browser keeps and shows.
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { portOf } from "./gate.ts";

const KEPT_S = 60;
const MAX_CHARS = 64;
const PATH = "/login";

function cookieName(c: Context): string {
  return `tapocam_user_${portOf(c)}`;
}

/** Keeps the name that was tried for a minute, in the browser and for the login page only. */
export function keepTriedUser(c: Context, user: string): void {
  if (user === "" || user.length > MAX_CHARS) return forgetTriedUser(c);
  setCookie(c, cookieName(c), user, { httpOnly: true, sameSite: "Strict", path: PATH, maxAge: KEPT_S });
}

/** The name that was tried last; undefined when there is none. */
export function triedUser(c: Context): string | undefined {
  return getCookie(c, cookieName(c))?.slice(0, MAX_CHARS);
}

export function forgetTriedUser(c: Context): void {
  if (triedUser(c) !== undefined) deleteCookie(c, cookieName(c), { path: PATH });
}
