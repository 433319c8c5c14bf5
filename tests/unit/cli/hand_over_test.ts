// Who is asked for the data folder, and what becomes of one that is not given.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { Logger } from "../../../src/base/log.ts";
import { afterHandOver } from "../../../src/cli/hand_over.ts";
import { type FolderLock, lockFolder } from "../../../src/store/folder_lock.ts";

interface Stage {
  dataDir: string;
  lock: FolderLock;
  asked: string[];
  start: () => Promise<void>;
  claim: Parameters<typeof afterHandOver>[1];
}

/** A folder that a client's hub holds, which answers with the status; with 202 it lets go. */
async function withHolder(
  { status = 202, mode = 0o600 }: { status?: number; mode?: number },
  work: (stage: Stage) => Promise<void>,
): Promise<void> {
  const dataDir = await Deno.makeTempDir();
  const lock = (await lockFolder(dataDir, "mcp"))!;
  const asked: string[] = [];
  const path = `${dataDir}/hub.sock`;
  const server = Deno.serve({ path, onListen: () => {} }, ({ method, url }) => {
    asked.push(`${method} ${new URL(url).pathname}`);
    if (status === 202) lock[Symbol.dispose]();
    return new Response(null, { status });
  });
  await Deno.chmod(path, mode);
  const start = async () => (await lockFolder(dataDir, "serve"))![Symbol.dispose]();
  const signal = new AbortController().signal;
  const claim = { dataDir, log: new Logger(() => {}, "error"), signal };
  await work({ dataDir, lock, asked, start, claim });
  await server.shutdown();
  await Deno.remove(dataDir, { recursive: true });
}

Deno.test("[MCP-STDIO-HAND-OVER] afterHandOver: asks a client's hub once, and starts when the folder is free", () =>
  withHolder({}, async ({ asked, start, claim }) => {
    await afterHandOver(start, claim);
    assertEquals(asked, ["POST /api/hand-over"]);
  }));

Deno.test("[MCP-STDIO-HAND-OVER] afterHandOver: one that does not know how to give way is named", () =>
  withHolder({ status: 404 }, async ({ asked, start, claim, lock }) => {
    const error = await assertRejects(() => afterHandOver(start, claim), HubError);
    assertEquals([error.kind, asked.length], ["conflict", 1]);
    assert(error.message.includes("started by an MCP client for itself"), error.message);
    lock[Symbol.dispose]();
  }));

Deno.test("[MCP-STDIO-HAND-OVER] afterHandOver: a socket that others can open is not spoken to", () =>
  withHolder({ mode: 0o666 }, async ({ asked, start, claim, lock }) => {
    let tries = 0;
    await afterHandOver(() => {
      if (++tries === 3) lock[Symbol.dispose]();
      return start();
    }, claim);
    assertEquals([asked, tries], [[], 3]);
  }));

Deno.test("[ONE-HUB] afterHandOver: one that was started as a service is not asked; another failure is passed on", () =>
  withHolder({}, async ({ dataDir, asked, start, claim, lock }) => {
    lock[Symbol.dispose]();
    using _service = await lockFolder(dataDir, "serve");
    assertEquals((await assertRejects(() => afterHandOver(start, claim), HubError)).kind, "conflict");
    assertEquals(asked, []);
    await assertRejects(() => afterHandOver(() => Promise.reject(new TypeError("x")), claim), TypeError);
  }));
