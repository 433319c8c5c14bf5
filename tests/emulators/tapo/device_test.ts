// The devices behind the protocol: settings, card, recordings, siren, lamp, hub; their limits and refusals.
import { assert, assertEquals } from "@std/assert";
import { bench, START_MS } from "./bench.ts";
import { answerEnvelope } from "./envelope.ts";
import type { JsonObject } from "./json.ts";
import { C110, C210, C220, C520WS, C545D, D130, H200, MODELS } from "./models/index.ts";

Deno.test("settings take known values, ignore unknown fields and refuse what cannot be", () => {
  const { call } = bench(C220);
  const write = (fields: JsonObject) =>
    call("setDetectionConfig", { motion_detection: { motion_det: fields } });
  assertEquals(write({ enabled: "off", digital_sensitivity: 80, colour: "blue" }), {});
  const { motion_detection: { motion_det } } = call("getDetectionConfig", {
    motion_detection: { name: ["motion_det"] },
  }) as unknown as { motion_detection: { motion_det: JsonObject } };
  assertEquals([motion_det["enabled"], motion_det["digital_sensitivity"], "colour" in motion_det], [
    "off",
    "80",
    false,
  ]);
  assertEquals(write({ digital_sensitivity: "101" }), -40209);
  assertEquals(call("getDetectionConfig", { motion_detection: { name: ["nothing"] } }), -40101);
  assertEquals(
    call("setNightVisionModeConfig", { image: { switch: { night_vision_mode: "wtl_night_vision" } } }),
    -40209,
  );
});

Deno.test("what a model lacks is refused as its firmware does", () => {
  assertEquals(bench(C110).call("motorMove", { motor: { move: { x_coord: "1", y_coord: "1" } } }), -40106);
  assertEquals(
    bench(C110).call("getBarkDetectionConfig", { bark_detection: { name: ["detection"] } }),
    -40106,
  );
  assertEquals(bench(C545D).call("getChildDeviceList", { childControl: { start_index: 0 } }), -40210);
  assertEquals(bench(H200).call("getAlertConfig", {}), {});
});

Deno.test("lenses have their own settings where the camera has several", () => {
  const { call } = bench(C545D);
  const both = { motion_detection: { name: ["motion_det"], chn_id: [1, 2] } };
  const change = { motion_detection: { chn_id: [2], motion_det_chn: { "2": { enabled: "off" } } } };
  assertEquals(call("setDetectionConfig", change), {});
  const answer = call("getDetectionConfig", both) as unknown as {
    motion_detection: { motion_det_chn: { [lens: string]: JsonObject } };
  };
  const lenses = answer.motion_detection.motion_det_chn;
  assertEquals([lenses["1"]!["enabled"], lenses["2"]!["enabled"]], ["on", "off"]);
  assertEquals(call("getLensMaskConfig", { lens_mask: { name: ["lens_mask_info"], chn_id: [1] } }), -40101);
  assertEquals(bench(C210).call("getDetectionConfig", both), -40101);
});

Deno.test("the card tells its state, and formatting empties it", () => {
  const { device, clock, call } = bench(C210);
  const status = () => {
    const { harddisk_manage: { hd_info: [card] } } = call("getSdCardStatus", {
      harddisk_manage: { table: ["hd_info"] },
    }) as unknown as { harddisk_manage: { hd_info: [{ hd_info_1: { [field: string]: string } }] } };
    return card.hd_info_1;
  };
  assertEquals([status()["status"], status()["total_space"]], ["normal", "119.2GB"]);
  device.recordings!.clips.push({ startS: 1, endS: 2, type: 1 });
  device.storage!.formatMs = 9000;
  assertEquals(call("formatSdCard", { harddisk_manage: { format_hd: "1" } }), {});
  assertEquals([status()["status"], device.recordings!.clips.length], ["formatting", 0]);
  clock.nowMs += 9000;
  assertEquals([status()["status"], status()["free_space"]], ["normal", "119.2GB"]);
  device.storage!.state = "offline";
  assertEquals([status()["status"], status()["total_space_accurate"]], ["offline", "0B"]);
  assertEquals(call("formatSdCard", { harddisk_manage: { format_hd: "1" } }), -71114);
});

Deno.test("recordings are found by day and by time, page by page, for who has a user id", () => {
  const { device, call } = bench(C210);
  const firstS = Date.UTC(2026, 2, 14, 23, 10) / 1000; // after midnight in Berlin
  for (let at = 0; at < 150; at++) {
    device.recordings!.clips.push({ startS: firstS + at * 60, endS: firstS + at * 60 + 30, type: 2 });
  }
  const days = {
    playback: { search_year_utility: { channel: [0], start_date: "20260101", end_date: "20261231" } },
  };
  const found = call("searchDateWithVideo", days);
  assertEquals(found, { playback: { search_results: [{ search_results_1: { date: "20260315" } }] } });
  const page = (id: number, start: number): JsonObject => {
    const window = {
      start_time: firstS,
      end_time: firstS + 86_400,
      start_index: start,
      end_index: start + 99,
    };
    return { playback: { search_video_with_utc: { channel: 0, id, ...window } } };
  };
  assertEquals(call("searchVideoWithUTC", page(1, 0)), -71103);
  assertEquals(call("getUserID", { system: { get_user_id: "null" } }), { user_id: 1 });
  const read = (start: number) =>
    (call("searchVideoWithUTC", page(1, start)) as unknown as {
      playback: { search_video_results: JsonObject[]; to_be_continued: number };
    }).playback;
  assertEquals([read(0).search_video_results.length, read(0).to_be_continued], [100, 1]);
  assertEquals([read(100).search_video_results.length, read(100).to_be_continued], [50, 0]);
  assertEquals(Object.keys(read(100).search_video_results[0]!), ["search_video_results_101"]);
});

