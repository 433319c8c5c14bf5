// What is typed while the demo runs: done, or answered with what was expected.
import { assertEquals, assertStringIncludes } from "@std/assert";
import { obey } from "./commands.ts";
import type { Pluggable } from "./house.ts";

function stage() {
  const done: string[] = [];
  const camera = (name: string): Pluggable => ({
    name,
    offline: () => Promise.resolve(void done.push(`${name} off`)),
    online: () => Promise.resolve(void done.push(`${name} on`)),
  });
  const cameras = [camera("Living room"), camera("Tapo hub")];
  return { done, say: (line: string) => obey({ cameras, hints: ["a hint"] }, line) };
}

Deno.test("demo: the beginning of a name is enough, whatever its capitals", async () => {
  const { done, say } = stage();
  assertEquals(await say(" unplug living "), "Living room: unplug");
  await say("plug TAPO HUB");
  assertEquals(done, ["Living room off", "Tapo hub on"]);
});

Deno.test("demo: without a name, or with one that is not there, nothing is done and the names are told", async () => {
  const { done, say } = stage();
  for (const line of ["unplug", "plug   ", "motion", "unplug Cellar"]) {
    assertStringIncludes(await say(line), "There are: Living room, Tapo hub.");
  }
  assertEquals(done, []);
});

Deno.test("demo: a device that notices no motion says so", async () => {
  assertStringIncludes(await stage().say("motion Tapo hub"), '"Tapo hub" notices no motion');
});

Deno.test("demo: other words are answered with those there are", async () => {
  const { say } = stage();
  assertStringIncludes(await say("explode Garden"), "Type: unplug NAME");
  assertStringIncludes(await say("help"), "a hint");
});
