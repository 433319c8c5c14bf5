// The lock of the data folder: held once, told with its holder, bearable where nothing can be written.
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { holderOf, lastHolder, lockFolder } from "../../../src/store/folder_lock.ts";
import { inFolder } from "../../tools/temp_folder.ts";

Deno.test("lockFolder: makes the folder, is had once, and again when it was closed", async () => {
  await inFolder(async (folder) => {
    const dataDir = `${folder}/a/b`;
    const lock = await lockFolder(dataDir, "mcp");
    assert(lock);
    const error = await assertRejects(() => lockFolder(dataDir, "serve"), HubError);
    assertEquals([error.kind, holderOf(error)], ["conflict", { pid: Deno.pid, kind: "mcp" }]);
    assertMatch(error.message, new RegExp(`process ${Deno.pid}, started by an MCP client.*${dataDir}`));
    assertMatch(error.hint ?? "", /Close that client.*--data/);
    lock[Symbol.dispose]();
    (await lockFolder(dataDir, "serve"))?.[Symbol.dispose]();
    assertEquals(await Deno.readTextFile(`${dataDir}/hub.lock`), `${Deno.pid} serve\n`);
  });
});

Deno.test("lockFolder: the lock counts, not what stands in the file", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(
      `${folder}/hub.lock`,
      "1 serve and more than a hub would ever write\n".repeat(9),
    );
    const lock = await lockFolder(folder, "serve");
    await Deno.writeTextFile(`${folder}/hub.lock`, "\0\0");
    const error = await assertRejects(() => lockFolder(folder, "serve"), HubError);
    assertEquals([error.kind, holderOf(error)], ["conflict", {}]);
    assertMatch(error.message, /^Another hub runs/);
    lock?.[Symbol.dispose]();
  });
});

Deno.test("lockFolder: none where nothing can be written; what is no file, or no folder, is told", async () => {
  await inFolder(async (folder) => {
    assertEquals(holderOf(new Error("other")), undefined);
    assertEquals(await lockFolder("/sys/hub", "serve"), undefined);
    await Deno.mkdir(`${folder}/hub.lock`);
    await assertRejects(() => lockFolder(folder, "serve"), Error);
    await Deno.writeTextFile(`${folder}/file`, "");
    for (const wrong of [`${folder}/file`, `${folder}/file/below`, "/proc/hub"]) {
      assertEquals(await lastHolder(wrong), undefined);
      const error = await assertRejects(() => lockFolder(wrong, "serve"), HubError);
      assertEquals(error.kind, "invalid_input");
      assertMatch(error.message, new RegExp(`^${wrong} cannot be the data folder: .* folder`));
      assertMatch(error.hint ?? "", /--data/);
    }
  });
});

Deno.test("lastHolder: who held the folder last, also afterwards; a reservation is over after a while", async () => {
  await inFolder(async (folder) => {
    assertEquals(await lastHolder(folder), undefined);
    const lock = await lockFolder(folder, "mcp");
    assertEquals(await lastHolder(folder), { pid: Deno.pid, kind: "mcp" });
    await lock?.reserve();
    lock?.[Symbol.dispose]();
    assertEquals(await lastHolder(folder), { pid: Deno.pid, kind: "reserved" });
    for (const seconds of [-11, 3600]) {
      const at = Date.now() / 1000 + seconds;
      await Deno.utime(`${folder}/hub.lock`, at, at);
      assertEquals(await lastHolder(folder), undefined, `${seconds} s`);
    }
    const next = await lockFolder(folder, "serve");
    assertEquals(await lastHolder(folder), { pid: Deno.pid, kind: "serve" });
    await next?.forget();
    next?.[Symbol.dispose]();
    assertEquals(await lastHolder(folder), {});
    assertEquals(await lastHolder(`${folder}/hub.lock`), undefined, "no folder");
  });
});
