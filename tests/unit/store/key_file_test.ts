// The file of a secret key: made once, for its owner only, and no reason not to start.
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { HubError } from "../../../src/base/errors.ts";
import { KeyFile } from "../../../src/store/key_file.ts";
import { inFolder } from "../../tools/temp_folder.ts";

const never = (error: HubError) => assert(false, `told of ${error.message}`);

Deno.test("[VIEW-LINK-SECRET] KeyFile: made when it is needed, for its owner only, and the same after a restart", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/tickets.key`;
    const file = new KeyFile(path, never);
    const [key, again] = await Promise.all([file.read(), file.read()]);
    assertEquals([key.length, again], [32, key]);
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
    assertEquals([...await new KeyFile(path, never).read()], [...key]);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["tickets.key"]);
    await Deno.writeFile(path, key.slice(0, 5));
    const fresh = await new KeyFile(path, never).read();
    assertEquals(fresh.length, 32, "half a key is none");
    assert(fresh.toString() !== key.toString());
    await Deno.chmod(path, 0o644);
    const secret = await new KeyFile(path, never).read();
    assert(secret.toString() !== fresh.toString(), "what others could read is no secret");
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  });
});

Deno.test("KeyFile: where none can be kept there is one all the same, and that is told", async () => {
  const told: HubError[] = [];
  // Nobody makes files in sysfs, root neither.
  const file = new KeyFile("/sys/tickets.key", (error) => told.push(error));
  const key = await file.read();
  assertEquals([key.length, await file.read()], [32, key]);
  assertEquals(told.map(({ kind }) => kind), ["forbidden"]);
});

Deno.test("KeyFile: a failure that is no lack of rights is a failure, and the next call tries again", async () => {
  await inFolder(async (folder) => {
    const file = new KeyFile(`${folder}/absent/tickets.key`, never);
    await assertRejects(() => file.read(), Deno.errors.NotFound);
    await Deno.mkdir(`${folder}/absent`);
    assertEquals((await file.read()).length, 32);
  });
});
