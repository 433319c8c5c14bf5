// Lets nobody in without a login or a token, on loopback too: behind a reverse proxy every stranger looks local.
import type { Context, MiddlewareHandler } from "hono";
import { getConnInfo } from "hono/deno";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { type Access, LOCAL_SESSION, type Login } from "../auth/access.ts";
import { LOCAL, type Principal } from "../auth/roles.ts";
import { isTicket } from "../auth/tickets.ts";
import { HubError } from "../base/errors.ts";
import { refuseForeignHost } from "../base/hosts.ts";
import { CHALLENGE, problemResponse } from "./problem.ts";

/** What the gate leaves for those behind it. */
export interface GateEnv {
  Variables: {
    principal: Principal;
    /** What the login is known by: a browser's session, a token, or `LOCAL_SESSION`. Live pictures end with it. */
    session: string;
    way: "browser" | "token" | "socket" | "ticket";
    /** The only camera that a ticket is for. */
    camera?: string;
  };
}

type Entry = GateEnv["Variables"];

/** Who reaches the hub's own socket: its file lets in nobody but the hub's user and root. */
const LOCAL_ENTRY: Entry = { principal: LOCAL, session: LOCAL_SESSION, way: "socket" };

/**
 * Where programs ask: they are told what is wrong in place of being led to the login page. MCP clients without a token
 * look below /.well-known for a server that gives them one (RFC 9728), and take the login page for its answer.
 */
const PROGRAM_PATHS = /^\/(?:api|mcp|metrics|\.well-known)(?:\/|$)/;

/** What a view ticket opens, with the camera's id. */
const SEEN_BY_TICKET = /^\/api\/cameras\/([^/]+)\/(?:stream|snapshot)$/;
/** What a control ticket opens; api.ts holds it to its camera. */
const DONE_BY_TICKET = /^\/api\/operations\/(?:move_ptz|stop_ptz)$/;

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

/** Middleware that lets through only what is open, carries a session or a token, or came through the socket. */
export function gate(access: Access): MiddlewareHandler<GateEnv> {
  return async (c, next) => {
    // What a browser adds to requests by itself is the cookie; a token is never sent without being meant.
    if (bearerToken(c) === undefined || sessionToken(c) !== undefined) refuseForeignOrigin(c);
    if (c.req.method === "GET" && c.req.path === "/" && c.req.query("token") !== undefined) {
      return await useLink(c, access, c.req.query("token") ?? "");
    }
    const isOpen = OPEN_PATHS.test(c.req.path);
    const entry = isOpen && c.req.path !== "/login" ? undefined : await enter(c, access);
    if (entry instanceof Response) return entry;
    if (entry) {
      c.set("principal", entry.principal);
      c.set("session", entry.session);
      c.set("way", entry.way);
      if (entry.camera !== undefined) c.set("camera", entry.camera);
      return await next();
    }
    return isOpen ? await next() : strangerResponse(c);
  };
}

/** Who comes, or the answer to a wrong token; undefined for a stranger. */
async function enter(c: Context, access: Access): Promise<Entry | Response | undefined> {
  const byTicket = await enterByTicket(c, access);
  if (byTicket !== undefined) return byTicket;
  const byToken = await enterByToken(c, access);
  if (byToken !== undefined) return byToken;
  if (isThroughSocket(c)) return LOCAL_ENTRY;
  const session = sessionToken(c);
  const principal = session === undefined ? undefined : await access.authenticate(session);
  return principal && session !== undefined ? { principal, session, way: "browser" } : undefined;
}

/**
 * The same for whom a ticket lets in: to the pictures of its camera, or to move it; undefined where none was sent. Who
 * sends one is not more than it says, whatever else the browser adds.
 * @throws HubError for a ticket that is not good, or for something else.
 */
async function enterByTicket(c: Context, access: Access): Promise<Entry | undefined> {
  const bearer = bearerToken(c);
  const isControl = bearer !== undefined && isTicket(bearer);
  const ticket = isControl ? bearer : c.req.query("view");
  if (ticket === undefined) return undefined;
  const seen = c.req.method === "GET" ? SEEN_BY_TICKET.exec(c.req.path)?.[1] : undefined;
  const isDone = isControl && c.req.method === "POST" && DONE_BY_TICKET.test(c.req.path);
  // Elsewhere `view` is no ticket, and lets nobody in.
  if (!isControl && seen === undefined) return undefined;
  if (isControl && !isDone) throw new HubError("forbidden", "This ticket moves a camera, and nothing else");
  const { camera, principal, holder } = await access.tickets.check(
    ticket,
    isControl ? "control" : "view",
    seen,
  );
  return { principal, session: holder, way: "ticket", camera };
}

/** The same for whom a token lets in; undefined where none was sent. */
async function enterByToken(c: Context, access: Access): Promise<Entry | Response | undefined> {
  const bearer = bearerToken(c);
  if (bearer === undefined) return undefined;
  try {
    const principal = await access.tokens.authenticate(bearer, remoteAddress(c));
    return { principal, session: bearer, way: "token" };
  } catch (error) {
    if (!(error instanceof HubError) || error.kind !== "unauthenticated") throw error;
    const response = problemResponse(error);
    response.headers.set("www-authenticate", `${CHALLENGE}, error="invalid_token"`);
    return response;
  }
}

/**
 * Middleware that lets through whoever sends a token, and those who need none: by the hub's own names only, so that no
 * page of the internet reads in their place (DNS rebinding).
 */
export function tokenGate(
  access: Access,
  { isOpenTo, hostnames }: { isOpenTo: (address: string) => boolean; hostnames: () => readonly string[] },
): MiddlewareHandler {
  return async (c, next) => {
    const entry = await enterByToken(c, access);
    if (entry instanceof Response) return entry;
    if (entry) return await next();
    if (isOpenTo(remoteAddress(c))) {
      // Which pages may read is said to browsers by CORS.
      refuseForeignHost(
        { host: c.req.header("host") ?? new URL(c.req.url).host, origin: undefined },
        hostnames(),
      );
      return await next();
    }
    return problemResponse(
      new HubError("unauthenticated", "This needs a token", {
        hint: 'Send "Authorization: Bearer TOKEN" ("tapo-camera-mcp token create NAME"), ' +
          "or open the metrics to your network with grafana.anonymous; docs/metrics.md tells how",
      }),
    );
  };
}

function bearerToken(c: Context): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(c.req.header("authorization") ?? "")?.[1];
}

/** The listener says how a request came; nothing in the request itself can. */
function isThroughSocket(c: Context): boolean {
  const { remoteAddr } = (c.env ?? {}) as Partial<Deno.ServeHandlerInfo<Deno.Addr>>;
  return remoteAddr?.transport === "unix";
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
  const login = await access.redeemLink(link, remoteAddress(c));
  if (login) setSession(c, login);
  const token = sessionToken(c);
  const isKnown = login || (token !== undefined && await access.authenticate(token));
  return c.redirect(isKnown ? "/" : "/login?error=link", 303);
}

function strangerResponse(c: Context): Response | Promise<Response> {
  const isPage = c.req.method === "GET" && !PROGRAM_PATHS.test(c.req.path) && !c.req.header("upgrade");
  if (!isPage) {
    return problemResponse(
      new HubError("unauthenticated", "This needs a login or a token", {
        hint: 'Log in at /login, or send "Authorization: Bearer TOKEN" ("tapo-camera-mcp token create NAME")',
      }),
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
