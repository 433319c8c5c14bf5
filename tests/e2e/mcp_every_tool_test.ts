// Every tool, called by both eras over stdio and HTTP with the compiled program: what it does is seen in the
// emulated camera, or is what the camera was made to be.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { CAMERA_ACCOUNT, CLOUD_PASSWORD, TapoRig } from "../emulators/rig/tapo_rig.ts";
import { NtfyServer } from "../emulators/ntfy/server.ts";
import { TapoDiscoveryResponder } from "../emulators/tapo/discovery.ts";
import { C110, C220 } from "../emulators/tapo/models/index.ts";
import { BINARY, type HubProcess } from "../tools/hub_process.ts";
import { type Era, MODES } from "../tools/stdio_client.ts";
import {
  awaitColour,
  awaitStatus,
  isReddish,
  meanColour,
  MOUNTS,
  ownHost,
  startHub,
} from "./network_bench.ts";

// deno-lint-ignore no-explicit-any -- tests look into answers of every shape
type Answer = any;

/** What a case works with: the camera "t" of the configuration, and a second one that waits to be found. */
interface Stage {
  hub: HubProcess;
  rig: TapoRig;
  other: TapoRig;
  /** Where the channel "phone" of the configuration leads. */
  ntfy: NtfyServer;
  /** Calls a tool with the camera "t", unless told otherwise; fails when the tool does. */
  call(name: string, input?: object): Promise<Answer>;
  /** The bytes of the picture in the tool's result. */
  picture(name: string, input?: object): Promise<Uint8Array>;
}

type Case = (stage: Stage) => Promise<void>;

const onField = ({ tapo }: TapoRig, module: string, section: string) =>
  tapo.device.settings.field(module, section, "enabled") === "on";
const presetNames = ({ tapo }: TapoRig) => tapo.device.presets!.list.map(({ name }) => name);
/** Turns the head by hand. */
const place = ({ tapo }: TapoRig, panDegrees: number) =>
  tapo.device.motor!.place({ panDegrees, tiltDegrees: 0 });
const none = { camera_id: undefined };

