// Lets nobody in without a login, on loopback too: behind a reverse proxy every stranger looks local.
import type { Context, MiddlewareHandler } from "hono";
import { getConnInfo } from "hono/deno";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { Access, Login } from "../auth/access.ts";
import type { Principal } from "../auth/roles.ts";
import { HubError } from "../base/errors.ts";
import { problemResponse } from "./problem.ts";

/** What the gate leaves for those behind it. */
export interface GateEnv {
  Variables: { principal: Principal; session: string };
}

/** What the login page itself needs. */
const OPEN_PATHS = /^\/(?:healthz|login|static\/(?:[a-z_]+\.css|icon\.svg|manifest\.webmanifest))$/;

/** Browsers share cookies between the ports of a host; the port in the name keeps two hubs apart. */
function cookieName(c: Context): string {
  return `tapocam_session_${portOf(c)}`;
}

/** The hub's port as the browser has it. */
export function portOf(c: Context): string {
  return new URL(c.req.url).port || "80";
}

/** Puts a login into the browser. */
export function setSession(c: Context, login: Login): void {
  setCookie(c, cookieName(c), login.token, {
    httpOnly: true,
    sameSite: "Strict",
    path: "/",
    maxAge: login.maxAgeS,
  });
}

export function sessionToken(c: Context): string | undefined {
  return getCookie(c, cookieName(c));
}

export function clearSession(c: Context): void {
  deleteCookie(c, cookieName(c), { path: "/" });
}

/** The address a request came from, for counting wrong passwords. */
export function remoteAddress(c: Context): string {
  return getConnInfo(c).remote.address ?? "unknown";
}

/** Middleware that lets through only what is open or carries a session. */
export function gate(access: Access): MiddlewareHandler<GateEnv> {
  return async (c, next) => {
    refuseForeignOrigin(c);
    if (c.req.method === "GET" && c.req.path === "/" && c.req.query("token") !== undefined) {
      return await useLink(c, access, c.req.query("token") ?? "");
    }
    const isOpen = OPEN_PATHS.test(c.req.path);
    const token = isOpen && c.req.path !== "/login" ? undefined : sessionToken(c);
    const principal = token === undefined ? undefined : await access.authenticate(token);
    if (principal && token !== undefined) {
      c.set("principal", principal);
      c.set("session", token);
      return await next();
    }
    return isOpen ? await next() : strangerResponse(c);
  };
}

/**
 * A page of another site must not act with this browser's session. Cookies alone do not stop it: another
 * port of the same host counts as the same site.
 */
function refuseForeignOrigin(c: Context): void {
  const isUpgrade = c.req.header("upgrade") !== undefined;
  if ((c.req.method === "GET" || c.req.method === "HEAD") && !isUpgrade) return;
  const origin = c.req.header("origin");
  const site = c.req.header("sec-fetch-site");
  const isForeign = origin !== undefined && hostOf(origin) !== c.req.header("host");
  if (!isForeign && (site === undefined || site === "same-origin" || site === "none")) return;
  throw new HubError("forbidden", "This request came from a page of another site", {
    hint: "Open the hub's own page and do it there",
  });
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

/** Uses the link up, also where somebody is logged in already, and takes it out of the address. */
async function useLink(c: Context, access: Access, link: string): Promise<Response> {
  const login = await access.redeemLink(link);
  if (login) setSession(c, login);
  const token = sessionToken(c);
  const isKnown = login || (token !== undefined && await access.authenticate(token));
  return c.redirect(isKnown ? "/" : "/login?error=link", 303);
}

function strangerResponse(c: Context): Response | Promise<Response> {
  const isPage = c.req.method === "GET" && !/^\/(?:api\/|mcp$)/.test(c.req.path) && !c.req.header("upgrade");
  if (!isPage) {
    return problemResponse(
      new HubError("unauthenticated", "This needs a login", { hint: "Log in at /login" }),
    );
  }
  if (c.req.header("sec-fetch-site") === "cross-site" && c.req.header("sec-fetch-mode") === "navigate") {
    // A strict cookie is held back on a visit from another site; the page's own reload brings it along.
    return c.html(
      '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0"><title>…</title>',
    );
  }
  const next = c.req.path === "/" ? "" : `?next=${encodeURIComponent(c.req.path)}`;
  return c.redirect(`/login${next}`, 303);
}
