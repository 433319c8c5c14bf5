// What cameras observe stands in the journal: followed live, read later, kept over a restart.
import { assert, assertEquals } from "@std/assert";
import { TapoRig } from "../emulators/rig/tapo_rig.ts";
import { C110 } from "../emulators/tapo/models/index.ts";
import type { HubProcess } from "../tools/hub_process.ts";
import { awaitStatus, Home, Listening, MOUNTS } from "./network_bench.ts";

/** As the API tells it. */
interface EventRow {
  seq: number;
  change: number;
  camera_id?: string;
  kind: string;
  source: string;
  started_at: string;
  ended_at?: string;
  active: boolean;
  details?: Record<string, unknown>;
}

async function motions(hub: HubProcess, query = ""): Promise<EventRow[]> {
  return (await hub.client.json(`/api/events?camera=t&kind=motion${query}`)).events;
}

/** What a live socket was told of motion, in its order. */
function heard(live: Listening): EventRow[] {
  return live.texts.filter(({ op, event }) => op === "event" && event.kind === "motion").map(({ event }) =>
    event
  );
}

/** Waits until the hub has subscribed for the time named and listens: what was before is no event. */
async function awaitSubscription(hub: HubProcess, { onvif }: TapoRig, time: number): Promise<void> {
  await awaitStatus(hub, "t", "online");
  const isListening = () => (onvif?.subscriptions.at(-1)?.pulls ?? 0) > 0;
  await hub.waitFor(() => onvif?.subscriptionsCreated === time && isListening(), "the hub to subscribe");
}

Deno.test("[EVENTS] motion is told live with its beginning and its end, stands in the journal, and survives a restart", async () => {
  await using rig = await TapoRig.start({ model: C110, mounts: MOUNTS });
  await using home = new Home();
  const camera = { id: "t", type: "tapo", ...rig.options };
  const first = await home.start([camera]);
  await awaitSubscription(first, rig, 1);
  await using live = await Listening.open(first.client, "/api/events/live");
  await using others = await Listening.open(first.client, "/api/events/live?kind=person");
  await first.waitFor(() => live.texts.length > 0 && others.texts.length > 0, "the greetings");
  assertEquals(live.texts[0].op, "hello");
  rig.motion(true);
  await first.waitFor(() => heard(live).length === 1, "the beginning");
  const [begun] = heard(live);
  assertEquals([begun?.camera_id, begun?.source, begun?.active, begun?.ended_at], [
    "t",
    "onvif",
    true,
    undefined,
  ]);
  assertEquals((await motions(first)).map(({ active }) => active), [true]);
  rig.motion(false);
  await first.waitFor(() => heard(live).length === 2, "the end");
  const [, ended] = heard(live);
  assertEquals([ended?.seq, ended?.active], [begun?.seq, false]);
  assert((ended?.change ?? 0) > (begun?.change ?? 0));
  assert(Date.parse(ended?.ended_at ?? "") >= Date.parse(ended?.started_at ?? ""));
  assertEquals(heard(others), [], "who asked for people hears of people");
  assertEquals(await motions(first), [ended]);
  const second = await home.start([camera]);
  assertEquals(rig.onvif?.unsubscribed, 1, "the hub that was stopped has taken its leave");
  assertEquals((await motions(second))[0]?.seq, begun?.seq, "it is kept");
  const after = begun?.change ?? 0;
  const { events } = await second.client.json(`/api/events?after=${after}`);
  const changes = events.map(({ change }: EventRow) => change);
  assertEquals(changes, changes.toSorted((a: number, b: number) => a - b));
  assert(changes[0] > after && events.some(({ kind }: EventRow) => kind === "camera_state"));
  await using caughtUp = await Listening.open(second.client, `/api/events/live?after=${after}`);
  await second.waitFor(() => heard(caughtUp).length === 1, "what was missed");
  assertEquals(heard(caughtUp)[0], ended);
  await awaitSubscription(second, rig, 2);
  rig.motion(true);
  await second.waitFor(() => heard(caughtUp).length === 2, "what comes next");
  const [, next] = heard(caughtUp);
  assert(next?.active && next.seq > (begun?.seq ?? 0), "a new event: the one before ended with the hub");
  const told = caughtUp.texts.filter(({ op }) => op === "event").map(({ change }) => change);
  assertEquals(told, [...new Set(told)].toSorted((a, b) => a - b), "in the order of writing, none twice");
});

Deno.test("[EVENTS] a camera that is unplugged in the middle ends its motion and tells its state; a lost subscription is renewed", async () => {
  await using rig = await TapoRig.start({ model: C110, mounts: MOUNTS });
  await using home = new Home();
  const hub = await home.start([{ id: "t", type: "tapo", ...rig.options }]);
  await awaitSubscription(hub, rig, 1);
  rig.onvif?.loseSubscription();
  await awaitSubscription(hub, rig, 2);
  rig.motion(true);
  await hub.waitFor(async () => (await motions(hub))[0]?.active === true, "motion");
  await rig.offline();
  await awaitStatus(hub, "t", "offline");
  await hub.waitFor(async () => (await motions(hub))[0]?.active === false, "the end of it");
  assertEquals((await motions(hub))[0]?.details?.closed_by, "device_lost");
  const states = async () =>
    (await hub.client.json("/api/events?camera=t&kind=camera_state")).events.map(({ details }: EventRow) =>
      details?.status
    );
  await rig.online();
  await awaitSubscription(hub, rig, 3);
  await hub.waitFor(async () => (await states())[0] === "online", "the state to be written");
  assertEquals((await states()).slice(0, 3), ["online", "offline", "online"]);
});
