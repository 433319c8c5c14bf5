// Answers that are remembered for a while.
import { assertEquals, assertRejects } from "@std/assert";
import { Recent } from "../../../src/base/recent.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

Deno.test("Recent: works once for all who ask the same, for so long and of so many questions [METRICS-PATTERNS]", async () => {
  const clock = new FakeClock();
  const recent = new Recent<string>(clock, { keepMs: 1000, most: 2 });
  const worked: string[] = [];
  const ask = (key: string) =>
    recent.get(key, () => {
      worked.push(key);
      return Promise.resolve(`${key}${worked.length}`);
    });
  assertEquals(await Promise.all([ask("a"), ask("a"), ask("b")]), ["a1", "a1", "b2"]);
  await clock.advance(999);
  assertEquals(await ask("a"), "a1");
  await clock.advance(1);
  assertEquals(await ask("a"), "a3");
  await ask("b");
  await ask("c");
  assertEquals(
    [await ask("c"), await ask("b"), await ask("a")],
    ["c5", "b4", "a6"],
    "the oldest is forgotten",
  );
});

Deno.test("Recent: a failure is told to who asked, and not remembered [METRICS-PATTERNS]", async () => {
  const recent = new Recent<number>(new FakeClock(), { keepMs: 1000, most: 2 });
  await assertRejects(() => recent.get("a", () => Promise.reject(new RangeError("no"))), RangeError);
  assertEquals(await recent.get("a", () => Promise.resolve(2)), 2);
});
