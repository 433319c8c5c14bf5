// NewestWork: one after the other, and of what comes meanwhile only the newest.
import { assertEquals, assertRejects } from "@std/assert";
import { NewestWork } from "../../../islands/newest_work.ts";

/** Notes what was begun; each piece lasts until it is let go. */
function stage() {
  const queue = new NewestWork();
  const begun: number[] = [];
  const running: PromiseWithResolvers<void>[] = [];
  const wish = (value: number) =>
    queue.run(() => {
      begun.push(value);
      const work = Promise.withResolvers<void>();
      running.push(work);
      return work.promise;
    });
  return { queue, begun, running, wish };
}

Deno.test("NewestWork: five wishes while one runs become one, the last", async () => {
  const { queue, begun, running, wish } = stage();
  const wishes = [1, 2, 3, 4, 5].map(wish);
  assertEquals([begun, queue.hasNext], [[1], true]);
  running[0]?.resolve();
  await new Promise((resolve) => setTimeout(resolve));
  assertEquals([begun, queue.hasNext], [[1, 5], false]);
  running[1]?.resolve();
  await Promise.all(wishes);
  const later = wish(6);
  running[2]?.resolve();
  await later;
  assertEquals(begun, [1, 5, 6]);
});

Deno.test("NewestWork: a failure takes with it what waits, and the next wish begins anew", async () => {
  const { begun, running, wish } = stage();
  const wishes = [wish(1), wish(2)];
  running[0]?.reject(new Error("refused"));
  for (const each of wishes) await assertRejects(() => each, Error);
  assertEquals(begun, [1]);
  const later = wish(3);
  running[1]?.resolve();
  await later;
  assertEquals(begun, [1, 3]);
});
