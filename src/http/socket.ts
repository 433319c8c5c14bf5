// Listens on a Unix socket, by which programs of the hub's own user on this machine ask without a login.
import { explainFileError, HubError } from "../base/errors.ts";
import { type Handler, KeptServer } from "./listener.ts";

/** An open socket. */
export interface SocketListener {
  readonly path: string;
  /** Removes the file: nobody new comes, and who is here is served on. */
  hide(): void;
  /** Stops listening and removes the file. */
  close(): Promise<void>;
}

/** With what to listen. */
export interface SocketOptions {
  handler: Handler;
  /** Told when the listener failed; it then listens again. */
  onFault: (error: unknown) => void;
}

/** Opens a socket at each path; the hub goes on without one that cannot be had, and says so. */
export async function openSockets(
  paths: readonly string[],
  options: SocketOptions & { onRefused: (error: HubError) => void },
): Promise<SocketListener[]> {
  const open: SocketListener[] = [];
  for (const path of paths) {
    try {
      open.push(await listenOnSocket(path, options));
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      options.onRefused(error);
    }
  }
  return open;
}

/**
 * Opens a socket that only this user and root can reach. What a hub that was killed has left there is removed.
 * @throws HubError `conflict` when another program listens there or the file is no socket, `invalid_input` when the
 * path is too long, `forbidden`, `not_found`.
 */
export async function listenOnSocket(path: string, options: SocketOptions): Promise<SocketListener> {
  const lengths = [path, boundPath(path)].map((each) => new TextEncoder().encode(each).length);
  if (Math.max(...lengths) > MAX_PATH_BYTES) {
    throw new HubError("invalid_input", `The path ${path} is too long for a socket`, {
      hint: `It may have ${MAX_PATH_BYTES} bytes; choose a shorter folder with --data`,
    });
  }
  try {
    await removeStale(path);
    for (const left of leftUnnamed(folderOf(path))) await removeAbandoned(left);
    let own: number | undefined;
    const server = new KeptServer((signal) => {
      const opened = serveOn(path, signal, options);
      own = inodeOf(path);
      return opened;
    }, options.onFault);
    const hide = () => removeOwn(path, own);
    return {
      path,
      hide,
      async close() {
        // Removed before the listener ends: who comes later finds nothing, in place of something that refuses.
        hide();
        await server.close();
      },
    };
  } catch (error) {
    throw explainSocketError(error, path);
  }
}

/** Linux's sockaddr_un holds 108 bytes with the closing zero. */
const MAX_PATH_BYTES = 107;

/** What hubs left in the folder that ended between binding a socket and giving it its name. */
function leftUnnamed(folder: string): string[] {
  return [...Deno.readDirSync(folder)].filter(({ name }) => UNNAMED.test(name)).map(({ name }) =>
    folder + name
  );
}

const UNNAMED = /^\.s\d+$/;

/** @throws HubError `conflict` when another hub listens there, or the file is no socket. */
async function removeStale(path: string): Promise<void> {
  const file = lookAt(path);
  if (!file) return;
  if (!file.isSocket) throw new HubError("conflict", `${path} is in the way: it is no socket`);
  if (await removeAbandoned(path)) return;
  throw new HubError("conflict", `Another hub listens on ${path}`, {
    hint: "Two hubs must not share a data folder; stop one, or give it another with --data",
  });
}

/** False where somebody listens. That is asked by connecting: the file alone does not say. */
async function removeAbandoned(path: string): Promise<boolean> {
  try {
    (await Deno.connect({ transport: "unix", path })).close();
    return false;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
    Deno.removeSync(path);
    return true;
  }
}

/**
 * Listens under a name of its own and moves that to its place: Deno removes the name it has bound when it stops, and
 * must not remove the socket of a hub that has come since. It is private before it has its name; until then by the
 * mask that the program sets at its start. A mask set here would hold for the files of all threads.
 */
function serveOn(
  path: string,
  signal: AbortSignal,
  { handler }: SocketOptions,
): Deno.HttpServer<Deno.UnixAddr> {
  const server = Deno.serve({ path: boundPath(path), signal, onListen: () => {} }, handler);
  Deno.chmodSync(boundPath(path), 0o600);
  Deno.renameSync(boundPath(path), path);
  return server;
}

function boundPath(path: string): string {
  return `${folderOf(path)}.s${Deno.pid}`;
}

/** With the slash at its end. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

function lookAt(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function inodeOf(path: string): number | undefined {
  return lookAt(path)?.ino ?? undefined;
}

/** Another hub may have put its socket there since. */
function removeOwn(path: string, own: number | undefined): void {
  if (own === undefined || inodeOf(path) !== own) return;
  Deno.removeSync(path);
}

function explainSocketError(error: unknown, path: string): unknown {
  if (error instanceof HubError) return error;
  if (error instanceof Deno.errors.AddrInUse) {
    return new HubError("conflict", `${path} is in use`, { cause: error });
  }
  if (error instanceof Deno.errors.NotFound) {
    return new HubError("not_found", `There is no folder for the socket ${path}`, { cause: error });
  }
  const explained = explainFileError(error, path);
  if (explained instanceof HubError) return explained;
  const why = error instanceof Error ? error.message : String(error);
  return new HubError("unavailable", `The socket ${path} could not be opened: ${why}`, { cause: error });
}
