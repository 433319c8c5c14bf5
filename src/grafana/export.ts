// Writes the Grafana folder to where the user wants it, without losing what he changed there.
import { dirname } from "node:path";
import { HubError } from "../base/errors.ts";

/** Keeps in the folder what was written: a file that differs from it was changed by somebody. */
const RECORD = ".exported.json";

/** What happened to the files, by path. */
export interface ExportResult {
  written: string[];
  unchanged: string[];
  /** Of an earlier export, no longer part of the folder. */
  removed: string[];
}

/**
 * Writes files below a folder, all or none of them.
 * @param force overwrites what somebody changed.
 * @throws HubError `invalid_input` where no folder can be, `conflict` naming files that somebody changed.
 */
export async function exportFolder(
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
  { force }: { force: boolean },
): Promise<ExportResult> {
  try {
    await makeRoot(folder);
    const before = await readRecord(folder);
    const plan = await planExport(folder, files, before);
    if (plan.changed.length > 0 && !force) throw changedFiles(folder, plan.changed);
    for (const path of plan.written) await writeFile(folder, path, files.get(path)!);
    for (const path of plan.removed) await Deno.remove(`${folder}/${path}`);
    const record = Object.fromEntries(
      await Promise.all([...files].map(async ([path, bytes]) => [path, await digest(bytes)])),
    );
    await writeFile(folder, RECORD, new TextEncoder().encode(JSON.stringify(record, null, 2) + "\n"));
    return plan;
  } catch (error) {
    throw explain(error, folder);
  }
}

interface Plan extends ExportResult {
  changed: string[];
}

async function planExport(
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
  before: Readonly<Record<string, string>>,
): Promise<Plan> {
  const plan: Plan = { written: [], unchanged: [], removed: [], changed: [] };
  for (const [path, bytes] of files) {
    const present = await digestOf(`${folder}/${path}`);
    if (present === await digest(bytes)) {
      plan.unchanged.push(path);
      continue;
    }
    plan.written.push(path);
    if (present !== undefined && present !== before[path]) plan.changed.push(path);
  }
  for (const [path, written] of Object.entries(before)) {
    if (files.has(path)) continue;
    if (await digestOf(`${folder}/${path}`) === written) plan.removed.push(path);
  }
  return plan;
}

function changedFiles(folder: string, changed: readonly string[]): HubError {
  const list = changed.map((path) => `\n  ${path}`).join("");
  return new HubError(
    "conflict",
    `Nothing was written: these files in ${folder} were changed there:${list}`,
    {
      hint: "Put your changes aside and say --force to overwrite them, or export to another folder",
    },
  );
}

/** Makes it for everybody to enter. One that is there stays as private as its owner has it. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await Deno.mkdir(folder);
    await Deno.chmod(folder, 0o755);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists) || !(await Deno.stat(folder)).isDirectory) throw error;
  }
}

/** The same with the folders above it, which are made as others are. */
async function makeRoot(folder: string): Promise<void> {
  const parent = dirname(folder);
  if (parent !== folder) await Deno.mkdir(parent, { recursive: true });
  await makeFolder(folder);
}

/**
 * Containers read the files as users of their own: they are for everybody. No secret is in them. What is written first
 * has a name that nothing else has, and so is no link to anything.
 */
async function writeFile(folder: string, path: string, bytes: Uint8Array): Promise<void> {
  const parents = path.split("/").slice(0, -1);
  for (let depth = 1; depth <= parents.length; depth++) {
    await makeFolder(`${folder}/${parents.slice(0, depth).join("/")}`);
  }
  const part = await Deno.makeTempFile({ dir: dirname(`${folder}/${path}`), prefix: ".", suffix: ".part" });
  try {
    await Deno.writeFile(part, bytes);
    await Deno.chmod(part, path.endsWith(".sh") ? 0o755 : 0o644);
    await Deno.rename(part, `${folder}/${path}`);
  } catch (error) {
    await Deno.remove(part);
    throw error;
  }
}

/** Undefined where there is nothing; empty for a link that leads nowhere. */
async function digestOf(path: string): Promise<string | undefined> {
  try {
    return await digest(await Deno.readFile(path));
  } catch (error) {
    // Deno tells of a link that leads nowhere in either way.
    const isNothing = error instanceof Deno.errors.NotFound || error instanceof Deno.errors.FilesystemLoop;
    if (!isNothing) throw error;
    return await isLink(path) ? "" : undefined;
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await Deno.lstat(path)).isSymlink;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function digest(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return new Uint8Array(hash).toHex();
}

/** Empty where there was no export, and where the record is no longer what was written: then every file counts. */
async function readRecord(folder: string): Promise<Record<string, string>> {
  try {
    const value: unknown = JSON.parse(await Deno.readTextFile(`${folder}/${RECORD}`));
    // A record that names files elsewhere is not one of ours.
    const isOwn = ([path, hash]: [string, unknown]) =>
      typeof hash === "string" && !path.startsWith("/") && !path.split("/").includes("..");
    return Object.fromEntries(Object.entries(value ?? {}).filter(isOwn)) as Record<string, string>;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return {};
    throw error;
  }
}

function explain(error: unknown, folder: string): unknown {
  const {
    AlreadyExists,
    FilesystemLoop,
    NotADirectory,
    IsADirectory,
    NotFound,
    PermissionDenied,
    NotCapable,
  } = Deno.errors;
  if (!(error instanceof Error) || error instanceof HubError) return error;
  const hint = "Give a folder that is there or can be made, and that you may write to";
  if (
    [AlreadyExists, FilesystemLoop, NotADirectory, IsADirectory, NotFound].some((kind) =>
      error instanceof kind
    )
  ) {
    const why = error instanceof NotFound
      ? "the system makes no folders there"
      : "it, or a part of it, is something else";
    return new HubError("invalid_input", `${folder} cannot be the folder: ${why}`, { hint, cause: error });
  }
  const isReadOnly = /os error 30/.test(error.message);
  if (error instanceof PermissionDenied || error instanceof NotCapable || isReadOnly) {
    return new HubError("forbidden", `${folder} cannot be written: ${error.message}`, { hint, cause: error });
  }
  return error;
}
