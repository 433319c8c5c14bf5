// Whether a Raspberry Pi slows itself down, from a file as its kernel has it.
import { assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { parseThrottled, Throttling } from "../../../src/process/throttling.ts";
import { bench } from "../tools/processes.ts";

Deno.test("parseThrottled: what is so now counts, not what was, and not low voltage by itself [METRICS-THROTTLED]", () => {
  const cases: [string, boolean | undefined][] = [
    ["0\n", false],
    ["50000\n", false],
    ["50005\n", true],
    ["2\n", true],
    ["0x80008", true],
    ["1\n", false],
    ["", undefined],
    ["throttled=0x0\n", undefined],
  ];
  for (const [text, isSlowed] of cases) assertEquals(parseThrottled(text), isSlowed, text);
});

Deno.test("Throttling: asked each time; unknown on other machines, a fault is told [METRICS-THROTTLED]", async () => {
  const file = await Deno.makeTempFile();
  const { launcher, clock } = bench();
  const throttling = new Throttling({ launcher, clock, file });
  try {
    assertEquals(await new Throttling({ launcher, clock, file: `${file}.none` }).read(), undefined);
    await Deno.writeTextFile(file, "50000\n");
    assertEquals(await throttling.read(), false);
    await Deno.writeTextFile(file, "50005\n");
    assertEquals(await throttling.read(), true);
    await Deno.writeTextFile(file, "\n");
    assertEquals((await assertRejects(() => throttling.read(), HubError)).kind, "unavailable");
  } finally {
    await Deno.remove(file);
  }
});
