// Channels that do something on the hub itself: an operation by its name, as they stand in the file.
import { z } from "zod";
import { alertSeverity } from "./severity.ts";
import { idSchema } from "./ids.ts";

/** Stands in an action's input for the id of the alert's camera, alone or within a text. */
const CAMERA_PLACEHOLDER = "{camera}";

/** What an action's input may be made of. */
export type ActionInput = Record<string, unknown>;

/** What a channel of the type `operation` takes. No picture goes with it. */
export const operationChannel = z.strictObject({
  id: idSchema.meta({ description: "Name of the channel in rules and commands" }),
  min_severity: alertSeverity.default("info").meta({
    description: "Alerts of a lower severity do not have it done",
  }),
  type: z.literal("operation"),
  operation: z.string().min(1).max(64).meta({
    description: "What is done; docs/alerts.md lists what may be",
  }),
  input: z.record(z.string().max(64), z.json()).default({}).meta({
    description: 'What it is given; "{camera}" is the camera of the alert',
  }),
  on: z.enum(["firing", "resolved"]).default("firing").meta({
    description: "resolved: when the alert is over, not when it begins",
  }),
  max_age_s: z.number().min(1).max(600).default(60).meta({
    description: "What is later by so many seconds is not done any more",
  }),
});

/** What is wrong with an action. */
export interface ActionProblem {
  /** Path below the channel, such as `["input", "camera_id"]`. */
  path: PropertyKey[];
  message: string;
}

/** Says what is wrong with an action; nothing where it may be done. The operations stand above this folder. */
export type CheckAction = (operation: string, input: ActionInput) => readonly ActionProblem[];

/** True where the input needs to know the alert's camera. */
export function needsCamera(input: unknown): boolean {
  return JSON.stringify(input).includes(CAMERA_PLACEHOLDER);
}

/** The input with the camera's id in every place that asks for it. */
export function withCamera<T>(input: T, camera: string): T {
  const fill = (value: unknown): unknown => {
    if (typeof value === "string") return value.replaceAll(CAMERA_PLACEHOLDER, camera);
    if (Array.isArray(value)) return value.map(fill);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fill(each)]));
  };
  return fill(input) as T;
}

/** True for a channel that is told of such a message: one that acts does so at the beginning or at the end. */
export function takesState(
  channel: { type: string; on?: "firing" | "resolved" } | undefined,
  state: "firing" | "resolved",
): boolean {
  return channel?.type !== "operation" || channel.on === state;
}

/** The channels of a rule. Where it names none, all that tell: what acts must be named. */
export function channelsOfRule(
  { channels }: { channels?: readonly string[] | undefined },
  all: readonly { id: string; type: string }[],
): readonly string[] {
  return channels ?? all.filter(({ type }) => type !== "operation").map(({ id }) => id);
}
