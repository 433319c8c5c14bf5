// Turns what stands in the form for a camera's options into the change to be sent.
import type { CameraFieldView } from "../src/operations/views.ts";

/** How the hub shows a password that it has. */
export const SHOWN_SECRET = "[secret]";

type Options = Readonly<Record<string, unknown>>;

/** Only what was touched; null for a password that is to be forgotten. */
export type OptionsDraft = Readonly<Record<string, string | boolean | null>>;

/** Whether the hub has a password for this field. */
export function hasSecret(field: CameraFieldView, options: Options): boolean {
  return field.kind === "secret" && options[field.name] === SHOWN_SECRET;
}

/** The fields that a form can show. */
export function editableFields(fields: readonly CameraFieldView[], options: Options): CameraFieldView[] {
  return fields.filter(({ name }) => typeof options[name] !== "object");
}

/** What an input shows: what was typed, else what counts now. A password is never shown. */
export function optionValue(field: CameraFieldView, options: Options, draft: OptionsDraft): string | boolean {
  const typed = draft[field.name];
  if (typed !== undefined && typed !== null) return typed;
  if (field.kind === "secret") return "";
  const now = options[field.name] ?? field.default;
  if (field.kind === "boolean") return now === true;
  return now === undefined ? "" : String(now);
}

/** The options to send: what differs from now; null takes an option away. */
export function optionsChange(
  fields: readonly CameraFieldView[],
  options: Options,
  draft: OptionsDraft,
): Record<string, unknown> {
  const change: Record<string, unknown> = {};
  for (const field of fields) {
    const typed = draft[field.name];
    if (typed === undefined) continue;
    const value = sentValue(field, typed);
    // An empty password means that the one the hub has is to stay.
    if (field.kind === "secret" && typed === "") continue;
    const now = options[field.name];
    if (value === null ? now !== undefined : value !== (now ?? field.default)) change[field.name] = value;
  }
  return change;
}

function sentValue(field: CameraFieldView, typed: string | boolean | null): unknown {
  if (typed === "" || typed === null) return null;
  return field.kind === "number" ? Number(typed) : typed;
}
