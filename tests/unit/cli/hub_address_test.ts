// Which hub `mcp` asks: flags before the environment, what is left empty counts as absent, sockets that answer.
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { awaitFirst } from "../../../src/cli/first_message.ts";
import { parseCommandLine } from "../../../src/cli/flags.ts";
import { localHub, namedHub } from "../../../src/cli/hub_address.ts";
import { listenOnSocket } from "../../../src/http/socket.ts";
import { inFolder } from "../../tools/temp_folder.ts";

const URL_NAME = "TAPO_CAMERA_MCP_URL";
const TOKEN_NAME = "TAPO_CAMERA_MCP_TOKEN";

function named(args: string[], env: Record<string, string> = {}): [string, string | undefined] | undefined {
  const address = namedHub(parseCommandLine(["mcp", ...args]), (name) => env[name]);
  return address && [address.url, address.token?.reveal()];
}

const NAMED: [string, string[], Record<string, string>, ReturnType<typeof named>][] = [
  ["nothing", [], {}, undefined],
  ["a token alone", [], { [TOKEN_NAME]: "t" }, undefined],
  ["an empty address", [], { [URL_NAME]: "", [TOKEN_NAME]: "t" }, undefined],
  ["spaces", [], { [URL_NAME]: "  " }, undefined],
  ["a setting that was left out", [], { [URL_NAME]: "${user_config.url}" }, undefined],
  ["the environment", [], { [URL_NAME]: "http://pi:7777", [TOKEN_NAME]: "t" }, ["http://pi:7777/mcp", "t"]],
  ["a token that was left out", [], { [URL_NAME]: "http://pi:7777", [TOKEN_NAME]: "${user_config.token}" }, [
    "http://pi:7777/mcp",
    undefined,
  ]],
  ["flags", ["--url", "https://hub.example/mcp", "--token", "a"], {
    [URL_NAME]: "http://b",
    [TOKEN_NAME]: "b",
  }, [
    "https://hub.example/mcp",
    "a",
  ]],
  ["a path of its own", ["--url", "http://proxy/cameras/mcp"], {}, ["http://proxy/cameras/mcp", undefined]],
  ["a host alone", ["--url", "raspberrypi.local:7777"], {}, ["http://raspberrypi.local:7777/mcp", undefined]],
  ["fewer tools", ["--url", "http://pi", "--tools", "cameras,ptz", "--read-only"], {}, [
    "http://pi/mcp?tools=cameras%2Cptz&read_only=true",
    undefined,
  ]],
];
for (const [name, args, env, expected] of NAMED) {
  Deno.test(`namedHub: ${name}`, () => assertEquals(named(args, env), expected));
}

Deno.test("namedHub: what is no address of a hub is refused without being repeated", () => {
  for (const url of ["ftp://pi", "http://", "http://user:secret@pi", "stdio://x"]) {
    const error = assertThrows(() => named(["--url", url]), HubError);
    assertEquals([error.kind, error.message.includes("secret")], ["invalid_input", false], url);
  }
});

Deno.test("localHub: one that listens in the data folder is found, a socket that nobody holds is none", async () => {
  await inFolder(async (folder) => {
    const find = () => localHub(parseCommandLine(["mcp", "--data", folder, "--tools", "media"]));
    assertEquals(await find(), undefined);
    const socket = await listenOnSocket(`${folder}/hub.sock`, {
      handler: () => new Response(),
      onFault: () => {},
    });
    assertEquals(await find(), { url: "http://localhost/mcp?tools=media", socket: `${folder}/hub.sock` });
    await socket.close();
    const dead = Deno.listen({ transport: "unix", path: `${folder}/hub.sock.dead` });
    await Deno.rename(`${folder}/hub.sock.dead`, `${folder}/hub.sock`);
    dead.close();
    assertEquals(await find(), undefined);
    await Deno.writeTextFile(`${folder}/file`, "");
    for (const data of [`${folder}/file`, `${folder}/${"x".repeat(110)}`]) {
      assertEquals(await localHub(parseCommandLine(["mcp", "--data", data])), undefined, data);
    }
  });
});

Deno.test("localHub: a configuration that is named says where its hub is", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/c.yaml`, `data_dir: ${folder}/data\n`);
    await Deno.mkdir(`${folder}/data`);
    const path = `${folder}/data/hub.sock`;
    const socket = await listenOnSocket(path, { handler: () => new Response(), onFault: () => {} });
    const found = await localHub(parseCommandLine(["mcp", "--config", `${folder}/c.yaml`]));
    await socket.close();
    assertEquals(found?.socket, path);
    await assertRejects(
      () => localHub(parseCommandLine(["mcp", "--config", `${folder}/none.yaml`])),
      HubError,
    );
  });
});

Deno.test("awaitFirst: hands on everything once something has come; nothing where nothing came", async () => {
  const of = (...texts: string[]) =>
    new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        for (const text of texts) controller.enqueue(new TextEncoder().encode(text));
        controller.close();
      },
    });
  const all = await awaitFirst(of("a", "bc", "d"));
  assertEquals(await new Response(all).text(), "abcd");
  assertEquals(await awaitFirst(of()), undefined);
});

Deno.test("awaitFirst: a client that says nothing is waited for until the signal aborts", async () => {
  const stop = new AbortController();
  let isCancelled = false;
  const silent = new ReadableStream<Uint8Array<ArrayBuffer>>({ cancel: () => void (isCancelled = true) });
  const waiting = assertRejects(() => awaitFirst(silent, stop.signal), DOMException);
  stop.abort();
  await waiting;
  assertEquals(isCancelled, true);
});
