// Turns what a schema complains of into words: where, what was wrong, what was expected, what was perhaps meant.
import type { z } from "zod";
import { HubError } from "../base/errors.ts";

/** One thing wrong with a configuration or an input. */
export interface Problem {
  /** For example `cameras[0].fps`. */
  path: string;
  message: string;
  expected?: string;
  /** The nearest known name, for a misspelt one. */
  suggestion?: string;
  /** Line in the file, from 1. */
  line?: number;
}

/** JSON Schema as far as it is read here. */
interface SchemaNode {
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  oneOf?: SchemaNode[];
  anyOf?: SchemaNode[];
  const?: unknown;
}

/** Writes a path as people do: `cameras[0].fps`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.map((key, i) => typeof key === "number" ? `[${key}]` : (i === 0 ? "" : ".") + String(key)).join(
    "",
  );
}

/** One problem as a line for people. */
export function problemText(problem: Problem): string {
  const where = problem.line === undefined ? "" : `line ${problem.line}: `;
  const what = problem.path === "" ? problem.message : `${problem.path}: ${problem.message}`;
  const expected = problem.expected === undefined ? "" : `; expected ${problem.expected}`;
  const suggestion = problem.suggestion === undefined ? "" : `; did you mean "${problem.suggestion}"?`;
  return `${where}${what}${expected}${suggestion}`;
}

/** What of one input is told to be wrong at most: the answer must not be many times as long as what was sent. */
export const MOST_PROBLEMS = 20;

/** The error for input that failed a check; `details.problems` lists what is wrong with it, `MOST_PROBLEMS` at most. */
export function inputError(problems: readonly Problem[]): HubError {
  const told = problems.slice(0, MOST_PROBLEMS);
  const more = problems.length - told.length;
  const lines = [...told.map(problemText), ...(more > 0 ? [`and ${more} more`] : [])];
  return new HubError("invalid_input", lines.join("\n"), { details: { problems: told } });
}

/** Translates a failed check. `schema` is the JSON Schema of the same thing, `input` what was checked. */
export function toProblems(
  error: z.ZodError,
  schema: unknown,
  input: unknown,
): (Problem & { keys: PropertyKey[] })[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") return [describe(issue)];
    const known = knownKeys(schema as SchemaNode, issue.path, input);
    return issue.keys.map((key) => {
      const suggestion = nearest(key, known);
      return {
        path: pathText([...issue.path, shortened(key)]),
        keys: [...issue.path, key],
        message: `Unknown key "${shortened(key)}"`,
        expected: known.length > 0 ? `one of: ${known.join(", ")}` : "no key here",
        ...(suggestion === undefined ? {} : { suggestion }),
      };
    });
  });
}

function describe(issue: z.core.$ZodIssue): Problem & { keys: PropertyKey[] } {
  const base = { path: pathText(issue.path), keys: issue.path };
  switch (issue.code) {
    case "invalid_type":
      return {
        ...base,
        message: issue.message.replace(/^Invalid input: expected .*, received/, "Is of type"),
        expected: issue.expected,
      };
    case "invalid_key":
      return { ...base, message: issue.issues[0]?.message ?? issue.message };
    case "invalid_union":
      return describeVariant(issue);
    case "invalid_value": {
      const expected = issue.values.map((value) => JSON.stringify(value)).join(", ");
      const given = typeof issue.input === "string" ? issue.input : undefined;
      const suggestion = given === undefined ? undefined : nearest(given, issue.values.map(String));
      const message = given === undefined
        ? "is not one of the values possible"
        : `"${given}" is not possible here`;
      return { ...base, message, expected: `one of ${expected}`, ...(suggestion ? { suggestion } : {}) };
    }
    case "too_small":
      return {
        ...base,
        message: ownWords(issue.message, LITTLE[issue.origin] ?? "Too small"),
        expected: leastText(issue),
      };
    case "too_big":
      return {
        ...base,
        message: ownWords(issue.message, MUCH[issue.origin] ?? "Too large"),
        expected: mostText(issue),
      };
    default:
      return { ...base, message: issue.message };
  }
}

const LITTLE: Readonly<Record<string, string>> = { string: "Too short", array: "Too few" };
const MUCH: Readonly<Record<string, string>> = { string: "Too long", array: "Too many" };

/** The validator's own sentence says again, in its language, what is expected; a schema's own words stay. */
function ownWords(message: string, words: string): string {
  return /^Too (small|big):/.test(message) ? words : message;
}

function leastText({ minimum, inclusive, origin }: z.core.$ZodIssueTooSmall): string {
  return `${inclusive === false ? "more than" : "at least"} ${amountText(minimum, origin)}`;
}

function mostText({ maximum, inclusive, origin }: z.core.$ZodIssueTooBig): string {
  return `${inclusive === false ? "less than" : "at most"} ${amountText(maximum, origin)}`;
}

function amountText(amount: number | bigint, origin: string): string {
  if (origin !== "string") return String(amount);
  return `${amount} ${Number(amount) === 1 ? "character" : "characters"}`;
}

/** No variant has the name that stands in the field that tells variants apart. */
function describeVariant(issue: z.core.$ZodIssueInvalidUnion): Problem & { keys: PropertyKey[] } {
  const field = issue.discriminator;
  if (field === undefined) return { path: pathText(issue.path), keys: issue.path, message: issue.message };
  const given = (issue.input as Record<string, unknown> | undefined)?.[field];
  const known = ("options" in issue && Array.isArray(issue.options) ? issue.options : []).map(String);
  const keys = issue.path.at(-1) === field ? issue.path : [...issue.path, field];
  const suggestion = typeof given === "string" ? nearest(given, known) : undefined;
  return {
    path: pathText(keys),
    keys,
    message: given === undefined ? `"${field}" is missing` : `There is no ${field} ${JSON.stringify(given)}`,
    expected: `one of ${known.join(", ")}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

/** The keys an object may have at a path. Among variants, the one whose `type` the input names. */
function knownKeys(schema: SchemaNode, path: readonly PropertyKey[], input: unknown): string[] {
  let node: SchemaNode | undefined = pick(schema, input);
  let value = input;
  for (const key of path) {
    value = (value as Record<PropertyKey, unknown> | undefined)?.[key];
    const next: SchemaNode | undefined = typeof key === "number"
      ? node?.items
      : node?.properties?.[String(key)];
    node = next && pick(next, value);
  }
  return Object.keys(node?.properties ?? {});
}

function pick(node: SchemaNode, value: unknown): SchemaNode {
  const variants = node.oneOf ?? node.anyOf;
  if (!variants) return node;
  const type = (value as { type?: unknown } | undefined)?.type;
  return variants.find((variant) => variant.properties?.type?.const === type) ?? node;
}

/** A name that somebody gave, as far as it is worth to be told. */
export function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Longer words are not compared: that takes time with their length, and no name is as long. */
const LONGEST_MEANT = 100;

/** The known name with the fewest changes, if it is near enough to have been meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > LONGEST_MEANT) return undefined;
  const limit = Math.max(2, Math.floor(word.length / 3));
  let best: { name: string; distance: number } | undefined;
  for (const name of known) {
    const distance = editDistance(word.toLowerCase(), name.toLowerCase());
    if (distance <= limit && distance < (best?.distance ?? Infinity)) best = { name, distance };
  }
  return best?.name;
}

/** Levenshtein's distance: insertions, deletions and replacements. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
