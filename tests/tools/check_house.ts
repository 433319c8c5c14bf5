// `make check`: the rules of the house that no linter knows. Prints every breach; exits 1 if there is one.
// deno-lint-ignore-file no-console -- it prints for people
import { REQUIREMENTS } from "../requirements.ts";

const ROOT = new URL("../../", import.meta.url);
const breaches: string[] = [];

/** Floors of the house, upper first. A module may import from its own folder and from lower floors. */
const FLOORS: readonly (readonly string[])[] = [
  ["main.ts"],
  ["src/cli"],
  ["src/app"],
  ["src/http", "src/mcp", "src/mqtt", "src/forward", "src/web"],
  ["src/operations", "src/workflows"],
  ["src/recordings", "src/alerts", "src/motion", "src/timers", "src/grafana"],
  ["src/metrics", "src/events", "src/media"],
  ["src/drivers"],
  ["src/devices"],
  ["src/auth"],
  ["src/store", "src/config", "src/process", "src/protocols"],
  ["src/base"],
];

/** Arrows that the floors do not show: what may be imported beside them, and what may not. */
const EXTRA: readonly (readonly [string, string])[] = [
  // The same components are rendered on the server and brought to life in the browser.
  ["src/web", "islands"],
  // The command line needs the list of camera types to check a configuration and to look for devices.
  ["src/cli", "src/drivers"],
];
const FORBIDDEN: readonly (readonly [string, string])[] = [
  ["src/http", "src/drivers"],
  ["src/mcp", "src/drivers"],
  ["src/mqtt", "src/drivers"],
  ["src/forward", "src/drivers"],
  ["src/web", "src/drivers"],
  ["src/operations", "src/drivers"],
  ["src/media", "src/drivers"],
  ["src/recordings", "src/drivers"],
  ["src/drivers", "src/store"],
  ["src/drivers", "src/auth"],
];

interface Graph {
  modules: {
    specifier: string;
    dependencies?: { specifier: string; code?: { specifier: string }; type?: unknown }[];
  }[];
}

function relative(specifier: string): string | undefined {
  return specifier.startsWith(ROOT.href) ? specifier.slice(ROOT.href.length) : undefined;
}

/** The part of the house a module stands in: `src/http`, `islands`, `main.ts`. */
function partOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  return first === "src" ? `src/${second}` : path === "main.ts" ? path : first;
}

function floorOf(part: string): number {
  return FLOORS.findIndex((parts) => parts.includes(part));
}

function mayImport(from: string, to: string): boolean {
  const [a, b] = [partOf(from), partOf(to)];
  if (a === b) return a !== "src/drivers" || sameDriver(from, to);
  if (EXTRA.some(([x, y]) => x === a && y === b)) return true;
  if (FORBIDDEN.some(([x, y]) => x === a && y === b)) return false;
  return floorOf(a) >= 0 && floorOf(b) > floorOf(a);
}

/** A driver never imports another; the list imports all. */
function sameDriver(from: string, to: string): boolean {
  return from === "src/drivers/index.ts" || from.split("/")[2] === to.split("/")[2];
}

async function checkImports(): Promise<void> {
  const { stdout, success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--config", "deno.json", "main.ts"],
    cwd: ROOT,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const graph: Graph = JSON.parse(new TextDecoder().decode(stdout));
  let arrows = 0;
  for (const module of graph.modules) {
    const from = relative(module.specifier);
    if (from === undefined) continue;
    for (const dependency of module.dependencies ?? []) {
      const target = relative(
        dependency.code?.specifier ?? new URL(dependency.specifier, module.specifier).href,
      );
      if (target === undefined) continue;
      arrows++;
      if (from.startsWith("islands/")) await checkIsland(from, target);
      else if (!mayImport(from, target)) breaches.push(`import rule: ${from} must not import ${target}`);
    }
  }
  if (arrows < 100) breaches.push(`import rule: only ${arrows} arrows were seen; the check itself is broken`);
}

/** What runs in the browser takes nothing but types from the hub. */
async function checkIsland(from: string, target: string): Promise<void> {
  if (target.startsWith("islands/")) return;
  const text = await Deno.readTextFile(new URL(from, ROOT));
  const lines = text.split(";").filter((part) => part.includes(target.slice(target.lastIndexOf("/") + 1)));
  const isTypeOnly = lines.length > 0 && lines.every((line) => /import type\b/.test(line));
  if (!isTypeOnly) breaches.push(`import rule: ${from} may take only types from ${target}`);
}

async function files(folder: string, pattern: RegExp): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(new URL(folder + "/", ROOT))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) found.push(...await files(path, pattern));
    else if (pattern.test(entry.name)) found.push(path);
  }
  return found.sort();
}

