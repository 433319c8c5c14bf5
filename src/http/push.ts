// Browsers that are notified of alerts: each user's own, added by the browser itself.
import { Buffer } from "node:buffer";
import { type Context, Hono } from "hono";
import { z } from "zod";
import type { Alerts } from "../alerts/alerts.ts";
import type { PushDevices } from "../alerts/push_devices.ts";
import { HubError } from "../base/errors.ts";
import { inputError, toProblems } from "../config/problems.ts";
import { pushDeviceView, pushView } from "../operations/push_views.ts";
import { jsonBody } from "./body.ts";
import type { GateEnv } from "./gate.ts";

/** A key of so many bytes in base64url. */
const key = (bytes: number) =>
  z.string().max(200).refine(
    (text) => /^[\w-]+=*$/.test(text) && Buffer.from(text, "base64url").length === bytes,
    `Expected ${bytes} bytes in base64url`,
  );

/** As the browser's `PushSubscription.toJSON()` gives it, with a name for the device. */
const subscription = z.strictObject({
  endpoint: z.url({ protocol: /^https$/ }).max(2000),
  expirationTime: z.number().nullable().optional(),
  keys: z.strictObject({ p256dh: key(65), auth: key(16) }),
  device: z.string().trim().min(1).max(100).default("A browser"),
});

/** Routes of the devices. */
export function pushRoutes(devices: PushDevices, alerts: Pick<Alerts, "channels">): Hono<GateEnv> {
  const app = new Hono<GateEnv>();
  app.get("/api/push", async (c) => {
    return c.json(await pushView(devices, alerts, c.get("principal").user));
  });
  app.post("/api/push/devices", async (c) => {
    refusePrograms(c);
    const given = await jsonBody(c);
    const checked = subscription.safeParse(given, { reportInput: true });
    if (!checked.success) throw badSubscription(checked.error, given);
    const { endpoint, keys, device } = checked.data;
    const stored = await devices.add(
      c.get("principal").user,
      { endpoint, ...keys, device },
      c.req.raw.signal,
    );
    return c.json(pushDeviceView(stored), 201);
  });
  app.delete("/api/push/devices/:id", async (c) => {
    await devices.remove(c.get("principal").user, c.req.param("id"));
    return c.json({ success: true });
  });
  app.post("/api/push/devices/:id/test", async (c) => {
    await devices.test(c.get("principal").user, c.req.param("id"), c.req.raw.signal);
    return c.json({ success: true, verified: "acknowledged" });
  });
  return app;
}

/** A subscription is a browser's; a program has none. */
function refusePrograms(c: Context<GateEnv>): void {
  if (c.get("way") === "browser") return;
  throw new HubError("forbidden", "Notifications are enabled by their user, in a browser", {
    hint: "Open Settings on the dashboard",
  });
}

function badSubscription(error: z.ZodError, given: unknown): HubError {
  const schema = z.toJSONSchema(subscription, { io: "input", unrepresentable: "any" });
  return inputError(toProblems(error, schema, given).map(({ keys: _, ...problem }) => problem));
}