Deno.test("detections are listed in the camera's time; a quiet window is an empty object", () => {
  const { device, call } = bench(C545D, 90);
  assertEquals(device.clock.seconds, START_MS / 1000 + 90);
  assertEquals(device.clock.localTime(), "2026-03-14 23:31:30");
  const search = () => {
    const window = { start_time: 0, end_time: 2_000_000_000, start_index: 0, end_index: 99, channel: 0 };
    return call("searchDetectionList", { playback: { search_detection_list: window } });
  };
  assertEquals(search(), {});
  device.recordings!.detections.push({ startS: 1000, endS: 1060, alarmType: 6, lens: 2 });
  const { playback } = search() as unknown as { playback: { search_detection_list: JsonObject[] } };
  assertEquals(playback.search_detection_list, [{
    start_time: 1000,
    end_time: 1060,
    alarm_type: 6,
    chn_events: { "2": { events_1: 34, event_start_time: 1000 } },
  }]);
});

Deno.test("the siren sounds until it is stopped or its time is over", () => {
  const { device, clock } = bench(C210);
  const manual = (action: string) =>
    answerEnvelope(device, { method: "do", msg_alarm: { manual_msg_alarm: { action } } });
  assertEquals(manual("start"), { error_code: 0 });
  assert(device.alarm.isActive);
  assertEquals(manual("stop"), { error_code: 0 });
  assert(!device.alarm.isActive);
  assertEquals(manual("sing"), { error_code: -40209 });
  device.settings.put("msg_alarm", "chn1_msg_alarm_info", { alarm_duration: "10" });
  manual("start");
  clock.nowMs += 10_000;
  assert(!device.alarm.isActive);
});

Deno.test("the white lamp is a toggle that goes out by itself", () => {
  const { device, clock, call } = bench(C520WS);
  const toggle = () => call("reverseWhitelampStatus", { image: { reverse_wtl_status: ["null"] } });
  toggle();
  assertEquals(call("getWhitelampStatus", { image: { get_wtl_status: ["null"] } }), {
    status: 1,
    rest_time: 240,
  });
  clock.nowMs += 240_000;
  assert(!device.lamp.isOn);
  assertEquals(
    bench(C210).call("reverseWhitelampStatus", { image: { reverse_wtl_status: ["null"] } }),
    -40106,
  );
});

Deno.test("a hub lists its doorbell, passes requests on to it, and cannot reach it while it sleeps", () => {
  const { device, call } = bench(H200);
  const child = device.children!.list[0]!;
  const list = call("getChildDeviceList", { childControl: { start_index: 0 } }) as {
    [field: string]: number;
  };
  assertEquals([list["sum"], (list["child_device_list"] as unknown as JsonObject[])[0]!["battery_percent"]], [
    1,
    84,
  ]);
  const ask = () => {
    const requests = [{ method: "getBatteryStatus", params: { battery: { name: "status" } } }];
    const request_data = { method: "multipleRequest", params: { requests } };
    const params = { childControl: { device_id: child.id, request_data } };
    const answer = answerEnvelope(device, {
      method: "multipleRequest",
      params: { requests: [{ method: "controlChild", params }] },
    });
    return (answer as unknown as { result: { responses: [JsonObject] } }).result.responses[0];
  };
  const status = { battery_percent: 84, battery_charging: "NO", low_battery: false };
  const responses = [{ method: "getBatteryStatus", result: { battery: { status } }, error_code: 0 }];
  assertEquals(ask()["result"], { response_data: { result: { responses }, error_code: 0 } });
  child.isAsleep = true;
  child.wakesAfter = 1;
  assertEquals([ask()["error_code"], ask()["error_code"]], [-1007, 0]);
});

Deno.test("a hub's siren has a kind, a loudness and a time", () => {
  const { clock, call } = bench(H200);
  assertEquals(call("setSirenConfig", { siren: { siren_type: "Alarm 1", volume: "3", duration: 15 } }), {});
  assertEquals(call("setSirenConfig", { siren: { volume: "11" } }), -40209);
  assertEquals(call("setSirenStatus", { siren: { status: "on" } }), {});
  clock.nowMs += 5000;
  assertEquals(call("getSirenStatus", { siren: {} }), { status: "on", time_left: 10 });
  assertEquals(call("getSirenStatus", { msg_alarm: {} }), -40101);
});

Deno.test("every model lists its parts and says who it is", () => {
  for (const model of MODELS) {
    const { call } = bench(model);
    const list = call("getAppComponentList") as unknown as {
      app_component: { app_component_list: { name: string; version: number }[] };
    };
    const names = list.app_component.app_component_list.map(({ name }) => name);
    assertEquals(new Set(names).size, names.length, `${model.model} lists a part twice`);
    const info = call("getDeviceInfo", { device_info: { name: ["basic_info"] } }) as {
      device_info: { basic_info: JsonObject };
    };
    assertEquals(info.device_info.basic_info["device_model"], model.model);
  }
  assert(bench(D130).device.has("ring"));
});
