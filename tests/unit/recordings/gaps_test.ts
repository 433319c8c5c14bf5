import { assertEquals } from "@std/assert";
import { Gaps, watchPrivacy } from "../../../src/recordings/gaps.ts";
import { HubError } from "../../../src/base/errors.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

Deno.test("Gaps: are cut to the stretch that is asked for; one that goes on reaches its end", () => {
  const gaps = new Gaps();
  gaps.note("privacy", 1000);
  gaps.note("privacy", 2000);
  gaps.note(undefined, 3000);
  gaps.note(undefined, 4000);
  gaps.note("privacy", 8000);
  const reason = "privacy";
  assertEquals(gaps.within(0, 10_000), [
    { fromMs: 1000, toMs: 3000, reason },
    { fromMs: 8000, toMs: 10_000, reason },
  ]);
  assertEquals(gaps.within(2500, 8000), [{ fromMs: 2500, toMs: 3000, reason }]);
  assertEquals(gaps.within(3000, 8000), []);
});

Deno.test("[REC-PRIVACY] watchPrivacy: notes when the lens was covered; silence and refusals change nothing", async () => {
  const clock = new FakeClock(0);
  const gaps = new Gaps();
  const stop = new AbortController();
  let answer: () => boolean | undefined = () => false;
  const lens = {
    read: () => Promise.resolve().then(() => answer()),
    set: () => Promise.resolve(undefined),
  };
  const watching = watchPrivacy(gaps, { clock, privacy: () => lens }, stop.signal);
  await clock.advance(5000);
  answer = () => true;
  await clock.advance(5000);
  answer = () => {
    throw new HubError("unavailable", "asleep");
  };
  await clock.advance(5000);
  answer = () => undefined;
  await clock.advance(5000);
  answer = () => false;
  await clock.advance(5000);
  assertEquals(gaps.within(0, 60_000), [{ fromMs: 10_000, toMs: 25_000, reason: "privacy" }]);
  stop.abort();
  assertEquals((await watching.catch((error) => error))?.name, "AbortError");
});
