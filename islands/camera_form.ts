// Turns what stands in the add-camera form into a request, and the hub's complaints back into places in the form.
import type {
  CameraFieldView,
  CameraTypeView,
  DiscoveredView,
  ProblemView,
} from "../src/operations/views.ts";
import type { NewCamera } from "./api.ts";
import type { InputProblem } from "./problem_notice.tsx";

/** What is typed, as it stands in the inputs. Options of all types are kept, so switching types loses nothing. */
export interface CameraDraft {
  id: string;
  name: string;
  type: string;
  options: Record<string, Record<string, string | boolean>>;
}

/** An untouched form. */
export function emptyDraft(type: string): CameraDraft {
  return { id: "", name: "", type, options: {} };
}

/** The form for a device that was found: named as it names itself. */
export function foundDraft({ type, title }: DiscoveredView): CameraDraft {
  return { ...emptyDraft(type), name: title };
}

/** What an input shows: what was typed, else the default. */
export function draftValue(draft: CameraDraft, field: CameraFieldView): string | boolean {
  const typed = typedValue(draft, field.name);
  if (typed !== undefined) return typed;
  if (field.kind === "boolean") return field.default === true;
  return field.default === undefined ? "" : String(field.default);
}

function typedValue(draft: CameraDraft, name: string): string | boolean | undefined {
  return draft.options[draft.type]?.[name];
}

/** The draft with one option changed. */
export function withOption(draft: CameraDraft, name: string, value: string | boolean): CameraDraft {
  const typed = { ...draft.options[draft.type], [name]: value };
  return { ...draft, options: { ...draft.options, [draft.type]: typed } };
}

/** The inputs of a type: those that matter to everybody, and those that have a default to be left alone. */
export function sortFields({ fields }: CameraTypeView): { main: CameraFieldView[]; more: CameraFieldView[] } {
  return {
    main: fields.filter((field) => field.default === undefined),
    more: fields.filter((field) => field.default !== undefined),
  };
}

/** The inputs that a found device still needs, in the order of its type's form. */
export function neededFields({ needs = [] }: DiscoveredView, type: CameraTypeView | undefined) {
  return type?.fields.filter(({ name }) => needs.includes(name)) ?? [];
}

/** A name without its password, or the other way round, is of no use. */
const PARTNERS: Readonly<Record<string, string>> = { username: "password", password: "username" };

/**
 * Whether an input must be filled in now. Of what a found device needs, one account is enough; `isNeeded` says
 * that `fields` are all of that.
 */
export function mustFill(
  draft: CameraDraft,
  field: CameraFieldView,
  fields: readonly CameraFieldView[],
  isNeeded: boolean,
): boolean {
  if (field.required) return true;
  const isTyped = (name: string) => !["", false, undefined].includes(typedValue(draft, name));
  if (isNeeded && !fields.some(({ name }) => isTyped(name))) return true;
  const partner = PARTNERS[field.name];
  return partner !== undefined && fields.some(({ name }) => name === partner) && isTyped(partner);
}

/**
 * The request; `found` are the options that discovery brought. Inputs left empty or untouched are left out, so that
 * the hub's own defaults keep counting.
 */
export function draftToCamera(
  draft: CameraDraft,
  type: CameraTypeView,
  found: Record<string, unknown> = {},
): NewCamera {
  const options: Record<string, unknown> = { ...found };
  for (const field of type.fields) {
    const value = draftValue(draft, field);
    const untouched = !field.required && typedValue(draft, field.name) === undefined;
    if (value === "" || untouched) continue;
    options[field.name] = field.kind === "number" ? Number(value) : value;
  }
  const id = draft.id.trim();
  return { ...(id ? { id } : {}), name: draft.name.trim(), type: type.type, options };
}

/** The inputs that the hub complains about, by the input's name ("name", "id", or an option's), and the rest. */
export function sortInputProblems(problem: ProblemView | undefined, names: string[]) {
  const byInput: Record<string, InputProblem> = {};
  const others: InputProblem[] = [];
  for (const input of readInputProblems(problem)) {
    const name = input.path.replace(/^options\./, "");
    if (names.includes(name)) byInput[name] ??= input;
    else others.push(input);
  }
  return { byInput, others };
}

function readInputProblems(problem: ProblemView | undefined): InputProblem[] {
  const list = problem?.details?.["problems"];
  if (!Array.isArray(list)) return [];
  return list.filter(isInputProblem).map((input) => ({ ...input, path: pathText(input.path) }));
}

function isInputProblem(value: unknown): value is InputProblem {
  return typeof value === "object" && value !== null && "path" in value &&
    "message" in value && typeof value.message === "string";
}

// Paths come as "options.url", as "/options/url" or as ["options", "url"].
function pathText(path: unknown): string {
  const parts = Array.isArray(path) ? path.map(String) : String(path).split(/[./]/);
  return parts.filter((part) => part !== "").join(".");
}
