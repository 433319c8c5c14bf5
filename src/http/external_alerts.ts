// Takes alerts in that Grafana or Alertmanager send to a webhook.
import { Hono } from "hono";
import type { ExternalAlerts } from "../alerts/external/external_alerts.ts";
import { readWebhook } from "../alerts/external/webhook.ts";
import { isEnough, type Role } from "../auth/roles.ts";
import { HubError } from "../base/errors.ts";
import { jsonBody } from "./body.ts";
import type { GateEnv } from "./gate.ts";

/** Who only looks must not be able to raise a false alarm. */
const NEEDED: Role = "operator";

/** The one route. What was taken in was written: who hears otherwise sends it again. */
export function externalAlertRoutes(alerts: Pick<ExternalAlerts, "take">): Hono<GateEnv> {
  const app = new Hono<GateEnv>();
  app.post("/api/alerts/grafana", async (c) => {
    const { user, role } = c.get("principal");
    if (!isEnough(role, NEEDED)) {
      throw new HubError("forbidden", `${user} may not report alerts`, {
        hint: `It needs the role ${NEEDED}: "tapo-camera-mcp token create grafana-alerts --role ${NEEDED}"`,
        details: { needs_role: NEEDED },
      });
    }
    const reports = readWebhook(await jsonBody(c));
    return c.json({ success: true, ...await alerts.take(reports) });
  });
  return app;
}
