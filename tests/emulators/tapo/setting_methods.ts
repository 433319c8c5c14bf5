// Which named methods read and write which settings, and which part of a camera brings them along.

export interface SettingMethod {
  readonly modules: readonly string[];
  /** One of these must be there; none listed: every device has the method. */
  readonly components: readonly string[];
  readonly writes: boolean;
}

type Row = readonly [suffix: string, modules: string, components: string, forms: "get" | "set" | "both"];

/** `get` + suffix and `set` + suffix; several modules or components are separated by spaces. */
const ROWS: readonly Row[] = [
  ["LedStatus", "led", "led", "both"],
  ["LensMaskConfig", "lens_mask", "lensMask", "both"],
  ["Osd", "OSD", "osd", "get"],
  ["DetectionConfig", "motion_detection", "detection", "both"],
  ["PersonDetectionConfig", "people_detection", "personDetection", "both"],
  ["VehicleDetectionConfig", "vehicle_detection", "vehicleDetection", "both"],
  ["PetDetectionConfig", "pet_detection", "petDetection", "both"],
  ["PackageDetectionConfig", "package_detection", "packageDetection", "both"],
  ["BarkDetectionConfig", "bark_detection", "barkDetection", "both"],
  ["MeowDetectionConfig", "meow_detection", "meowDetection", "both"],
  ["GlassDetectionConfig", "glass_detection", "glassDetection", "both"],
  ["BCDConfig", "sound_detection", "babyCryDetection", "both"],
  ["TamperDetectionConfig", "tamper_detection", "tamperDetection", "both"],
  ["LinecrossingDetectionConfig", "linecrossing_detection", "linecrossingDetection", "both"],
  ["Ldc", "image", "dayNightMode", "both"],
  ["RotationStatus", "image", "dayNightMode", "both"],
  ["LightFrequencyInfo", "image", "lightFrequency", "both"],
  ["LightFrequencyCapability", "image", "lightFrequency", "get"],
  ["DayNightModeConfig", "image", "dayNightMode", "both"],
  ["NightVisionModeConfig", "image", "dayNightMode", "both"],
  ["NightVisionCapability", "image_capability", "dayNightMode", "get"],
  ["WhitelampConfig", "image", "dayNightMode", "get"],
  ["WhitelampConfig", "image", "whiteLamp", "set"],
  ["MsgPushConfig", "msg_push", "msgPush", "both"],
  ["RecordPlan", "record_plan", "record", "both"],
  ["CircularRecordingConfig", "harddisk_manage", "sdCard", "both"],
  ["MediaEncrypt", "cet", "", "both"],
  ["FirmwareUpdateStatus", "cloud_config", "firmware", "get"],
  ["CloudConfig", "cloud_config", "firmware", "get"],
  ["FirmwareAutoUpgradeConfig", "auto_upgrade", "firmware", "both"],
  ["AudioConfig", "audio_config", "audio", "get"],
  ["AudioCapability", "audio_capability", "audio", "get"],
  ["RecordAudio", "audio_config", "audio", "set"],
  ["SpeakerVolume", "audio_config", "audio", "set"],
  ["MicrophoneVolume", "audio_config", "audio", "set"],
  ["VideoQualities", "video", "video", "get"],
  ["VideoCapability", "video_capability", "video", "get"],
  ["TargetTrackConfig", "target_track", "targetTrack", "both"],
  ["SmartTrackConfig", "smart_track", "smartTrack", "both"],
  ["CoverConfig", "cover", "blockZone", "both"],
  ["Timezone", "system", "", "both"],
  ["DstRule", "system", "", "get"],
  ["DiagnoseMode", "system", "diagnose", "both"],
  ["Reboot", "timing_reboot", "", "both"],
  ["DeviceInfo", "device_info", "", "get"],
  ["DeviceIpAddress", "network", "", "get"],
  ["ThirdAccount", "user_management", "", "get"],
  ["LastAlarmInfo", "system msg_alarm", "detection", "get"],
  ["AlertConfig", "msg_alarm", "detection", "both"],
  ["AlertPlan", "msg_alarm_plan", "detection", "get"],
  ["AlertTypeList", "msg_alarm", "detection", "get"],
  ["AlertEventType", "msg_alarm", "detection", "both"],
  ["RingStatus", "ring", "ring", "both"],
  ["ChimeRingPlan", "chime_ring_plan", "chimeCtrl", "both"],
  ["DualCamCapability", "image_capability", "dualCam", "get"],
  ["DualCamLinkage", "dual_cam_linkage", "dualCamLinkage", "both"],
  ["LinkageTargetCapability", "dual_cam_linkage", "dualCamLinkage", "get"],
  ["PirSensitivity", "pir", "pir", "both"],
  ["ClipsConfig", "clips", "clips", "both"],
  ["WakeUpConfig", "wake_up", "wakeUp", "both"],
  ["HubStorage", "hub_manage", "hubRecord", "get"],
  ["BatteryStatus", "battery", "battery", "get"],
  ["BatteryCapability", "battery", "battery", "get"],
  ["BatteryConfig", "battery", "battery", "both"],
  ["BatteryPowerSave", "battery", "battery", "both"],
  ["BatteryOperatingMode", "battery", "battery", "both"],
  ["BatteryOperatingModeParam", "battery", "battery", "get"],
  ["PowerMode", "battery", "battery", "get"],
  ["ChargingMode", "battery", "battery", "both"],
];

/** All of them, by the method's full name. */
export const SETTING_METHODS: ReadonlyMap<string, SettingMethod> = new Map(
  ROWS.flatMap(([suffix, modules, components, forms]) => {
    const verbs = forms === "both" ? ["get", "set"] as const : [forms];
    return verbs.map((verb) =>
      [verb + suffix, {
        modules: modules.split(" "),
        components: components === "" ? [] : components.split(" "),
        writes: verb === "set",
      }] as const
    );
  }),
);
