// The typed methods: what each makes of a camera's answer, and of an empty one.
import { assertEquals } from "@std/assert";
import { readAlarm } from "../../../../src/protocols/tapo/alarm.ts";
import { readAudio } from "../../../../src/protocols/tapo/audio.ts";
import * as device from "../../../../src/protocols/tapo/device.ts";
import * as image from "../../../../src/protocols/tapo/image.ts";
import * as presets from "../../../../src/protocols/tapo/presets.ts";
import * as siren from "../../../../src/protocols/tapo/siren.ts";
import { FakeCaller, type Layout } from "./fake_caller.ts";

const signal = new AbortController().signal;

/** What a reading makes of an answer, and of an empty one. */
const READS: [string, (caller: FakeCaller) => Promise<unknown>, Record<string, Layout>, unknown, unknown][] =
  [
    [
      "readDeviceInfo",
      (it) => device.readDeviceInfo(it, signal),
      {
        getDeviceInfo: {
          device_info: {
            basic_info: {
              device_alias: "Yard",
              device_model: "C520WS",
              device_type: "SMART.IPCAMERA",
              dev_id: "8021",
              mac: "F0-A7-31-00-00-00",
              sw_version: "1.2.8",
              hw_version: "1.0",
              region: "US",
              is_cal: true,
            },
          },
        },
      },
      {
        name: "Yard",
        model: "C520WS",
        type: "SMART.IPCAMERA",
        deviceId: "8021",
        mac: "F0:A7:31:00:00:00",
        firmware: "1.2.8",
        hardware: "1.0",
        region: "US",
        isCalibrated: true,
      },
      {},
    ],
    [
      "readSignalDbm",
      (it) => device.readSignalDbm(it, signal),
      { getConnectionType: { link_type: "wifi", rssi: "3", rssiValue: -61, ssid: "" } },
      -61,
      undefined,
    ],
    [
      "readSignalDbm without Wi-Fi",
      (it) => device.readSignalDbm(it, signal),
      { getConnectionType: { link_type: "wifi", rssi: "-1", rssiValue: 0, ssid: "" } },
      undefined,
      undefined,
    ],
    [
      "readSignalDbm of a level alone",
      (it) => device.readSignalDbm(it, signal),
      { getConnectionType: { link_type: "wifi", rssi: "3" } },
      undefined,
      undefined,
    ],
    [
      "readClock",
      (it) => device.readClock(it, signal),
      {
        getClockStatus: {
          system: { clock_status: { local_time: "2024-12-16 17:09:43", seconds_from_1970: 1734386983 } },
        },
      },
      { epochSeconds: 1734386983, localTime: "2024-12-16 17:09:43" },
      {},
    ],
    [
      "readLastAlarm",
      (it) => device.readLastAlarm(it, signal),
      {
        getLastAlarmInfo: {
          system: { last_alarm_info: { last_alarm_time: "1734386954", last_alarm_type: "motion" } },
        },
      },
      { epochSeconds: 1734386954, type: "motion" },
      {},
    ],
    [
      "listPresets",
      (it) => presets.listPresets(it, signal),
      {
        getPresetConfig: {
          preset: {
            preset: {
              id: ["1", "2"],
              name: ["Door", "Street"],
              position_pan: ["-0.328380", "0.010401"],
              position_tilt: ["-0.062500"],
              position_zoom: [],
              read_only: ["0", "1"],
            },
          },
        },
      },
      [
        { id: "1", name: "Door", pan: -0.32838, tilt: -0.0625, isReadOnly: false },
        { id: "2", name: "Street", pan: 0.010401, isReadOnly: true },
      ],
      [],
    ],
    [
      "readAudio",
      (it) => readAudio(it, signal),
      {
        getAudioConfig: {
          audio_config: { microphone: { mute: "off", volume: "81" }, speaker: { volume: "100" } },
        },
      },
      { speakerPercent: 100, microphonePercent: 81, isMicrophoneMuted: false },
      {},
    ],
    [
      "readAlarm",
      (it) => readAlarm(it, signal),
      {
        getAlertConfig: {
          msg_alarm: {
            chn1_msg_alarm_info: { alarm_mode: ["sound"], alarm_volume: "high", enabled: "off" },
          },
        },
      },
      { isEnabled: false, hasSound: true, hasLight: false, volume: "high" },
      {},
    ],
    [
      "readHubSiren",
      (it) => siren.readHubSiren(it, signal),
      { getSirenStatus: { status: "off", time_left: 0 } },
      { isOn: false, secondsLeft: 0 },
      {},
    ],
    [
      "listNightVisionModes",
      (it) => image.listNightVisionModes(it, signal),
      {
        getNightVisionCapability: {
          image_capability: { supplement_lamp: { night_vision_mode_range: ["inf_night_vision"] } },
        },
      },
      ["inf_night_vision"],
      [],
    ],
  ];
for (const [name, read, answers, expected, empty] of READS) {
  Deno.test(`${name}: reads what cameras answer`, async () => {
    assertEquals(await read(new FakeCaller(answers)), expected);
  });
  Deno.test(`${name}: knows nothing of an empty answer`, async () => {
    const nothing = Object.fromEntries(Object.keys(answers).map((method) => [method, {}]));
    assertEquals(await read(new FakeCaller(nothing)), empty);
  });
}
