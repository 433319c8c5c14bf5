// The typed methods where they do more than ask once: second ways, lists in pages, limits, units.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import { setAlarm } from "../../../../src/protocols/tapo/alarm.ts";
import { setAudio } from "../../../../src/protocols/tapo/audio.ts";
import { readChildren } from "../../../../src/protocols/tapo/children.ts";
import { featuresOf, hasFeature, readComponents } from "../../../../src/protocols/tapo/components.ts";
import * as image from "../../../../src/protocols/tapo/image.ts";
import * as presets from "../../../../src/protocols/tapo/presets.ts";
import * as ptz from "../../../../src/protocols/tapo/ptz.ts";
import * as siren from "../../../../src/protocols/tapo/siren.ts";
import { listCards, parseBytes } from "../../../../src/protocols/tapo/storage.ts";
import { readSwitch, readSwitches } from "../../../../src/protocols/tapo/switches.ts";
import { FakeCaller } from "./fake_caller.ts";

const signal = new AbortController().signal;

Deno.test("readComponents: names and versions become features", async () => {
  const list = [{ name: "ptz", version: 1 }, { name: "lensMask", version: "2" }, { name: "led" }, {}, 3];
  const caller = new FakeCaller({ getAppComponentList: { app_component: { app_component_list: list } } });
  const components = await readComponents(caller, signal);
  assertEquals([...components], [["ptz", 1], ["lensMask", 2], ["led", 1]]);
  assertEquals([...featuresOf(components)], ["ptz", "presets", "privacy", "led"]);
  assert(!hasFeature(components, "storage"));
  assertEquals(caller.asked, [["getAppComponentList", { app_component: { name: "app_component_list" } }]]);
});

Deno.test("readChildren: reads a hub's children page by page", async () => {
  const page = (...ids: string[]) => ({
    child_device_list: ids.map((device_id) => ({
      device_id,
      alias: `cam ${device_id}`,
      battery_percent: 90,
    })),
    sum: 3,
  });
  const caller = new FakeCaller({ getChildDeviceList: [page("a", "b"), page("c")] });
  const children = await readChildren(caller, signal);
  assertEquals(children.map(({ id }) => id), ["a", "b", "c"]);
  assertEquals(children[0]?.info, { deviceId: "a", name: "cam a", batteryPercent: 90 });
  assertEquals(caller.asked.length, 2);
});

Deno.test("moveBy: sends nothing for nothing, and refuses what is no number", async () => {
  const caller = new FakeCaller();
  await ptz.moveBy(caller, { x: 0.2, y: -0.4 }, signal);
  const error = await assertRejects(() => ptz.moveBy(caller, { x: NaN, y: 0 }, signal), HubError);
  assertEquals([error.kind, caller.asked.length], ["invalid_input", 0]);
});

Deno.test("whenMotorIsFree: stops a busy motor and tries once more", async () => {
  const caller = new FakeCaller({ motorMove: [-64303, {}], cruiseStop: {} });
  await ptz.moveBy(caller, { x: 1, y: 0 }, signal);
  assertEquals(caller.asked.map((each) => (each as unknown[])[0]), ["motorMove", "cruiseStop", "motorMove"]);
});

Deno.test("whenMotorIsFree: a motor that stays busy, and every other refusal, is told", async () => {
  const busy = new FakeCaller({ motorMoveToPreset: -64303, cruiseStop: {} });
  const error = await assertRejects(() => presets.recallPreset(busy, "1", signal), HubError);
  assertEquals([error.kind, busy.asked.length], ["unavailable", 3]);
  const end = new FakeCaller({ motorMove: -64304 });
  await assertRejects(() => ptz.moveBy(end, { x: 1, y: 0 }, signal), HubError);
  assertEquals(end.asked.length, 1);
});

Deno.test("savePreset: needs a name", async () => {
  const error = await assertRejects(() => presets.savePreset(new FakeCaller(), "  ", signal), HubError);
  assertEquals(error.kind, "invalid_input");
});

