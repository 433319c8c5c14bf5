// Addresses of a camera's pictures for pages of other sites, such as Grafana's: signed, for one camera and some minutes.
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { Access } from "../auth/access.ts";
import { isEnough } from "../auth/roles.ts";
import { MAX_TICKET_MS } from "../auth/tickets.ts";
import { isoTime } from "../base/clock.ts";
import type { Camera } from "../devices/camera.ts";
import type { Hub } from "../operations/hub.ts";
import type { GateEnv } from "./gate.ts";
import { readNumber } from "./query.ts";

const MIN_LIFETIME_S = 2;

/** Routes of links. */
export function viewLinkRoutes(access: Access, hub: Hub): Hono<GateEnv> {
  const app = new Hono<GateEnv>();
  app.get("/api/cameras/:id/view-link", async (c) => {
    const lifetimeS = readNumber(c, "lifetime_s", MIN_LIFETIME_S, MAX_TICKET_MS / 1000);
    const link = await linkOf(c, { access, hub }, (lifetimeS ?? MAX_TICKET_MS / 1000) * 1000);
    return c.json(link, 200, { "cache-control": "no-store" });
  });
  return app;
}

/** Flat, so that Grafana's Infinity makes one row of it. */
async function linkOf(
  c: Context<GateEnv>,
  { access, hub }: { access: Access; hub: Hub },
  lifetimeMs: number,
): Promise<Record<string, string | boolean>> {
  const camera = hub.manager.get(c.req.param("id") ?? "");
  const { id } = camera.spec;
  const principal = c.get("principal");
  const bearer = { camera: id, principal, holder: access.holderOf(c.get("session")) };
  const { ticket, expiresAtMs } = await access.tickets.issue("view", bearer, lifetimeMs);
  const pictures = `${hub.origin() ?? new URL(c.req.url).origin}/api/cameras/${id}`;
  const mayPtz = isEnough(principal.role, "operator") && camera.device?.capabilities.ptz !== undefined;
  const isControl = mayPtz && c.req.query("control") === "true";
  const control = isControl ? await access.tickets.issue("control", bearer, lifetimeMs) : undefined;
  return {
    ...stateOf(camera),
    stream_url: `${pictures}/stream?view=${ticket}`,
    snapshot_url: `${pictures}/snapshot?view=${ticket}`,
    expires_at: isoTime(expiresAtMs),
    may_ptz: mayPtz,
    ...(control ? { control_ticket: control.ticket } : {}),
  };
}

function stateOf({ spec, status: { status, reason, hint, sinceMs } }: Camera): Record<string, string> {
  return {
    camera_id: spec.id,
    name: spec.name,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(hint === undefined ? {} : { hint }),
    since: isoTime(sinceMs),
  };
}

/**
 * Lets pages of named origins read what a view link opens, and why it does not; and send a control ticket. Without an
 * origin's name a page may still show the picture: who has a link may see it.
 */
export function linkCors(origins: () => readonly string[]): MiddlewareHandler {
  const named = (origin: string) => origins().includes(origin) ? origin : null;
  const reading = cors({ origin: named, allowMethods: ["GET"] });
  const moving = cors({
    origin: named,
    allowMethods: ["POST"],
    allowHeaders: ["authorization", "content-type"],
  });
  return async (c, next) => {
    if (/^\/api\/cameras\/[^/]+\/(?:stream|snapshot)$/.test(c.req.path)) return await reading(c, next);
    if (/^\/api\/operations\/(?:move|stop)_ptz$/.test(c.req.path)) return await moving(c, next);
    return await next();
  };
}

/** Before the headers that keep other sites from showing anything: what a ticket opens is for them. */
export function shownElsewhere(): MiddlewareHandler<GateEnv> {
  return async (c, next) => {
    await next();
    if (c.get("way") === "ticket") c.res.headers.set("cross-origin-resource-policy", "cross-origin");
  };
}