const CASES: Record<string, Case> = {
  "move, where it looks": async ({ rig, call }) => {
    place(rig, -90);
    const moved = await call("move_ptz", { pan: 0.25 });
    assertEquals([moved.verified, moved.position.pan, rig.tapo.view.panDegrees], ["readback", -0.25, -45]);
    assertEquals((await call("get_ptz_position")).position, moved.position);
  },

  "stop": async ({ hub, rig, call }) => {
    const motor = rig.tapo.device.motor!;
    place(rig, -180);
    motor.speedDegreesPerS = 20;
    const moving = call("move_ptz", { pan: 1, duration_ms: 20_000 });
    await hub.waitFor(() => motor.isMoving, "the movement");
    assertEquals((await call("stop_ptz")).success, true);
    const { panDegrees } = rig.tapo.view;
    await moving;
    assertEquals([motor.isMoving, motor.moves.at(-1)?.kind], [false, "stop"]);
    assert(rig.tapo.view.panDegrees < panDegrees + 10, `it went on to ${rig.tapo.view.panDegrees}`);
    motor.speedDegreesPerS = Infinity;
  },

  "presets and home": async ({ rig, call }) => {
    place(rig, -90);
    const { preset } = await call("save_ptz_preset", { name: "Window" });
    place(rig, 90);
    await call("save_ptz_preset", { name: "Home" });
    assertEquals(presetNames(rig), ["Window", "Home"]);
    const { presets } = await call("get_ptz_presets");
    assertEquals(presets.map(({ name }: Answer) => name), ["Window", "Home"]);
    await call("recall_ptz_preset", { preset_id: preset.id });
    assertEquals(rig.tapo.view.panDegrees, -90);
    assertEquals((await call("go_to_home_ptz")).preset.name, "Home");
    assertEquals(rig.tapo.view.panDegrees, 90);
    for (const name of ["Window", "Home"]) await call("delete_ptz_preset", { name, confirm: true });
    assertEquals(presetNames(rig), []);
  },

  "patrol": async ({ hub, rig, call }) => {
    await call("save_ptz_preset", { name: "Post" });
    await call("start_ptz_patrol");
    assertEquals(rig.tapo.device.motor!.isPatrolling, true);
    await call("stop_ptz_patrol");
    assertEquals(rig.tapo.device.motor!.isPatrolling, false);
    const watched = call("start_ptz_patrol", { duration_s: 1 });
    await hub.waitFor(() => rig.tapo.device.motor!.isPatrolling, "the patrol");
    assertEquals([(await watched).state, rig.tapo.device.motor!.isPatrolling], ["over", false]);
    await call("delete_ptz_preset", { name: "Post", confirm: true });
  },

  "privacy, light, motion detection, settings": async ({ rig, call }) => {
    for (const enabled of [true, false]) {
      assertEquals((await call("set_privacy_mode", { enabled })).enabled, enabled);
      assertEquals(rig.tapo.device.isPrivate, enabled);
      assertEquals((await call("set_led_enabled", { enabled: !enabled })).enabled, !enabled);
      assertEquals(onField(rig, "led", "config"), !enabled);
      const sensitivity = enabled ? 30 : 70;
      await call("set_motion_detection", { enabled: !enabled, sensitivity });
      const level = rig.tapo.device.settings.field("motion_detection", "motion_det", "digital_sensitivity");
      assertEquals([onField(rig, "motion_detection", "motion_det"), Number(level)], [!enabled, sensitivity]);
      assertEquals((await call("set_camera_setting", { setting: "flip", value: enabled })).value, enabled);
      assertEquals(rig.tapo.view.flip, enabled);
    }
    assertEquals((await call("set_motion_rules", { sensitivity: 60 })).motion.rules.sensitivity, 60);
    const { motion } = await call("get_motion_detection");
    assertEquals([motion.by, motion.rules.sensitivity], ["nobody", 60]);
  },

  "siren": async ({ rig, call }) => {
    const { alarm } = rig.tapo.device;
    assertEquals([(await call("sound_siren")).needs, alarm.isActive], ["confirm", false]);
    await call("sound_siren", { confirm: true });
    assertEquals(alarm.isActive, true);
    await call("stop_siren");
    assertEquals(alarm.isActive, false);
  },

  "a picture, and where pictures are had": async ({ hub, rig, call, picture }) => {
    place(rig, -180);
    await awaitColour(hub, "t", isReddish);
    const colour = await meanColour(await picture("capture_image", { quality: "low" }));
    assert(isReddish(colour), JSON.stringify(colour));
    const { snapshot } = await call("get_stream_url");
    const response = await hub.client.fetch(new URL(snapshot, hub.client.origin).pathname);
    assertEquals([response.status, response.headers.get("content-type")], [200, "image/jpeg"]);
    await meanColour(new Uint8Array(await response.arrayBuffer()));
  },

  "privacy zones": async ({ hub, rig, call, picture }) => {
    place(rig, -180);
    await awaitColour(hub, "t", isReddish);
    const points = [[0, 0], [1, 0], [1, 1], [0, 1]].map(([x, y]) => ({ x, y }));
    const zones = [{ points }];
    assertEquals((await call("set_privacy_zones", { zones })).needs, "confirm");
    assertEquals((await call("set_privacy_zones", { zones, confirm: true })).verified, "readback");
    const { red, green, blue } = await meanColour(await picture("capture_image", { quality: "low" }));
    assert(Math.max(red, green, blue) < 24, JSON.stringify({ red, green, blue }));
    assertEquals((await call("set_privacy_zones", { zones: [], confirm: true })).zones, []);
    assert(isReddish(await meanColour(await picture("capture_image", { quality: "low" }))));
  },

  "recordings": async ({ hub, call }) => {
    const { recording_id } = await call("start_recording", { duration_s: 60 });
    const [status] = (await call("get_recording_status")).cameras;
    assertEquals([status.camera_id, status.recording?.recording_id ?? status.recording_id], [
      "t",
      recording_id,
    ]);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    const [kept] = (await call("stop_recording")).recordings;
    const { recordings } = await call("list_recordings");
    assertEquals(recordings.map(({ id }: Answer) => id), [kept.id]);
    const video = () => hub.client.fetch(`/api/recordings/${kept.id}/video`);
    const bytes = new Uint8Array(await (await video()).arrayBuffer());
    assertEquals(new TextDecoder().decode(bytes.subarray(4, 8)), "ftyp");
    assertEquals((await call("lock_recording", { ...none, recording_id: kept.id })).locked, true);
    assertEquals((await call("list_recordings")).recordings[0].locked, true);
    assertEquals((await call("unlock_recording", { ...none, recording_id: kept.id })).locked, false);
    const { started_at: from, ended_at: to } = kept;
    const { cameras: lanes } = await call("get_timeline", { ...none, from, to });
    assertEquals(lanes.find(({ camera_id }: Answer) => camera_id === "t")?.recorded.length, 1);
    assertEquals((await call("locate_recording", { at: from })).recording.id, kept.id);
    const made = await call("export_recording", { from, to, wait: true });
    assertEquals([made.state, made.links.video], ["done", `/api/exports/${made.export_id}/video`]);
    assertEquals((await call("list_exports", none)).exports[0].export_id, made.export_id);
    await call("delete_export", { ...none, export_id: made.export_id });
    assertEquals((await call("list_exports", none)).total, 0);
    await call("delete_recording", { ...none, recording_id: kept.id, confirm: true });
    assertEquals((await call("list_recordings")).recordings, []);
    const gone = await video();
    await gone.body?.cancel();
    assertEquals(gone.status, 404);
    const set = await call("set_recording_rules", { mode: "events", events: ["doorbell"], keep_days: 3 });
    assertEquals([set.recording.mode, set.recording.events, set.recording.keep_days], [
      "events",
      ["doorbell"],
      3,
    ]);
    await call("set_recording_rules", { mode: "off", keep_days: null });
    const { recording, set_here } = await call("get_recording_rules");
    assertEquals([recording.mode, recording.keep_days, set_here], ["off", undefined, true]);
  },

  "events": async ({ hub, rig, call }) => {
    const before = (await call("list_events", { kind: "motion" })).events.length;
    await hub.waitFor(() => (rig.onvif?.subscriptions.at(-1)?.pulls ?? 0) > 0, "the hub to listen");
    rig.motion(true);
    rig.motion(false);
    await hub.waitFor(
      async () => (await call("list_events", { kind: "motion" })).events.length > before,
      "the event",
    );
  },

  "the card": async ({ rig, call }) => {
    const { recordings, storage } = rig.tapo.device;
    const startS = Date.UTC(2026, 2, 14, 12) / 1000;
    recordings!.clips = [{ startS, endS: startS + 60, type: 2 }];
    assertEquals((await call("list_camera_recordings", { day: "2026-03-14" })).recordings.length, 1);
    const before = storage!.formats;
    await call("format_camera_storage", { confirm: true });
    assertEquals([storage!.formats, recordings!.clips.length], [before + 1, 0]);
  },

  "cameras are found, tried, added, changed, stopped, started, removed": async ({ hub, other, call }) => {
    const { devices } = await call("discover_devices", { ...none, type: "tapo" });
    const found = devices.find(({ options }: Answer) => options.host === other.tapo.host);
    assertEquals([found?.details.model, found?.camera_id], ["C110", undefined]);
    const { rtsp, onvif } = other;
    const ports = { rtsp_port: rtsp.port, onvif_port: onvif?.port };
    const options = { ...found.options, ...CAMERA_ACCOUNT, cloud_password: CLOUD_PASSWORD, ...ports };
    const { posts } = other.tapo.loginAttempts;
    const { checks } = await call("check_camera", { ...none, type: "tapo", options });
    assertEquals(checks.map(({ state }: Answer) => state), ["ok", "ok"]);
    assert(other.tapo.loginAttempts.posts > posts, "the camera was asked");
    const added = await call("add_camera", { ...none, id: "new", name: "New", type: "tapo", options });
    assertEquals(added.camera.id, "new");
    await awaitStatus(hub, "new", "online");
    const renamed = await call("update_camera", { camera_id: "new", name: "Newer" });
    assertEquals(renamed.camera.name, "Newer");
    await call("disconnect_camera", { camera_id: "new" });
    await awaitStatus(hub, "new", "disabled");
    await call("connect_camera", { camera_id: "new" });
    await awaitStatus(hub, "new", "online");
    await call("remove_camera", { camera_id: "new", confirm: true });
    const { cameras } = await call("list_cameras", none);
    assertEquals(cameras.map(({ id }: Answer) => id), ["t"]);
    await hub.waitFor(() => other.tapo.connections === 0, "the hub to let go of the removed camera");
  },

  "what is known of cameras and hub": async ({ call, rig }) => {
    const [listed] = (await call("list_cameras", { ...none, status: "online" })).cameras;
    assertEquals([listed.id, listed.type], ["t", "tapo"]);
    const { camera } = await call("get_camera_info");
    assertEquals([camera.device.model, camera.device.firmware], ["C220", rig.tapo.model.firmware]);
    assertEquals((await call("get_camera_status")).cameras[0].status, "online");
    const { hub } = await call("get_system_info", none);
    assertMatch(hub.version, /^\d+\.\d+\.\d+/);
    const { lines } = await call("get_logs", { ...none, limit: 20 });
    assert(lines.length > 0 && !JSON.stringify(lines).includes(CLOUD_PASSWORD));
    const { entries } = await call("list_audit", { operation: "move_ptz" });
    assertEquals([entries[0].operation, entries[0].outcome], ["move_ptz", "done"]);
    const measured = await call("query_metrics", { fields: ["up"], from: "now-1h", step: "10m" });
    assertEquals([measured.step_s, measured.truncated], [600, false]);
    const { tool } = await call("get_help", { ...none, tool_name: "move_ptz" });
    assertEquals(tool.name, "move_ptz");
    assertEquals((await call("reload_config", none)).unchanged, ["t"]);
  },

  "alerts": async ({ hub, ntfy, call }) => {
    // Other cases disconnect it as well.
    await hub.waitFor(async () => (await call("list_alerts", none)).waiting === 0, "earlier messages");
    await call("discard_dead_letters", { ...none, confirm: true });
    const told = ntfy.messages.length;
    const { rules, channels } = await call("list_alert_rules", none);
    assertEquals([rules.length, channels.length], [6, 2]);
    await call("disconnect_camera");
    await hub.waitFor(() => ntfy.messages.length === told + 1, "the message");
    await call("connect_camera");
    await awaitStatus(hub, "t", "online");
    const { alerts: [alert], dead_letters } = await call("list_alerts", { limit: 1 });
    assertEquals([alert.rule, alert.acknowledged, dead_letters], ["stopped", false, 1]);
    const seen = await call("acknowledge_alert", { ...none, alert_id: alert.id, note: "a test" });
    assertEquals([seen.acknowledged, seen.note, seen.verified], [1, "a test", "readback"]);

    const { dead_letters: [letter] } = await call("list_dead_letters", none);
    assertEquals([letter.alert_id, letter.channel], [alert.id, "nowhere"]);
    assertEquals((await call("retry_dead_letters", { ...none, dead_letter_id: letter.id })).retried, 1);
    await hub.waitFor(async () => (await call("list_dead_letters", none)).total === 1, "it to fail again");
    assertEquals((await call("discard_dead_letters", { ...none, confirm: true })).discarded, 1);

    assertEquals((await call("test_alert_channel", { ...none, channel: "phone" })).type, "ntfy");
    assertEquals(ntfy.messages.at(-1)?.title, "A test of Tapo Camera MCP");
    assertEquals((await call("snooze_alerts", { minutes: 5 })).snoozes[0].camera_id, "t");
    assertEquals((await call("snooze_alerts", { minutes: 0 })).snoozes, []);
    assertEquals((await call("set_alarm_mode", { mode: "away" })).cameras[0].own, true);
    await call("set_alarm_mode", { mode: "as_house" });
    assertEquals((await call("get_alarm_mode", none)).cameras, [
      { camera_id: "t", mode: "disarmed", own: false },
    ]);
  },

  "timers": async ({ call, hub }) => {
    const { timer } = await call("set_timer", { name: "Eggs", duration_s: 360, zone: "Kitchen" });
    assertEquals([timer.name, timer.state, timer.camera_id], ["Eggs", "running", "t"]);
    await call("set_timer", { ...none, name: "Tea", duration_s: 1 });
    const list = async () => (await call("list_timers", none)).timers;
    await hub.waitFor(async () => (await list())[0].state === "done", "the end of a timer");
    assertEquals((await list()).map(({ name }: Answer) => name), ["Tea", "Eggs"]);
    await call("cancel_timer", { ...none, name: "tea" });
    await call("cancel_timer", { ...none, timer_id: timer.timer_id });
    assertEquals(await list(), []);
  },

  "restart": async ({ hub, rig, call }) => {
    const { reboots } = rig.tapo;
    assertEquals([(await call("reboot_camera")).needs, rig.tapo.reboots], ["confirm", reboots]);
    await call("reboot_camera", { confirm: true });
    assertEquals(rig.tapo.reboots, reboots + 1);
    await awaitStatus(hub, "t", "offline");
    await rig.tapo.online();
    await awaitStatus(hub, "t", "online");
  },
};

