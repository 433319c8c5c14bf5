// Which alerts from outside a rule is about.
import { z } from "zod";
import { alertSeverity } from "./severity.ts";

/** Who may report alerts. */
export const EXTERNAL_SOURCES = ["grafana", "alertmanager"] as const;
export type ExternalSource = typeof EXTERNAL_SOURCES[number];

/** The rule for what no other rule takes; built in, and replaced by one of the same id. */
export const EXTERNAL_RULE = "external-alerts";

/** `when.external` of a rule; without a key it is about every alert from outside. */
export const externalCondition = z.strictObject({
  source: z.enum(EXTERNAL_SOURCES).optional().meta({ description: "Who reports it" }),
  name: z.string().trim().min(1).max(200).optional().meta({ description: "Its label alertname" }),
  severity: alertSeverity.optional().meta({ description: "What its label severity comes to" }),
  labels: z.record(z.string().max(100), z.string().max(500)).optional().meta({
    description: "Labels that it must have, with these values",
  }),
});
export type ExternalCondition = z.infer<typeof externalCondition>;
