// The one gate to every operation: authorises, validates, previews, runs, validates the output, blanks secrets, audits.
import { z } from "zod";
import { isEnough } from "../auth/roles.ts";
import { HubError, toHubError } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import { redact } from "../base/secret.ts";
import { inputError, toProblems } from "../config/problems.ts";
import { ofDevice } from "./error_table.ts";
import type { Hub } from "./hub.ts";
import type { Leaving, Operation, OperationContext } from "./operation.ts";

/** What an operation answers that was not to be done, or not yet. */
export const previewSchema = z.object({
  /** False: it was not done because `confirm` is missing. */
  success: z.boolean(),
  camera_id: z.string().optional(),
  would: z.string().meta({ description: "What would be done" }),
  dry_run: z.literal(true).optional(),
  needs: z.literal("confirm").optional().meta({
    description: "Ask the user; then call again with confirm: true",
  }),
  verified: z.literal("unverified"),
});
export type Preview = z.infer<typeof previewSchema>;

/**
 * Runs an operation, or says what it would do where `dry_run` is true or `confirm` is missing.
 * @throws HubError `invalid_input` with `details.problems`, `forbidden`, `timeout`, or what the operation throws.
 */
export async function invoke(
  operation: Operation,
  context: OperationContext,
  given: unknown,
): Promise<Record<string, unknown>> {
  refuseRole(operation, context);
  const { dry_run: isDry, confirm, ...own } = checkInput(operation, context, given);
  const input = withCamera(operation, context, own);
  const leaves = operation.leaves?.isAsked(input) === true ? operation.leaves : undefined;
  const isChange = operation.effect !== "read" || leaves !== undefined;
  if (leaves) refuseLeaving(leaves, context);
  if (isChange && context.isReadOnly) throw readOnly(operation);
  const deadline = AbortSignal.timeout(operation.deadlineMs);
  using either = new LinkedSignal(context.signal, deadline);
  const bounded = { ...context, signal: either.signal };
  const isUnconfirmed = operation.effect === "destructive" && confirm !== true;
  const isPreview = operation.effect !== "read" && (isDry === true || isUnconfirmed);
  try {
    if (isPreview) return redact(await preview(operation, bounded, input, isDry === true));
    const output = redact(operation.output.parse(await operation.run(bounded, input)));
    if (isChange) context.hub.audit({ operation, context, input, output });
    return output;
  } catch (error) {
    const told = deadline.aborted && !context.signal.aborted && !(error instanceof HubError)
      ? new HubError("timeout", `${operation.name} took longer than ${operation.deadlineMs / 1000} s`)
      : ofDevice(error);
    if (isChange && !isPreview) {
      context.hub.audit({ operation, context, input, error: toHubError(told) });
    }
    throw told;
  }
}

function checkInput(
  operation: Operation,
  { hub }: OperationContext,
  given: unknown,
): Record<string, unknown> {
  const checked = operation.input.safeParse(given ?? {}, { reportInput: true });
  if (checked.success) return checked.data;
  const json = z.toJSONSchema(operation.input, { io: "input", unrepresentable: "any" });
  const problems = toProblems(checked.error, json, given).map(({ keys: _, ...problem }) => problem);
  throw inputError(
    problems.map((each) =>
      each.path === "camera_id" && operation.isOfCamera ? { ...each, expected: someCamera(hub) } : each
    ),
  );
}

/** What may be given as `camera_id`, in words. */
function someCamera({ manager }: Hub): string {
  const ids = manager.cameras.map(({ id }) => id);
  return ids.length === 0 ? "a camera; add one with add_camera" : `one of ${ids.join(", ")}`;
}

/** With one camera its id may be left out. */
function withCamera(
  { isOfCamera }: Operation,
  { hub }: OperationContext,
  input: Record<string, unknown>,
): Record<string, unknown> {
  if (!isOfCamera || input["camera_id"] !== undefined) return input;
  const ids = hub.manager.cameras.map(({ id }) => id);
  if (ids.length === 1) return { ...input, camera_id: ids[0] };
  throw inputError([{
    path: "camera_id",
    message: ids.length === 0 ? "There is no camera yet" : "Which camera is meant",
    expected: someCamera(hub),
  }]);
}

function refuseRole(operation: Operation, { principal }: OperationContext): void {
  if (isEnough(principal.role, operation.role)) return;
  throw new HubError("forbidden", `${principal.user} may not do this: ${operation.title}`, {
    hint: `It needs the role ${operation.role}; "${principal.user}" has ${principal.role}`,
    details: { needs_role: operation.role },
  });
}

function refuseLeaving({ what, role }: Leaving, { principal }: OperationContext): void {
  if (isEnough(principal.role, role)) return;
  throw new HubError("forbidden", `${principal.user} may not ${what}`, {
    hint: `It needs the role ${role}; without that the rest is answered all the same`,
    details: { needs_role: role },
  });
}

function readOnly({ title }: Operation): HubError {
  return new HubError("forbidden", `Nothing may be changed here: ${title}`, {
    hint: "The connection is read-only; its owner can open one that is not",
  });
}

async function preview(
  operation: Operation,
  context: OperationContext,
  input: Record<string, unknown>,
  isDry: boolean,
): Promise<Preview> {
  const would = await operation.would?.(context, input) ?? operation.summary;
  const camera = input["camera_id"];
  return {
    success: isDry,
    ...(typeof camera === "string" ? { camera_id: camera } : {}),
    would,
    ...(isDry ? { dry_run: true as const } : { needs: "confirm" as const }),
    verified: "unverified",
  };
}