const WAYS = {
  stdio: ({ dataDir }: HubProcess) =>
    new StdioClientTransport({
      command: BINARY,
      args: ["mcp", "--data", dataDir],
      env: { PATH: Deno.env.get("PATH") ?? "", HOME: "/nonexistent" },
      stderr: "ignore",
    }),
  HTTP: ({ client: { origin, cookie } }: HubProcess) =>
    new StreamableHTTPClientTransport(new URL(`${origin}/mcp`), { requestInit: { headers: { cookie } } }),
};

/** Calls tools, keeps their names, and fails with what the tool says where it refuses. */
function caller(client: Client, called: Set<string>) {
  const result = async (name: string, input: object = {}): Promise<Answer> => {
    called.add(name);
    const given = Object.entries({ camera_id: "t", ...input }).filter(([, value]) => value !== undefined);
    const answer = await client.callTool({ name, arguments: Object.fromEntries(given) });
    if (answer.isError) throw new Error(`${name}: ${JSON.stringify(answer.content)}`);
    return answer;
  };
  return {
    call: async (name: string, input?: object) => (await result(name, input)).structuredContent,
    picture: async (name: string, input?: object) => {
      const { content } = await result(name, input);
      return Uint8Array.fromBase64(content.find(({ type }: Answer) => type === "image").data);
    },
  };
}

