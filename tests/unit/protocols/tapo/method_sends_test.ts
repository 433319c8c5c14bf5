// The typed methods: what each sends, member for member as cameras want it.
import { assertEquals } from "@std/assert";
import { setAudio } from "../../../../src/protocols/tapo/audio.ts";
import * as device from "../../../../src/protocols/tapo/device.ts";
import * as image from "../../../../src/protocols/tapo/image.ts";
import { setPatrol } from "../../../../src/protocols/tapo/patrol.ts";
import * as presets from "../../../../src/protocols/tapo/presets.ts";
import * as ptz from "../../../../src/protocols/tapo/ptz.ts";
import * as siren from "../../../../src/protocols/tapo/siren.ts";
import { formatCard } from "../../../../src/protocols/tapo/storage.ts";
import { setSwitch } from "../../../../src/protocols/tapo/switches.ts";
import { FakeCaller } from "./fake_caller.ts";

const signal = new AbortController().signal;

/** What an action sends to a camera that accepts everything. */
const SENDS: [string, (caller: FakeCaller) => Promise<unknown>, string, unknown][] = [
  ["reboot", (it) => device.reboot(it, signal), "rebootDevice", { system: { reboot: "null" } }],
  [
    "moveBy",
    (it) => ptz.moveBy(it, { x: 10.4, y: -0.2 }, signal),
    "motorMove",
    { motor: { move: { x_coord: "10", y_coord: "0" } } },
  ],
  ["stopMoving", (it) => ptz.stopMoving(it, signal), "cruiseStop", { motor: { cruise_stop: {} } }],
  ["calibrate", (it) => ptz.calibrate(it, signal), "manualCalibrate", { motor: { manual_cali: "" } }],
  [
    "savePreset",
    (it) => presets.savePreset(it, "Door", signal),
    "addMotorPostion",
    { preset: { set_preset: { name: "Door", save_ptz: "1" } } },
  ],
  [
    "recallPreset",
    (it) => presets.recallPreset(it, "2", signal),
    "motorMoveToPreset",
    { preset: { goto_preset: { id: "2" } } },
  ],
  [
    "removePreset",
    (it) => presets.removePreset(it, "2", signal),
    "deletePreset",
    { preset: { remove_preset: { id: ["2"] } } },
  ],
  [
    "setPatrol",
    (it) => setPatrol(it, true, signal),
    "setPatrolStatus",
    { patrol: { set_patrol_status: { value: "on" } } },
  ],
  ["formatCard", (it) => formatCard(it, "2", signal), "formatSdCard", {
    harddisk_manage: { format_hd: "2" },
  }],
  [
    "setDayNight",
    (it) => image.setDayNight(it, "night", signal),
    "setDayNightModeConfig",
    { image: { common: { inf_type: "on" } } },
  ],
  [
    "setNightVision",
    (it) => image.setNightVision(it, "md_night_vision", signal),
    "setNightVisionModeConfig",
    { image: { switch: { night_vision_mode: "md_night_vision" } } },
  ],
  [
    "setFlipped",
    (it) => image.setFlipped(it, true, signal),
    "setLdc",
    { image: { switch: { flip_type: "center" } } },
  ],
  [
    "setLensCorrection",
    (it) => image.setLensCorrection(it, false, signal),
    "setLdc",
    { image: { switch: { ldc: "off" } } },
  ],
  [
    "setLightFrequency",
    (it) => image.setLightFrequency(it, "50", signal),
    "setLightFrequencyInfo",
    { image: { common: { light_freq_mode: "50" } } },
  ],
  [
    "setSwitch privacy",
    (it) => setSwitch(it, { id: "privacy", isOn: true }, signal),
    "setLensMaskConfig",
    { lens_mask: { lens_mask_info: { enabled: "on" } } },
  ],
  [
    "setSwitch led",
    (it) => setSwitch(it, { id: "led", isOn: false }, signal),
    "setLedStatus",
    { led: { config: { enabled: "off" } } },
  ],
  [
    "setSwitch loop_recording",
    (it) => setSwitch(it, { id: "loop_recording", isOn: true }, signal),
    "setCircularRecordingConfig",
    { harddisk_manage: { harddisk: { loop: "on" } } },
  ],
  [
    "setSwitch auto_upgrade",
    (it) => setSwitch(it, { id: "auto_upgrade", isOn: true }, signal),
    "setFirmwareAutoUpgradeConfig",
    { auto_upgrade: { common: { random_range: 120, enabled: "on" } } },
  ],
  [
    "setAudio",
    (it) => setAudio(it, { speakerPercent: 49.6 }, signal),
    "setSpeakerVolume",
    { method: "set", audio_config: { speaker: { volume: "50" } } },
  ],
  [
    "setHubSiren",
    (it) => siren.setHubSiren(it, true, signal),
    "setSirenStatus",
    { siren: { status: "on" } },
  ],
];
for (const [name, act, method, params] of SENDS) {
  Deno.test(`${name}: sends ${method} as cameras want it`, async () => {
    const caller = new FakeCaller({ [method]: {} });
    await act(caller);
    assertEquals(caller.asked, [[method, params]]);
  });
}