const SIZES: [unknown, number | undefined][] = [
  ["121601261568B", 121601261568],
  ["113.3GB", Math.round(113.3 * 1024 ** 3)],
  ["119.1 MB", Math.round(119.1 * 1024 ** 2)],
  ["0B", 0],
  ["12KB", 12288],
  ["1TB", 1024 ** 4],
  ["", undefined],
  ["GB", undefined],
  ["1PB", undefined],
  [5, undefined],
  [null, undefined],
];
for (const [text, bytes] of SIZES) {
  Deno.test(`parseBytes: ${Deno.inspect(text)} is ${bytes}`, () => assertEquals(parseBytes(text), bytes));
}

Deno.test("listCards: a card has sizes in bytes, an empty slot has none", async () => {
  const card = {
    disk_name: "1",
    status: "normal",
    total_space: "113.5GB",
    total_space_accurate: "121869697024B",
    free_space: "113.3GB",
    free_space_accurate: "121601261568B",
    percent: "100",
    rw_attr: "rw",
    write_protect: "0",
    loop_record_status: "1",
    record_start_time: "1734403667",
  };
  const empty = { disk_name: "2", status: "offline", total_space: "0B", free_space: "0B", rw_attr: "r" };
  const hd_info = [{ hd_info_1: card }, { hd_info_2: empty }, { hd_info_3: { detect_status: "offline" } }];
  const caller = new FakeCaller({ getSdCardStatus: { harddisk_manage: { hd_info } } });
  assertEquals(await listCards(caller, signal), [
    {
      slot: "1",
      status: "normal",
      totalBytes: 121869697024,
      freeBytes: 121601261568,
      percent: 100,
      isWritable: true,
      isOverwriting: true,
      oldestEpochSeconds: 1734403667,
    },
    { slot: "2", status: "offline", isWritable: false },
    { slot: "1", status: "offline" },
  ]);
  assertEquals(caller.asked, [["getSdCardStatus", { harddisk_manage: { table: ["hd_info"] } }]]);
});

Deno.test("listCards: a full card has no free bytes, which is not unknown", async () => {
  const hd_info = [{ hd_info_1: { disk_name: "1", total_space: "119.1GB", free_space: "0B" } }];
  const [card] = await listCards(
    new FakeCaller({ getSdCardStatus: { harddisk_manage: { hd_info } } }),
    signal,
  );
  assertEquals(card?.freeBytes, 0);
});

Deno.test("setSiren: uses the form that stands alone, and another where that is unknown", async () => {
  const camera = new FakeCaller({ "do msg_alarm": { error_code: 0 } });
  await siren.setSiren(camera, true, signal);
  assertEquals(camera.asked, [{ method: "do", msg_alarm: { manual_msg_alarm: { action: "start" } } }]);
  const child = new FakeCaller({ "do msg_alarm": -40210, setSirenStatus: {} });
  await siren.setSiren(child, false, signal);
  assertEquals(child.asked[1], ["setSirenStatus", { msg_alarm: { status: "off" } }]);
  const covered = new FakeCaller({ "do msg_alarm": -64324 });
  await assertRejects(() => siren.setSiren(covered, true, signal), HubError);
  assertEquals(covered.asked.length, 1);
});

const ALARM = { alarm_mode: ["sound", "light"], alarm_type: "0", light_type: "1", enabled: "off" };
Deno.test("setAlarm: changes what is given and keeps the rest", async () => {
  const get = { msg_alarm: { chn1_msg_alarm_info: ALARM } };
  const caller = new FakeCaller({ getAlertConfig: get, setAlertConfig: {} });
  await setAlarm(caller, { isEnabled: true, hasLight: false, volume: "low" }, signal);
  const info = {
    enabled: "on",
    alarm_mode: ["sound"],
    alarm_volume: "low",
    alarm_type: "0",
    light_type: "1",
  };
  assertEquals(caller.asked[1], ["setAlertConfig", { msg_alarm: { chn1_msg_alarm_info: info } }]);
  const error = await assertRejects(
    () => setAlarm(caller, { hasSound: false, hasLight: false }, signal),
    HubError,
  );
  assertEquals(error.kind, "invalid_input");
});

