// The settings that come with each part of a camera, as they are out of the box.
import type { Json, JsonObject } from "./json.ts";
import { componentNames, type TapoModel } from "./models/model.ts";
import type { Modules } from "./settings.ts";

const ALWAYS: Modules = {
  system: {
    basic: { timezone: "UTC+01:00", timing_mode: "ntp", zone_id: "Europe/Berlin" },
    dst: { enabled: "1", dst_type: "auto" },
    sys: { diagnose_mode: "off" },
    last_alarm_info: { last_alarm_time: "0", last_alarm_type: "" },
  },
  cet: { media_encrypt: { enabled: "on" }, vhttpd: { port: "8800" } },
  timing_reboot: { reboot: { enabled: "off", day: "1", time: "04:30:00", random_range: "30" } },
};

const weekOf = (value: string): JsonObject =>
  Object.fromEntries(
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"].map((day) => [day, value]),
  );
const detection = (sensitivity: string): Modules[string] => ({
  detection: { enabled: "off", sensitivity },
});

const IMAGE: JsonObject = {
  common: {
    inf_type: "auto",
    inf_sensitivity: "3",
    inf_delay: "5",
    inf_start_time: "68400",
    inf_end_time: "25200",
    light_freq_mode: "50",
    luma: "50",
    contrast: "50",
    chroma: "50",
    saturation: "55",
    sharpness: "45",
    exp_type: "auto",
    wide_dynamic: "off",
    smartir: "auto_ir",
    wtl_type: "auto",
  },
  switch: {
    flip_type: "off",
    rotate_type: "off",
    ldc: "off",
    night_vision_mode: "inf_night_vision",
    switch_mode: "common",
    image_scene_mode: "normal",
    full_color_min_keep_time: "5",
    wtl_force_time: "240",
    wtl_intensity_level: "4",
    wtl_manual_start_flag: "off",
  },
};

/** By component; the component list decides which of them a device has. */
const BY_COMPONENT: { [component: string]: Modules } = {
  led: { led: { config: { enabled: "on" } } },
  lensMask: { lens_mask: { lens_mask_info: { enabled: "off" } } },
  dayNightMode: { image: IMAGE },
  detection: {
    motion_detection: {
      motion_det: {
        enabled: "on",
        digital_sensitivity: "55",
        sensitivity: "medium",
        people_enabled: "off",
        vehicle_enabled: "off",
        non_vehicle_enabled: "off",
      },
      region_info: [],
    },
  },
  personDetection: { people_detection: detection("55") },
  vehicleDetection: { vehicle_detection: detection("50") },
  petDetection: { pet_detection: detection("65") },
  packageDetection: { package_detection: detection("50") },
  barkDetection: { bark_detection: detection("45") },
  meowDetection: { meow_detection: detection("45") },
  glassDetection: { glass_detection: detection("70") },
  babyCryDetection: {
    sound_detection: { bcd: { enabled: "off", digital_sensitivity: "50", sensitivity: "medium" } },
  },
  tamperDetection: {
    tamper_detection: { tamper_det: { enabled: "off", digital_sensitivity: "50", sensitivity: "medium" } },
  },
  linecrossingDetection: {
    linecrossing_detection: { detection: { enabled: "off" }, arming_schedule: weekOf('["0600-2200"]') },
  },
  msgPush: {
    msg_push: { chn1_msg_push_info: { notification_enabled: "on", rich_notification_enabled: "on" } },
  },
  record: { record_plan: { chn1_channel: { enabled: "on", ...weekOf('["0000-2400:1"]') } } },
  sdCard: { harddisk_manage: { harddisk: { loop: "on" } } },
  firmware: {
    auto_upgrade: { common: { enabled: "off", random_range: "60", time: "02:30" } },
    cloud_config: {
      upgrade_status: { state: "normal", lastUpgradingSuccess: true },
      upgrade_info: { version: "", release_log: "", type: 0 },
    },
  },
  audio: {
    audio_config: {
      microphone: {
        volume: "70",
        mute: "off",
        noise_cancelling: "on",
        echo_cancelling: "off",
        encode_type: "G711alaw",
        sampling_rate: "8",
        bitrate: "64",
        channels: "1",
        input_device_type: "MicIn",
      },
      speaker: { volume: "65", mute: "off", output_device_type: "SpeakerOut" },
      record_audio: { enabled: "on" },
    },
    audio_capability: {
      device_microphone: { encode_type: ["G711alaw"], sampling_rate: ["8"], half_duplex: "1", volume: "1" },
      device_speaker: { decode_type: ["G711alaw", "G711ulaw"], sampling_rate: ["8"], volume: "1" },
    },
  },
  osd: {
    OSD: {
      date: { enabled: "on", x_coor: "0", y_coor: "0" },
      week: { enabled: "off", x_coor: "0", y_coor: "0" },
      logo: { enabled: "on", x_coor: "0", y_coor: "9100" },
      font: { color: "white", color_type: "auto", display: "ntnb", size: "auto" },
      label_info_1: { enabled: "off", text: "", x_coor: "0", y_coor: "600" },
    },
  },
  targetTrack: {
    target_track: {
      target_track_info: { enabled: "off", track_mode: "pantilt", track_time: "0", back_time: "45" },
    },
  },
  smartTrack: {
    smart_track: { smart_track_info: { people_enabled: "off", pet_enabled: "off", vehicle_enabled: "off" } },
  },
  blockZone: { cover: { cover: { enabled: "off" }, region_info: [] } },
  ring: { ring: { status: { enabled: "on" } } },
  chimeCtrl: {
    chime_ring_plan: { chn1_chime_ring_plan: { enabled: "off", ring_plan_1: "0000-2400,127" } },
  },
  dualCam: { image_capability: { dualCam: { zooms: ["1.0x", "4.0x"] } } },
  dualCamLinkage: {
    dual_cam_linkage: {
      linkage_state: { enabled: "on", linkage_type: 0 },
      linkage_target: { people: "on", pet: "off", vehicle: "on" },
      linkage_target_capability: { people: "1", pet: "1", vehicle: "1" },
    },
  },
  pir: { pir: { config: { sensitivity: "60" } } },
  clips: { clips: { config: { clips_length: 30, record_buffer: 4, retrigger_time: 10 } } },
  wakeUp: { wake_up: { config: { wake_up_type: "detection" } } },
  siren: { siren: { config: { siren_type: "Alarm 2", volume: "6", duration: 20 } } },
  hubRecord: { hub_manage: { hub_storage_info: { status: "offline", total_space: "0B", free_space: "0B" } } },
};

