// A result in words: what a model reads where its client shows it the text only. Lists and names, no brackets.

/** A model is given no more of one result; the structured content has all of it. */
const MAX_CHARS = 24_000;
const INDENT = "  ";

/** Data as indented lines, such as `status: online`. What is unknown has no line. */
export function resultText(data: Record<string, unknown>): string {
  const text = linesOf(data, 0).join("\n");
  if (text.length <= MAX_CHARS) return text;
  return `${text.slice(0, MAX_CHARS)}\n… ${text.length - MAX_CHARS} characters more; ask for less at once`;
}

function linesOf(value: object, depth: number): string[] {
  const entries = Object.entries(value).filter(([, each]) => each !== undefined && each !== null);
  return entries.flatMap(([key, each]) => entryLines(key, each, depth));
}

function entryLines(key: string, value: unknown, depth: number): string[] {
  const begin = `${INDENT.repeat(depth)}${key}:`;
  if (Array.isArray(value)) return listLines(begin, value, depth);
  if (typeof value !== "object" || value === null) return [`${begin} ${wordOf(value)}`];
  const lines = linesOf(value, depth + 1);
  return lines.length === 0 ? [`${begin} none`] : [begin, ...lines];
}

function listLines(begin: string, values: unknown[], depth: number): string[] {
  if (values.length === 0) return [`${begin} none`];
  if (values.every((each) => typeof each !== "object" || each === null)) {
    return [`${begin} ${values.map(wordOf).join(", ")}`];
  }
  return [
    `${begin} ${values.length}`,
    ...values.flatMap((each) => itemLines(each, depth + 1)),
  ];
}

/** The first line of an entry of a list carries the dash. */
function itemLines(value: unknown, depth: number): string[] {
  const indent = INDENT.repeat(depth);
  if (typeof value !== "object" || value === null) return [`${indent}- ${wordOf(value)}`];
  const lines = Array.isArray(value) ? listLines("-", value, 0) : linesOf(value, 0);
  return lines.map((line, at) => `${indent}${at === 0 ? "- " : INDENT}${line}`);
}

function wordOf(value: unknown): string {
  if (typeof value === "string") return value.includes("\n") ? JSON.stringify(value) : value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  return String(value);
}