/** Rules on the text of the source. */
const TEXT_RULES: readonly { pattern: RegExp; why: string; except?: RegExp }[] = [
  { pattern: /AbortSignal\.any\(/, why: "Deno collects such a signal as garbage: use LinkedSignal" },
  {
    pattern: /new Deno\.Command\(/,
    why: "only process/launcher.ts starts a process",
    except: /^src\/process\/launcher\.ts$/,
  },
  { pattern: /\bconsole\.(log|error|warn|info|debug)\b/, why: "log through the Logger that is passed in" },
  { pattern: /from "[^"]*tests\//, why: "the product never imports tests" },
  { pattern: /\b(TODO|FIXME|XXX)\b/, why: "open ends belong into an issue" },
  { pattern: /\bas any\b|: any\b|@ts-ignore|@ts-expect-error/, why: "the type checker stays on" },
  { pattern: /catch *(\([^)]*\))? *\{ *\}/, why: "an error is never swallowed without a word" },
];
const MAX_LINES = 500;
const MAX_FUNCTION_LINES = 80;

async function checkText(): Promise<void> {
  for (const path of [...await files("src", /\.tsx?$/), ...await files("islands", /\.tsx?$/)]) {
    const text = await Deno.readTextFile(new URL(path, ROOT));
    const lines = text.split("\n");
    const isGenerated = text.startsWith("// Generated from ");
    if (lines.length > MAX_LINES && !isGenerated) {
      breaches.push(`${path}: ${lines.length} lines, ${MAX_LINES} at most`);
    }
    if (!lines[0]?.startsWith("// ")) breaches.push(`${path}: the first line says why the file exists`);
    for (const { pattern, why, except } of TEXT_RULES) {
      if (except?.test(path)) continue;
      const at = lines.findIndex((line) => pattern.test(line) && !/^\s*(\*|\/\/)/.test(line));
      if (at >= 0) breaches.push(`${path}:${at + 1}: ${why}`);
    }
    checkFunctions(path, lines);
  }
}

/** A function begins and ends on lines of the same indentation, as the formatter leaves them. */
function checkFunctions(path: string, lines: string[]): void {
  const begin =
    /^( *)(?:export |static |async |private |override )*(?:function\b|#?\w+(?:<[^>]*>)?\([^;]*$|const \w+ = (?:async )?\()/;
  for (const [index, line] of lines.entries()) {
    const indent = begin.exec(line)?.[1];
    if (indent === undefined || /^ *(?:if|for|while|switch|return|await|new)\b/.test(line)) continue;
    const end = lines.findIndex((other, at) => at > index && new RegExp(`^${indent}[})]`).test(other));
    if (end - index > MAX_FUNCTION_LINES) {
      breaches.push(`${path}:${index + 1}: a function of ${end - index} lines`);
    }
  }
}

/** Versions that stand in two places must agree. */
async function checkVersions(): Promise<void> {
  const read = (path: string) => Deno.readTextFile(new URL(path, ROOT));
  const product = JSON.parse(await read("deno.json"));
  const tests = JSON.parse(await read("tests/deno.json"));
  for (const [name, target] of Object.entries(product.imports)) {
    if (tests.imports[name] !== target) {
      breaches.push(`tests/deno.json: "${name}" must be "${target}" as in deno.json`);
    }
  }
  const version = /VERSION = "([^"]+)"/.exec(await read("src/base/version.ts"))?.[1];
  if (version !== product.version) {
    breaches.push(`src/base/version.ts says ${version}, deno.json ${product.version}`);
  }
  const programs = /PROGRAMS = \[([^\]]+)\]/.exec(await read("src/process/launcher.ts"))?.[1] ?? "";
  const allowed = new Set(/^PROGRAMS := (.*)$/m.exec(await read("Makefile"))?.[1]?.split(","));
  for (const [, program = ""] of programs.matchAll(/"([\w-]+)"/g)) {
    if (!allowed.has(program)) breaches.push(`Makefile: the permissions lack the program ${program}`);
  }
}

