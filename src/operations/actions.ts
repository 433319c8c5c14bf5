// What rules of alerts may have the hub do, by channels of the type `operation`: a list, and the check of each.
import { z } from "zod";
import type { Principal } from "../auth/roles.ts";
import { HubError } from "../base/errors.ts";
import { type ActionInput, type ActionProblem, type CheckAction, withCamera } from "../config/actions.ts";
import { nearest, problemText, toProblems } from "../config/problems.ts";
import type { Hub } from "./hub.ts";
import { OPERATIONS } from "./index.ts";
import { invoke } from "./invoke.ts";
import type { Operation } from "./operation.ts";

/** What is special about an operation as an action. */
interface ActionOf {
  /** Given with every action. */
  always?: ActionInput;
  /** Fields that make it wait for its end: the actions after it would be late. */
  waits?: readonly string[];
}

/**
 * What an action may be. None of them deletes anything, changes what there is or who may what, or steers the alerts
 * themselves; done twice they do what they do once. The siren asks people for a confirmation because it is loud: whoever
 * writes it into the file has given that.
 */
export const ACTIONS: ReadonlyMap<string, ActionOf> = new Map<string, ActionOf>([
  ["sound_siren", { always: { confirm: true } }],
  ["stop_siren", {}],
  ["start_recording", { waits: ["wait"] }],
  ["stop_recording", {}],
  ["capture_image", { always: { save: true, return_image: false } }],
  ["recall_ptz_preset", {}],
  ["go_to_home_ptz", {}],
  ["start_ptz_patrol", { waits: ["duration_s"] }],
  ["stop_ptz_patrol", {}],
  ["set_privacy_mode", {}],
  ["set_led_enabled", {}],
  ["set_motion_detection", {}],
  ["set_camera_setting", {}],
  ["set_timer", {}],
  ["cancel_timer", {}],
]);

/** Stands for the alert's camera while the file is checked. */
const SOME_CAMERA = "camera";

/** Checks an action of the configuration as far as that can be done without an alert. */
export const checkAction: CheckAction = (name, input) => {
  const [operation, action] = [OPERATIONS.get(name), ACTIONS.get(name)];
  if (!operation || !action) return [{ path: ["operation"], message: notAnAction(name, operation) }];
  const stray = strayFields(action, input);
  return stray.length > 0 ? stray : wrongInput(operation, action, input);
};

function notAnAction(name: string, operation: Operation | undefined): string {
  const known = [...ACTIONS.keys()];
  const meant = operation ? undefined : nearest(name, known);
  const what = operation ? `"${name}" cannot be an action of a rule` : `There is no operation "${name}"`;
  return `${what}; expected one of ${known.join(", ")}${
    meant === undefined ? "" : `; did you mean "${meant}"?`
  }`;
}

function strayFields({ always = {}, waits = [] }: ActionOf, input: ActionInput): ActionProblem[] {
  const fixed = ["dry_run", "confirm", ...Object.keys(always)];
  return Object.keys(input).flatMap((field) => {
    const message = waits.includes(field)
      ? `Leave "${field}" out: an action does not wait for its end`
      : fixed.includes(field)
      ? `Leave "${field}" out: an action is done for real, and nobody reads its answer`
      : undefined;
    return message === undefined ? [] : [{ path: ["input", field], message }];
  });
}

function wrongInput(operation: Operation, { always = {} }: ActionOf, input: ActionInput): ActionProblem[] {
  if (operation.isOfCamera && input["camera_id"] === undefined) {
    const message = 'Expected a camera: the id of one, or "{camera}" for that of the alert';
    return [{ path: ["input", "camera_id"], message }];
  }
  const given = { ...withCamera(input, SOME_CAMERA), ...always };
  const checked = operation.input.safeParse(given, { reportInput: true });
  if (checked.success) return [];
  const schema = z.toJSONSchema(operation.input, { io: "input", unrepresentable: "any" });
  return toProblems(checked.error, schema, given).map(({ keys, ...problem }) => ({
    path: ["input", ...keys],
    message: problemText({ ...problem, path: "" }),
  }));
}

/** Does an action with the rights of an operator. @throws HubError what the operation throws. */
export async function doAction(
  hub: Hub,
  { operation: name, input, by }: { operation: string; input: ActionInput; by: string },
  signal: AbortSignal,
): Promise<void> {
  const [operation, action] = [OPERATIONS.get(name), ACTIONS.get(name)];
  if (!operation || !action) throw new HubError("forbidden", notAnAction(name, operation));
  const principal: Principal = { user: by, role: "operator" };
  await invoke(operation, { hub, principal, signal, report: () => {} }, { ...input, ...action.always });
}