/** Models that can sound an alarm, whatever component tells of it. */
function alarmSections(types: readonly string[]): Modules {
  return {
    msg_alarm: {
      chn1_msg_alarm_info: {
        enabled: "off",
        alarm_mode: ["sound", "light"],
        alarm_type: "0",
        alarm_volume: "normal",
        alarm_duration: "0",
        light_type: "1",
        sound_alarm_enabled: "on",
        light_alarm_enabled: "on",
      },
      capability: {
        alarm_duration_support: "1",
        alarm_volume_support: "1",
        usr_def_audio_alarm_support: "1",
        usr_def_audio_alarm_max_num: "3",
        usr_def_audio_max_duration: "10",
      },
      usr_def_audio: [],
      alert_type: { alert_type_list: [...types] },
      msg_alarm_type: [{ msg_alarm_type_1: { type: "motion", enabled: "on" } }],
    },
    msg_alarm_plan: { chn1_msg_alarm_plan: { enabled: "off", alarm_plan_1: "2200-0600,127" } },
  };
}

function videoSections({ resolutions, bitrates, framesPerSecond }: NonNullable<TapoModel["video"]>): Modules {
  const codes = [15, 20, 25, 30].filter((rate) => rate <= Math.max(15, framesPerSecond));
  const bitrate = bitrates.at(-1) ?? "1024";
  return {
    video: {
      main: {
        name: "VideoEncoder_1",
        encode_type: "H264",
        resolution: resolutions[0] ?? "1920*1080",
        // The high word says "fixed", the low one is the rate.
        frame_rate: String(65_536 + framesPerSecond),
        bitrate,
        default_bitrate: bitrate,
        bitrate_type: "vbr",
        quality: "3",
        smart_codec: "off",
      },
    },
    video_capability: {
      main: {
        encode_types: ["H264", "H265"],
        resolutions: [...resolutions],
        bitrates: [...bitrates],
        bitrate_types: ["cbr", "vbr"],
        frame_rates: codes.map((rate) => String(65_536 + rate)),
        qualitys: ["1", "3", "5"],
        change_fps_support: "1",
        minor_stream_support: "1",
      },
      minor: { encode_types: ["H264"], resolutions: ["640*360"], frame_rates: ["65551"] },
    },
  };
}

function nightSections(modes: readonly string[]): Modules {
  const lamps: Json[] = modes.some((mode) => mode !== "inf_night_vision")
    ? ["infrared_lamp", "white_lamp"]
    : ["infrared_lamp"];
  return {
    image_capability: {
      supplement_lamp: { night_vision_mode_range: [...modes], supplement_lamp_type: lamps },
    },
  };
}

/** All settings of a model, its own differences last. */
export function sectionsOf(model: TapoModel): Modules {
  const parts = [...componentNames(model)].map((name) => BY_COMPONENT[name] ?? {});
  // A hub's siren has a module of its own.
  if (model.alarmTypes && model.sirenModule !== "siren") parts.push(alarmSections(model.alarmTypes));
  if (model.video) parts.push(videoSections(model.video));
  if (model.nightModes) parts.push(nightSections(model.nightModes));
  return merge([ALWAYS, ...parts, model.settings ?? {}]);
}

/** Later fields win over earlier ones, section by section. */
function merge(parts: readonly Modules[]): Modules {
  const merged: { [module: string]: { [section: string]: Json } } = {};
  for (const [module, sections] of parts.flatMap((part) => Object.entries(part))) {
    const into = merged[module] ??= {};
    for (const [name, value] of Object.entries(sections)) {
      const before = into[name];
      into[name] = isFields(before) && isFields(value) ? { ...before, ...value } : value;
    }
  }
  return merged;
}

function isFields(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
