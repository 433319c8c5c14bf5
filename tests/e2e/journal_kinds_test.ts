// The compiled hub takes down logins, changes, recordings and motion with a picture, and tells followers of each.
import { assert, assertEquals } from "@std/assert";
import { TapoRig } from "../emulators/rig/tapo_rig.ts";
import { C110 } from "../emulators/tapo/models/index.ts";
import { HttpClient } from "../tools/http_client.ts";
import type { HubProcess } from "../tools/hub_process.ts";
import { awaitStatus, Listening, meanColour, MOUNTS, startHub } from "./network_bench.ts";

// deno-lint-ignore no-explicit-any -- events of every kind
async function events(hub: HubProcess, kind: string): Promise<any[]> {
  return (await hub.client.json(`/api/events?kind=${kind}`)).events;
}

async function rename(hub: HubProcess, name: string): Promise<void> {
  assertEquals((await hub.client.send("PATCH", "/api/cameras/drawn", { name })).status, 200);
}

Deno.test("[EVENTS-KINDS] logins, changes, a reload and a recording are told live and stand in the journal", async () => {
  await using hub = await startHub([{
    id: "a",
    type: "testpattern",
    width: 320,
    height: 180,
    codec: "h264",
  }]);
  await using live = await Listening.open(hub.client, "/api/events/live");
  const login = (await events(hub, "login"))[0];
  assertEquals([login.details.outcome, login.details.way, login.details.user, login.details.address], [
    "success",
    "link",
    "admin",
    "127.0.0.1",
  ]);
  const stranger = new HttpClient(hub.client.origin);
  for (let n = 0; n < 3; n++) {
    const body = new URLSearchParams({ username: "my-pass-phrase", password: "wrong-secret" });
    const answer = await stranger.fetch("/login", { method: "POST", body });
    await answer.body?.cancel();
    assertEquals(answer.status, 303);
  }
  await hub.client.operation("add_camera", { id: "drawn", name: "Drawn", type: "testpattern" });
  await rename(hub, "Porch");
  await hub.client.operation("start_recording", { camera_id: "a", duration_s: 60 });
  await hub.client.operation("stop_recording", { camera_id: "a" });
  hub.child.kill("SIGHUP");
  await hub.waitFor(async () => (await events(hub, "config_change")).length === 3, "the changes");
  assertEquals((await events(hub, "config_change")).map(({ camera_id, details }) => [camera_id, details]), [
    [undefined, { what: "configuration reloaded" }],
    ["drawn", { what: "camera changed", user: "admin", fields: "name" }],
    ["drawn", { what: "camera added", user: "admin", fields: "id, name, type" }],
  ]);
  await hub.waitFor(async () => (await events(hub, "recording"))[0]?.active === false, "the recording");
  const [recording] = await events(hub, "recording");
  assertEquals([recording.camera_id, recording.details.parts, recording.details.because], [
    "a",
    1,
    "stopped",
  ]);
  assert(recording.details.bytes > 0 && recording.duration_s > 0);
  await hub.waitFor(
    async () => (await events(hub, "login"))[0]?.details.outcome === "refused",
    "the refusals",
  );
  const text = JSON.stringify((await hub.client.json("/api/events")).events);
  for (const secret of ["my-pass-phrase", "wrong-secret"]) assert(!text.includes(secret));
  const kinds = () => new Set(live.texts.filter(({ op }) => op === "event").map(({ event }) => event.kind));
  await hub.waitFor(
    () => ["login", "config_change", "recording"].every((kind) => kinds().has(kind)),
    "followers",
  );
  const { events: size } = await hub.client.json("/api/status");
  assert(size.count >= 7 && size.bytes > 1000 && size.max_bytes === 200e6 && size.keep_days === 90);
});

Deno.test("[EVENTS-PICTURES] motion at a camera that is looked at keeps a picture; at one that is not, no stream is opened", async () => {
  await using rig = await TapoRig.start({ model: C110, mounts: MOUNTS });
  await using hub = await startHub([{ id: "t", type: "tapo", ...rig.options }]);
  await awaitStatus(hub, "t", "online");
  await hub.waitFor(() => (rig.onvif?.subscriptions.at(-1)?.pulls ?? 0) > 0, "the hub to listen");
  const newest = async (kind: string) => (await events(hub, kind))[0];
  rig.motion(true);
  rig.motion(false);
  await hub.waitFor(async () => (await newest("motion"))?.active === false, "motion without a viewer");
  assertEquals([(await newest("motion")).snapshot, (await rig.rtsp.sessions()).sessions], [undefined, 0]);
  await using live = await Listening.open(hub.client, "/api/live");
  live.say({ op: "subscribe", camera: "t" });
  await hub.waitFor(() => live.pictures > 2, "live pictures");
  rig.onvif?.emit("tns1:RuleEngine/PeopleDetector/People", "IsPeople", true);
  await hub.waitFor(async () => (await newest("person"))?.snapshot !== undefined, "a person with a picture");
  const { snapshot, details } = await newest("person");
  assert(/^\d{8}T\d{6}-[a-z0-9]{12}$/.test(details.snapshot));
  const answer = await hub.client.fetch(snapshot);
  assertEquals([answer.status, answer.headers.get("content-type")], [200, "image/jpeg"]);
  const picture = new Uint8Array(await answer.arrayBuffer());
  assert(picture.length < 200_000 && (await meanColour(picture)).red >= 0);
  const { events: size } = await hub.client.json("/api/status");
  assert(size.pictures >= 1 && size.picture_bytes >= picture.length);
});
