// Which picture goes with a message, and that it leaves with the privacy zones of the time at which it leaves.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { type Stage, withAlerts } from "./stage.ts";

const MOMENT = new Uint8Array([0xff, 0xd8, 7, 0xff, 0xd9]);
const down = () => new HubError("unavailable", "The webhook refused the connection");

/** A person at the door, with a picture of that moment where there is one; channel a wants pictures. */
async function someone(stage: Stage, moment: Uint8Array | undefined): Promise<void> {
  stage.a.wantsPictures = true;
  if (moment) stage.moments.set(1, moment);
  stage.person();
  await stage.until(() => stage.a.tries === 1 && stage.a.pictures.length === 1, "the first try");
}

/** The channel works again. */
async function delivered(stage: Stage): Promise<void> {
  stage.a.failure = undefined;
  for (let turn = 0; turn < 60 && stage.a.got.length === 0; turn++) await stage.pass(30, 30);
  await stage.until(() => stage.a.got.length === 1, "the message");
}

Deno.test("[ALERT-PICTURE] a message carries the picture that was kept when its event began, also an hour later", async () => {
  await withAlerts(async (stage) => {
    stage.a.failure = down();
    await someone(stage, MOMENT);
    // The oldest pictures of events may be deleted while a message waits.
    stage.moments.clear();
    await stage.pass(3600, 60);
    await delivered(stage);
    assert(stage.a.pictures.length > 5, `${stage.a.pictures.length} tries`);
    assertEquals([...new Set(stage.a.pictures.map((each) => `${each}`))], [`${[...MOMENT]}`]);
    assertEquals(stage.snapshots, []);
    assertEquals(await stage.alerts.table.picture(1), undefined, "it goes with the last message");
  });
});

Deno.test("[ALERT-PICTURE] without a picture of the moment one is taken now, and after a minute none", async () => {
  await withAlerts(async (stage) => {
    await someone(stage, undefined);
    await stage.until(() => stage.a.got.length === 1, "the message");
    assertEquals([stage.a.pictures[0]?.length, stage.snapshots], [4, ["door"]]);
    await stage.pass(120, 60);
    const late = await stage.a.got[0]?.snapshot?.(new AbortController().signal);
    assertEquals([late, stage.snapshots], [undefined, ["door"]]);
  });
});

Deno.test("[ALERT-PICTURE] what was kept is covered with the zones of now at each try, and stays away where that fails", async () => {
  await withAlerts(async (stage) => {
    stage.a.failure = down();
    const seen: number[][] = [];
    let covers = 0;
    stage.cover = (picture) => {
      seen.push([...picture]);
      return covers++ === 0
        ? Promise.resolve(new Uint8Array([0]))
        : Promise.reject(new HubError("unavailable", "The privacy zones cannot be covered"));
    };
    await someone(stage, MOMENT);
    await delivered(stage);
    assertEquals(stage.a.pictures.slice(0, 2), [[0], undefined]);
    assertEquals(new Set(seen.map((each) => `${each}`)), new Set([`${[...MOMENT]}`]));
    assertEquals(stage.snapshots, [], "no other picture takes its place");
    assertStringIncludes(stage.lines.join("\n"), "An alert goes without a picture");
  });
});
