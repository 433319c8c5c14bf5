// The hub's own socket: private from the first moment, stale ones removed, foreign ones left alone.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { listenOnSocket } from "../../../src/http/socket.ts";

const OPTIONS = { handler: () => new Response("here"), onFault: () => {} };

async function inFolder(work: (path: string, folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(`${folder}/hub.sock`, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function ask(path: string): Promise<string> {
  using client = Deno.createHttpClient({ proxy: { transport: "unix", path } });
  return await (await fetch("http://localhost/", { client })).text();
}

const exists = (path: string) => Deno.lstat(path).then(() => true, () => false);

Deno.test("listenOnSocket: serves with mode 0600 whatever the mask is, and removes the file at the end", async () => {
  await inFolder(async (path) => {
    const before = Deno.umask(0);
    try {
      const socket = await listenOnSocket(path, OPTIONS);
      assertEquals(((await Deno.lstat(path)).mode ?? 0) & 0o777, 0o600);
      assertEquals(Deno.umask(0), 0, "the mask is as it was");
      assertEquals(await ask(path), "here");
      await socket.close();
      assertEquals(await exists(path), false);
    } finally {
      Deno.umask(before);
    }
  });
});

/** Leaves a socket at the path as a killed process does. */
async function abandonSocket(path: string): Promise<void> {
  const code = `Deno.serve({path: ${
    JSON.stringify(path)
  }, onListen: () => console.log("up")}, () => new Response())`;
  const dead = new Deno.Command(Deno.execPath(), { args: ["eval", code], stdout: "piped" }).spawn();
  const reader = dead.stdout.getReader();
  await reader.read();
  dead.kill("SIGKILL");
  await dead.status;
  await reader.cancel();
  assert(await exists(path), "a killed process leaves its socket");
}

Deno.test("listenOnSocket: takes the place of a socket that nobody listens on", async () => {
  await inFolder(async (path) => {
    await abandonSocket(path);
    const socket = await listenOnSocket(path, OPTIONS);
    assertEquals(await ask(path), "here");
    await socket.close();
  });
});

Deno.test("[SOCKET] what hubs left that were killed before their socket had its name is removed, nothing else", async () => {
  await inFolder(async (path, folder) => {
    // One of a process that had the id of this one: its name is needed.
    for (const pid of [Deno.pid, 4_000_001]) await abandonSocket(`${folder}/.s${pid}`);
    const living = Deno.listen({ transport: "unix", path: `${folder}/.s4000002` });
    await Deno.writeTextFile(`${folder}/.secret`, "precious");
    const socket = await listenOnSocket(path, OPTIONS);
    assertEquals(await ask(path), "here");
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assertEquals(names, [".s4000002", ".secret", "hub.sock"]);
    await socket.close();
    living.close();
  });
});

Deno.test("listenOnSocket: leaves a socket alone on which somebody listens, and a file that is no socket", async () => {
  await inFolder(async (path) => {
    const first = await listenOnSocket(path, OPTIONS);
    const error = await assertRejects(() => listenOnSocket(path, OPTIONS), HubError);
    assertEquals([error.kind, /Another hub listens/.test(error.message)], ["conflict", true]);
    assertEquals(await ask(path), "here");
    await first.close();
    await Deno.writeTextFile(path, "precious");
    assertEquals((await assertRejects(() => listenOnSocket(path, OPTIONS), HubError)).kind, "conflict");
    assertEquals(await Deno.readTextFile(path), "precious");
  });
});

Deno.test("listenOnSocket: at its end leaves the socket of another that has taken its place", async () => {
  await inFolder(async (path) => {
    const first = await listenOnSocket(path, OPTIONS);
    await Deno.rename(path, `${path}.old`);
    const second = await listenOnSocket(path, { ...OPTIONS, handler: () => new Response("second") });
    await first.close();
    assertEquals(await ask(path), "second");
    await second.close();
  });
});

Deno.test("listenOnSocket: what was opened again after a fault is removed at the end, too", async () => {
  await inFolder(async (path) => {
    const real = Deno.serve;
    const fault = Promise.withResolvers<void>();
    // Deno's server ends when an accept fails, for example for want of file descriptors.
    const failing = ((options: Deno.ServeTcpOptions, handler: Deno.ServeHandler) => {
      const server = real(options, handler);
      Deno.serve = real;
      return { ...server, finished: fault.promise.then(() => server.shutdown()).then(() => fail()) };
    }) as unknown as typeof Deno.serve;
    const fail = () => Promise.reject(new Error("accept"));
    Deno.serve = failing;
    const faults: unknown[] = [];
    const socket = await listenOnSocket(path, { ...OPTIONS, onFault: (error) => void faults.push(error) });
    const before = (await Deno.lstat(path)).ino;
    fault.resolve();
    const inode = async () => (await Deno.lstat(path).catch(() => undefined))?.ino;
    for (const end = Date.now() + 5000; await inode() === before && Date.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    assertEquals([faults.length, await ask(path)], [1, "here"]);
    assertEquals(((await Deno.lstat(path)).mode ?? 0) & 0o777, 0o600);
    await socket.close();
    assertEquals(await exists(path), false);
  });
});

Deno.test("listenOnSocket: says why it cannot", async () => {
  await inFolder(async (_, folder) => {
    const kinds: [string, string][] = [
      [`${folder}/${"x".repeat(110)}`, "invalid_input"],
      [`${folder}/none/hub.sock`, "not_found"],
      ["/proc/hub.sock", "not_found"],
    ];
    for (const [path, kind] of kinds) {
      const error = await assertRejects(() => listenOnSocket(path, OPTIONS), HubError);
      assertEquals([path, error.kind], [path, kind]);
    }
  });
});