/** Every promise is cited by a test, every citation is a promise, and a gap has its reason. */
async function checkRequirements(): Promise<void> {
  const cited = new Map<string, string>();
  for (
    const path of await files(
      "tests",
      /(_test\.tsx?|\.sh|guest_test\.ts|smoke\.ts|check_house\.ts|conformance\.ts)$/,
    )
  ) {
    const text = await Deno.readTextFile(new URL(path, ROOT));
    for (
      const [, id = ""] of text.matchAll(/(?<=["'`\w\]] ?)\[([A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*)\](?=[ '"])/g)
    ) {
      cited.set(id, path);
    }
  }
  const known = new Set(REQUIREMENTS.map(({ id }) => id));
  if (known.size !== REQUIREMENTS.length) breaches.push("tests/requirements.ts: an id stands twice");
  for (const { id, gap } of REQUIREMENTS) {
    if (!cited.has(id) && gap === undefined) breaches.push(`requirement ${id}: no test cites it`);
    if (cited.has(id) && gap !== undefined) {
      breaches.push(`requirement ${id}: is cited although it is a known gap`);
    }
  }
  for (const [id, path] of cited) {
    if (!known.has(id)) breaches.push(`${path}: cites ${id}, which is no requirement`);
  }
}

/** What merging leaves behind in the documents: a table run together with its older self, a list begun twice. */
async function checkDocuments(): Promise<void> {
  const paths = [...await files("docs", /\.md$/), "src/README.md", "tests/README.md"];
  for (const path of [...paths, "README.md", "CONTRIBUTING.md", "CHANGELOG.md"]) {
    const text = await Deno.readTextFile(new URL(path, ROOT));
    for (const [table] of text.matchAll(/(?:^\|.*\n)+/gm)) {
      const name = table.slice(0, 60).replace(/\s+/g, " ");
      if ((table.match(/^\|(?: -+ \|)+$/gm)?.length ?? 0) > 1) {
        breaches.push(`${path}: two tables run together: ${name}`);
      }
    }
    for (const part of text.split(/^#{2,} /m)) {
      for (const cell of cellsTwice(part)) breaches.push(`${path}: two rows of tables begin with ${cell}`);
    }
    for (const part of text.split(/^## /m)) {
      const titles = [...part.matchAll(/^### (.*)$/gm)].map(([, title]) => title);
      const twice = titles.find((title, at) => titles.indexOf(title) !== at);
      if (twice !== undefined) breaches.push(`${path}: "${twice}" stands twice under one heading`);
    }
  }
}

/** First cells that stand twice in the tables under one heading. A row whose first cell is bold begins a group. */
function cellsTwice(part: string): string[] {
  const twice: string[] = [];
  const seen = new Set<string>();
  for (const [table] of part.matchAll(/(?:^\|.*\n)+/gm)) {
    const [, , ...rows] = table.split("\n");
    for (const row of rows) {
      const cell = row.split("|")[1]?.trim() ?? "";
      if (cell.startsWith("**")) seen.clear();
      else if (cell !== "" && seen.has(cell)) twice.push(cell);
      seen.add(cell);
    }
  }
  return twice;
}

await checkImports();
await checkText();
await checkVersions();
await checkRequirements();
await checkDocuments();
for (const breach of breaches) console.error(breach);
// This proves [HOUSE-IMPORTS] and [HOUSE-SIZES] of the requirements.
console.log(breaches.length === 0 ? "The house is in order." : `${breaches.length} breaches`);
Deno.exit(breaches.length === 0 ? 0 : 1);
