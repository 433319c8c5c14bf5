// What was done through an operation as an event of the journal, where the operation's record says that it is one.
import type { Clock } from "../base/clock.ts";
import { redactText } from "../base/secret.ts";
import type { EventDetails } from "../events/event.ts";
import type { Journal } from "../events/journal.ts";
import type { AuditEntry } from "./audit_log.ts";

/** Input that says nothing of what was changed. */
const ASIDE: ReadonlySet<string> = new Set(["camera_id", "dry_run", "confirm"]);

/** Takes down what was done. What was refused or failed stands in the audit log only. */
export function recordOperation(
  { journal, clock }: { journal: Pick<Journal, "record">; clock: Clock },
  { operation, context, input, output }: AuditEntry,
): void {
  if (!operation.event || !output) return;
  const { kind, what } = operation.event;
  const camera = input["camera_id"] ?? (output["camera"] as { id?: unknown } | undefined)?.id;
  journal.record({
    ...(typeof camera === "string" ? { camera } : {}),
    kind,
    source: "hub",
    startedAtMs: clock.now(),
    details: { what, user: context.principal.user, ...changedBy(input), ...changeOf(output) },
  });
}

/** Names of what was given, and switches: never a text, which could be a password. */
function changedBy(input: Record<string, unknown>): EventDetails {
  const given = Object.entries(input).filter(([name, value]) => !ASIDE.has(name) && !isNothing(value));
  const fields = given.map(([name]) => name).join(", ");
  const { enabled, setting } = input;
  return {
    ...(fields === "" ? {} : { fields }),
    ...(typeof enabled === "boolean" ? { enabled } : {}),
    ...(typeof setting === "string" ? { setting: redactText(setting) } : {}),
  };
}

/** What stands there for want of anything else. */
function isNothing(value: unknown): boolean {
  return value === undefined || value === false ||
    typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** Which cameras another configuration brought, took and changed. */
export function changeOf(output: Record<string, unknown>): EventDetails {
  const lists = ["added", "removed", "changed"].map((name) => [name, output[name]] as const);
  return Object.fromEntries(
    lists.flatMap(([name, ids]) => Array.isArray(ids) && ids.length > 0 ? [[name, ids.join(", ")]] : []),
  );
}
