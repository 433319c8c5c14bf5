// A camera's plain switches, as a table: on or off, read and set the same way.
import type { HubError } from "../../base/errors.ts";
import type { TapoCaller, TapoRequest } from "./caller.ts";
import { asOnOff, at, onOff, type TapoObject } from "./values.ts";

interface Row {
  get: string;
  set: string;
  module: string;
  section: string;
  /** Default `enabled`. */
  field?: string;
  /** Names go in a list, but for a few methods. */
  hasBareName?: boolean;
  /** What firmware wants beside the switch. */
  also?: TapoObject;
}

const TABLE = {
  /** Covers the lens: no picture, no sound, no recording, no moving. */
  privacy: {
    get: "getLensMaskConfig",
    set: "setLensMaskConfig",
    module: "lens_mask",
    section: "lens_mask_info",
  },
  /** The light that says that the camera runs. */
  led: { get: "getLedStatus", set: "setLedStatus", module: "led", section: "config" },
  /** The motor follows what moves. */
  tracking: {
    get: "getTargetTrackConfig",
    set: "setTargetTrackConfig",
    module: "target_track",
    section: "target_track_info",
  },
  /** Recordings on the SD card are encrypted. */
  media_encryption: {
    get: "getMediaEncrypt",
    set: "setMediaEncrypt",
    module: "cet",
    section: "media_encrypt",
  },
  /** Recordings have sound. */
  record_audio: {
    get: "getAudioConfig",
    set: "setRecordAudio",
    module: "audio_config",
    section: "record_audio",
  },
  /** Firmware upgrades itself at night. */
  auto_upgrade: {
    get: "getFirmwareAutoUpgradeConfig",
    set: "setFirmwareAutoUpgradeConfig",
    module: "auto_upgrade",
    section: "common",
    also: { random_range: 120 },
  },
  /** Messages to the Tapo app. */
  notifications: {
    get: "getMsgPushConfig",
    set: "setMsgPushConfig",
    module: "msg_push",
    section: "chn1_msg_push_info",
    field: "notification_enabled",
  },
  /** The oldest recordings make room for new ones. */
  loop_recording: {
    get: "getCircularRecordingConfig",
    set: "setCircularRecordingConfig",
    module: "harddisk_manage",
    section: "harddisk",
    field: "loop",
    hasBareName: true,
  },
} as const satisfies Record<string, Row>;

/** A plain switch. */
export type TapoSwitch = keyof typeof TABLE;

/** All switches, in the order in which they are shown. */
export const TAPO_SWITCHES = Object.keys(TABLE) as readonly TapoSwitch[];

/** The request that asks for a switch, for a batch of one's own. */
export function switchRequest(id: TapoSwitch): TapoRequest {
  const row: Row = TABLE[id];
  return {
    method: row.get,
    params: { [row.module]: { name: row.hasBareName ? row.section : [row.section] } },
  };
}

/** Reads the answer to `switchRequest`; undefined when it is neither on nor off (doorbells' LED is `auto`). */
export function parseSwitch(id: TapoSwitch, result: TapoObject): boolean | undefined {
  const row: Row = TABLE[id];
  return asOnOff(at(result, row.module, row.section, row.field ?? "enabled"));
}

/**
 * Asks for several switches at once. One that the camera does not have has an error, one that is neither on
 * nor off is absent.
 */
export async function readSwitches(
  caller: TapoCaller,
  ids: readonly TapoSwitch[],
  signal: AbortSignal,
): Promise<Map<TapoSwitch, boolean | HubError>> {
  const answers = await caller.batch(ids.map(switchRequest), signal);
  const states = new Map<TapoSwitch, boolean | HubError>();
  for (const [index, id] of ids.entries()) {
    const answer = answers[index];
    if (!answer) continue;
    const state = answer.ok ? parseSwitch(id, answer.result) : answer.error;
    if (state !== undefined) states.set(id, state);
  }
  return states;
}

/** Asks for one switch. @throws what the caller throws. */
export async function readSwitch(
  caller: TapoCaller,
  id: TapoSwitch,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const { method, params } = switchRequest(id);
  return parseSwitch(id, await caller.request(method, params ?? {}, signal));
}

/** Sets a switch. @throws what the caller throws. */
export async function setSwitch(
  caller: TapoCaller,
  change: { id: TapoSwitch; isOn: boolean },
  signal: AbortSignal,
): Promise<void> {
  const row: Row = TABLE[change.id];
  const fields = { ...row.also, [row.field ?? "enabled"]: onOff(change.isOn) };
  await caller.request(row.set, { [row.module]: { [row.section]: fields } }, signal);
}
