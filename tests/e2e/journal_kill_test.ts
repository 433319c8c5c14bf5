// The hub is killed in the midst of writing events, again and again: what it told as written is there afterwards.
import { assert, assertEquals } from "@std/assert";
import { C110 } from "../emulators/tapo/models/index.ts";
import { TapoRig } from "../emulators/rig/tapo_rig.ts";
import type { HubProcess } from "../tools/hub_process.ts";
import { checkJournal, type Told } from "./journal_checks.ts";
import { Listening, MOUNTS, startHub } from "./network_bench.ts";

const KILLS = 30;
/** The hub is killed so long after it has told the first events, at the latest. */
const LONGEST_MS = 400;

/** Makes events as fast as they can be made until the hub is gone: motion of a camera, changes by a user. */
async function makeEvents(hub: HubProcess, rig: TapoRig, hasEnded: () => boolean): Promise<void> {
  for (let n = 0; !hasEnded(); n++) {
    rig.motion(n % 2 === 0);
    try {
      assertEquals((await hub.client.send("PATCH", "/api/cameras/drawn", { name: `Name ${n}` })).status, 200);
    } catch (error) {
      if (!hasEnded()) throw error;
    }
  }
}

/** True once the hub has subscribed anew and asks for messages: what was before is no event. */
function isHeard({ onvif }: TapoRig, before: number): boolean {
  return (onvif?.subscriptionsCreated ?? 0) > before && (onvif?.subscriptions.at(-1)?.pulls ?? 0) > 0;
}

/** Runs the hub, follows its events and kills it; returns what it had told. */
async function runAndKill(
  dataDir: string | undefined,
  rig: TapoRig,
): Promise<{ told: Told[]; dataDir: string }> {
  const subscriptions = rig.onvif?.subscriptionsCreated ?? 0;
  const hub = await startHub(
    [{ id: "t", type: "tapo", ...rig.options }],
    dataDir === undefined ? {} : { dataDir },
  );
  if (dataDir === undefined) {
    await hub.client.operation("add_camera", {
      name: "Drawn",
      type: "testpattern",
      options: { width: 320, height: 180 },
    });
  }
  const live = await Listening.open(hub.client, "/api/events/live");
  const told = () => live.texts.filter(({ op }) => op === "event") as Told[];
  await hub.waitFor(() => isHeard(rig, subscriptions), "the hub to hear the camera");
  let isEnding = false;
  const making = makeEvents(hub, rig, () => isEnding);
  await hub.waitFor(() => told().some(({ event }) => event.kind === "motion"), "the first events");
  await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST_MS));
  isEnding = true;
  await hub.stop("SIGKILL");
  await making;
  // A camera serves few subscriptions, and forgets those of somebody who is gone in a minute only.
  rig.onvif?.loseSubscription();
  await live[Symbol.asyncDispose]();
  if (hub.configPath) await Deno.remove(hub.configPath);
  return { told: told(), dataDir: hub.dataDir };
}

Deno.test("[EVENTS-KILLED] killed thirty times in the midst of writing, the hub has lost no event that it had told", async () => {
  await using rig = await TapoRig.start({ model: C110, mounts: MOUNTS });
  let dataDir: string | undefined;
  let count = 0;
  const kinds = new Set<string>();
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      const run = await runAndKill(dataDir, rig);
      dataDir = run.dataDir;
      checkJournal(dataDir, run.told);
      count += run.told.length;
      for (const { event } of run.told) kinds.add(event.kind);
    }
    assert(count >= KILLS * 4, `${count} events were told in all`);
    assert(kinds.has("config_change") && kinds.has("motion"), [...kinds].join());
  } finally {
    if (dataDir !== undefined) await Deno.remove(dataDir, { recursive: true });
  }
});
