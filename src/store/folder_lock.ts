// One hub for each data folder: a lock that the kernel frees with the process, however that ends.
import { explainFileError, HubError } from "../base/errors.ts";
import { makeDataFolder } from "./data_folder.ts";

/** What a hub was started as: by a person or a service, or by an MCP client for itself. */
export type HubKind = "serve" | "mcp";

/** Who holds a folder, or held it last, as far as the lock file tells. */
export interface Holder {
  pid?: number;
  /** `reserved`: given up by a hub for one that was started as a service and is to have the folder next. */
  kind?: HubKind | "reserved";
}

/** How long a folder is kept for the hub that is to have it next; one that has not come by then never will. */
const RESERVED_MS = 10_000;

/** A folder that this hub holds, until it is disposed of or the process ends. */
export class FolderLock {
  readonly #file: Deno.FsFile;

  constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  /** Notes that the hub which was started as a service is to have the folder next. */
  async reserve(): Promise<void> {
    await write(this.#file, { pid: Deno.pid, kind: "reserved" });
  }

  /** Notes that this hub has not come up, so that nobody waits for it. */
  async forget(): Promise<void> {
    await write(this.#file, {});
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/**
 * Locks the folder, which is made if need be. Undefined where the folder cannot be
 * written: the store then keeps everything in memory. The file stays when the hub ends: were it removed, two hubs
 * could each lock one of that name.
 * @throws HubError `conflict` when another hub holds it (`details.holder` says which), `forbidden` when the lock is
 * another user's, `unavailable` when the file system knows no locks, `invalid_input` where no folder can be.
 */
export async function lockFolder(dataDir: string, kind: HubKind): Promise<FolderLock | undefined> {
  const path = `${dataDir}/hub.lock`;
  const file = await open(dataDir, path);
  if (!file) return undefined;
  try {
    if (!await tryLock(file, path)) throw heldBy(await readHolder(file), dataDir);
    await write(file, { pid: Deno.pid, kind });
    return new FolderLock(file);
  } catch (error) {
    file.close();
    throw error;
  }
}

/** The hub that holds the folder, when that is what the error tells. */
export function holderOf(error: unknown): Holder | undefined {
  return error instanceof HubError ? error.details?.holder as Holder | undefined : undefined;
}

/** Who held a folder last, or holds it; undefined where that is unknown or a reservation is over. */
export async function lastHolder(dataDir: string): Promise<Holder | undefined> {
  const path = `${dataDir}/hub.lock`;
  try {
    using file = await Deno.open(path, { read: true });
    const holder = await readHolder(file);
    if (holder.kind !== "reserved") return holder;
    const sinceMs = (await file.stat()).mtime?.getTime() ?? 0;
    return Math.abs(Date.now() - sinceMs) < RESERVED_MS ? holder : undefined;
  } catch (error) {
    if (isUnknown(error)) return undefined;
    throw explainFileError(error, path);
  }
}

function isUnknown(error: unknown): boolean {
  // Deno itself keeps from places such as /proc (NotCapable).
  const { NotFound, NotADirectory, PermissionDenied, NotCapable } = Deno.errors;
  return [NotFound, NotADirectory, PermissionDenied, NotCapable].some((kind) => error instanceof kind);
}

async function open(dataDir: string, path: string): Promise<Deno.FsFile | undefined> {
  try {
    await makeDataFolder(dataDir);
    return await Deno.open(path, { read: true, write: true, create: true });
  } catch (error) {
    const explained = explainFileError(error, path);
    const isBearable = explained instanceof HubError &&
      ["storage_full", "forbidden"].includes(explained.kind);
    if (!isBearable) throw explained;
    return await openAsItIs(dataDir, path, explained);
  }
}

/** What cannot be written can be locked all the same, where it exists. */
async function openAsItIs(dataDir: string, path: string, why: HubError): Promise<Deno.FsFile | undefined> {
  try {
    return await Deno.open(path, { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied && await isOwn(dataDir)) throw why;
    return undefined;
  }
}

/** In a folder of one's own, a lock file that cannot be opened is that of root's hub, which may run. */
async function isOwn(dataDir: string): Promise<boolean> {
  const { uid } = await Deno.stat(dataDir).catch(() => ({ uid: null }));
  return uid !== null && uid === Deno.uid();
}

async function tryLock(file: Deno.FsFile, path: string): Promise<boolean> {
  try {
    return await file.tryLock(true);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new HubError("unavailable", `${path} could not be locked: ${why}`, {
      hint: "Choose a folder on a disk of this machine with --data",
      cause: error,
    });
  }
}

async function readHolder(file: Deno.FsFile): Promise<Holder> {
  const bytes = new Uint8Array(MAX_HOLDER_BYTES);
  try {
    const length = await file.read(bytes) ?? 0;
    const [pid = "", kind] = new TextDecoder().decode(bytes.subarray(0, length)).trim().split(" ");
    return {
      ...(/^\d+$/.test(pid) ? { pid: Number(pid) } : {}),
      ...(kind === "serve" || kind === "mcp" || kind === "reserved" ? { kind } : {}),
    };
  } catch {
    return {}; // the lock counts, not what stands in it
  }
}

const MAX_HOLDER_BYTES = 64;

async function write(file: Deno.FsFile, { pid, kind }: Holder): Promise<void> {
  try {
    await file.truncate();
    await file.seek(0, Deno.SeekMode.Start);
    if (pid !== undefined) await file.write(new TextEncoder().encode(`${pid} ${kind}\n`));
  } catch {
    // A full or read-only disk: the lock holds without it.
  }
}

function heldBy(holder: Holder, dataDir: string): HubError {
  const { pid, kind } = holder;
  const which = [
    ...(pid === undefined ? [] : [`process ${pid}`]),
    ...(kind === "mcp" ? ["started by an MCP client for itself"] : []),
  ].join(", ");
  const name = which === "" ? "Another hub" : `Another hub (${which})`;
  const stop = kind === "mcp"
    ? "Close that client, which then finds this hub when it is opened again"
    : "Stop it";
  return new HubError("conflict", `${name} runs with the data folder ${dataDir}`, {
    hint: `${stop}, or give this one a folder of its own with --data`,
    details: { holder },
  });
}