Deno.test({
  name: "[MCP-FOUR-WAYS] compiled: every tool does what it says, in both eras over stdio and HTTP",
  // The SDK's transport of stdio leaves timers of its own running for two seconds after its end.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (t) => {
    await using rig = await TapoRig.start({ model: C220, mounts: MOUNTS });
    rig.tapo.device.motor!.speedDegreesPerS = Infinity;
    rig.tapo.rebootMs = Infinity;
    await using other = await TapoRig.start({ model: C110, mounts: MOUNTS, host: ownHost(41) });
    await using _responder = await TapoDiscoveryResponder.start({ emulators: [other.tapo] });
    await using ntfy = new NtfyServer();
    const alerts = {
      allow: ["127.0.0.1"],
      channels: [
        { id: "phone", type: "ntfy", server: ntfy.url, topic: "house", snapshot: false },
        { id: "nowhere", type: "webhook", url: "http://169.254.169.254/", snapshot: false },
      ],
      rules: [{ id: "stopped", when: { events: ["camera_state"], status: ["disabled"] }, cooldown_s: 0 }],
    };
    await using hub = await startHub([{ id: "t", type: "tapo", ...rig.options }], { alerts });
    await awaitStatus(hub, "t", "online");
    for (const era of Object.keys(MODES) as Era[]) {
      for (const [way, transport] of Object.entries(WAYS)) {
        const client = new Client({ name: "e2e", version: "1" }, {
          versionNegotiation: { mode: MODES[era] },
        });
        await client.connect(transport(hub));
        assertEquals(client.getNegotiatedProtocolVersion(), era);
        const called = new Set<string>();
        const stage = { hub, rig, other, ntfy, ...caller(client, called) };
        for (const [name, run] of Object.entries(CASES)) {
          await t.step(`${era} over ${way}: ${name}`, () => run(stage));
        }
        const { tools } = await client.listTools();
        assertEquals(tools.map(({ name }) => name).filter((name) => !called.has(name)), []);
        await client.close();
      }
    }
  },
});
