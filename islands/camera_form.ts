// Turns what stands in the add-camera form into a request, and the hub's complaints back into places in the form.
import type { CameraFieldView, CameraTypeView, ProblemView } from "../src/operations/views.ts";
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

/** What an input shows: what was typed, else the default. */
export function draftValue(draft: CameraDraft, field: CameraFieldView): string | boolean {
  const typed = draft.options[draft.type]?.[field.name];
  if (typed !== undefined) return typed;
  if (field.kind === "boolean") return field.default === true;
  return field.default === undefined ? "" : String(field.default);
}

/** The draft with one option changed. */
export function withOption(draft: CameraDraft, name: string, value: string | boolean): CameraDraft {
  const typed = { ...draft.options[draft.type], [name]: value };
  return { ...draft, options: { ...draft.options, [draft.type]: typed } };
}

/** The request. Inputs left empty or untouched are left out, so that the hub's own defaults keep counting. */
export function draftToCamera(draft: CameraDraft, type: CameraTypeView): NewCamera {
  const options: Record<string, unknown> = {};
  for (const field of type.fields) {
    const value = draftValue(draft, field);
    const untouched = !field.required && draft.options[type.type]?.[field.name] === undefined;
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