Deno.test("setAlarm: falls back to the form that stands alone, and to the methods of children", async () => {
  const get = { msg_alarm: { chn1_msg_alarm_info: ALARM } };
  const old = new FakeCaller({ getAlertConfig: get, "set msg_alarm": {} });
  await setAlarm(old, { isEnabled: true }, signal);
  assertEquals((old.asked[2] as { method: string }).method, "set");
  const child = new FakeCaller({
    getAlarmConfig: { enabled: "on", alarm_mode: ["siren"] },
    setAlarmConfig: {},
  });
  await setAlarm(child, { hasLight: true }, signal);
  assertEquals(child.asked[2], ["setAlarmConfig", {
    msg_alarm: { enabled: "on", alarm_mode: ["siren", "light"] },
  }]);
});

Deno.test("readImage: puts four answers together, whatever is missing", async () => {
  const answers = {
    getLdc: { image: { switch: { ldc: "on", flip_type: "center" } } },
    getNightVisionModeConfig: { image: { switch: { night_vision_mode: "inf_night_vision" } } },
    getLightFrequencyInfo: { image: { common: { inf_type: "off", light_freq_mode: "60" } } },
  };
  assertEquals(await image.readImage(new FakeCaller(answers), signal), {
    dayNight: "day",
    nightVision: "inf_night_vision",
    isFlipped: true,
    hasLensCorrection: true,
    lightFrequency: "60",
  });
  assertEquals(await image.readImage(new FakeCaller({ getLdc: { image: {} } }), signal), {});
  assertEquals(
    (await assertRejects(() => image.readImage(new FakeCaller(), signal), HubError)).kind,
    "unsupported",
  );
});

Deno.test("setFlipped: cameras behind a hub have another method", async () => {
  const caller = new FakeCaller({ setRotationStatus: {} });
  await image.setFlipped(caller, false, signal);
  assertEquals(caller.asked[1], ["setRotationStatus", { image: { switch: { flip_type: "off" } } }]);
});

Deno.test("readSwitches: on, off, not there, and neither", async () => {
  const caller = new FakeCaller({
    getLensMaskConfig: { lens_mask: { lens_mask_info: { enabled: "on" } } },
    getLedStatus: { led: { config: { enabled: "auto" } } },
    getCircularRecordingConfig: { harddisk_manage: { harddisk: { loop: "off" } } },
  });
  const states = await readSwitches(caller, ["privacy", "led", "loop_recording", "tracking"], signal);
  assertEquals([states.get("privacy"), states.has("led"), states.get("loop_recording")], [
    true,
    false,
    false,
  ]);
  const missing = states.get("tracking");
  assert(missing instanceof HubError && missing.kind === "unsupported");
  assertEquals(caller.asked.slice(0, 3), [
    ["getLensMaskConfig", { lens_mask: { name: ["lens_mask_info"] } }],
    ["getLedStatus", { led: { name: ["config"] } }],
    ["getCircularRecordingConfig", { harddisk_manage: { name: "harddisk" } }],
  ]);
  assertEquals(await readSwitch(caller, "privacy", signal), true);
});

Deno.test("setAudio: speaker and microphone have a method each, and a range", async () => {
  const caller = new FakeCaller({ setSpeakerVolume: {}, setMicrophoneVolume: {} });
  await setAudio(caller, { speakerPercent: 10, microphonePercent: 0, isMicrophoneMuted: true }, signal);
  assertEquals(caller.asked[1], ["setMicrophoneVolume", {
    method: "set",
    audio_config: { microphone: { volume: "0", mute: "on" } },
  }]);
  const error = await assertRejects(() => setAudio(caller, { speakerPercent: 101 }, signal), HubError);
  assertEquals([error.kind, caller.asked.length], ["invalid_input", 2]);
});
