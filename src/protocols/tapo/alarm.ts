// What a camera does by itself when it notices something: sound, light, both or nothing.
import { HubError } from "../../base/errors.ts";
import type { TapoCaller } from "./caller.ts";
import { asObject, asOnOff, asText, asTexts, at, known, onOff, type TapoObject } from "./values.ts";

/** The camera's own alarm. */
export interface TapoAlarm {
  isEnabled?: boolean;
  hasSound?: boolean;
  hasLight?: boolean;
  /** `low`, `normal` or `high`. */
  volume?: string;
}

/** Which of the two dialects the device speaks: that of cameras, or that of cameras behind a hub. */
type Dialect = "camera" | "child";

interface Reading {
  dialect: Dialect;
  raw: TapoObject;
}

/** Asks what the camera does when it notices something. */
export async function readAlarm(caller: TapoCaller, signal: AbortSignal): Promise<TapoAlarm> {
  return parseAlarm((await read(caller, signal)).raw);
}

/**
 * Changes what the camera does when it notices something; what is not given stays.
 * @throws HubError `invalid_input` when neither sound nor light would be left: cameras then lose the setting.
 */
export async function setAlarm(caller: TapoCaller, change: TapoAlarm, signal: AbortSignal): Promise<void> {
  const { dialect, raw } = await read(caller, signal);
  const wanted: TapoAlarm = { ...parseAlarm(raw), ...known(change) };
  const modes = modesOf(wanted, dialect);
  if (modes.length === 0 && (change.hasSound !== undefined || change.hasLight !== undefined)) {
    throw new HubError("invalid_input", "An alarm needs sound, light or both", {
      hint: "To silence it altogether, turn the alarm off",
    });
  }
  const fields = known({
    enabled: wanted.isEnabled === undefined ? undefined : onOff(wanted.isEnabled),
    alarm_mode: modes.length === 0 ? undefined : modes,
    alarm_volume: change.volume,
    // Sent as they were read: other clients always send them, too.
    alarm_type: asText(raw["alarm_type"]),
    light_type: asText(raw["light_type"]),
  });
  await write(caller, { dialect, raw: fields }, signal);
}

function modesOf(alarm: TapoAlarm, dialect: Dialect): string[] {
  const sound = dialect === "camera" ? "sound" : "siren";
  return [...(alarm.hasSound ? [sound] : []), ...(alarm.hasLight ? ["light"] : [])];
}

/** Reads `chn1_msg_alarm_info`, or the answer of a child, which says siren for sound. */
export function parseAlarm(raw: unknown): TapoAlarm {
  const modes = asTexts(at(raw, "alarm_mode"));
  const hasModes = Array.isArray(at(raw, "alarm_mode"));
  return known({
    isEnabled: asOnOff(at(raw, "enabled")),
    hasSound: hasModes ? modes.includes("sound") || modes.includes("siren") : undefined,
    hasLight: hasModes ? modes.includes("light") : undefined,
    volume: asText(at(raw, "alarm_volume")),
  });
}

async function read(caller: TapoCaller, signal: AbortSignal): Promise<Reading> {
  try {
    const params = { msg_alarm: { name: ["chn1_msg_alarm_info"] } };
    const result = await caller.request("getAlertConfig", params, signal);
    const raw = asObject(at(result, "msg_alarm", "chn1_msg_alarm_info")) ?? {};
    return { dialect: "camera", raw };
  } catch (error) {
    if (!isUnsupported(error)) throw error;
    return { dialect: "child", raw: await caller.request("getAlarmConfig", { msg_alarm: {} }, signal) };
  }
}

async function write(caller: TapoCaller, { dialect, raw }: Reading, signal: AbortSignal): Promise<void> {
  if (dialect === "child") {
    await caller.request("setAlarmConfig", { msg_alarm: raw }, signal);
    return;
  }
  const msg_alarm = { chn1_msg_alarm_info: raw };
  try {
    await caller.request("setAlertConfig", { msg_alarm }, signal);
  } catch (error) {
    if (!isUnsupported(error)) throw error;
    await caller.single({ method: "set", msg_alarm }, signal);
  }
}

function isUnsupported(error: unknown): boolean {
  return error instanceof HubError && error.kind === "unsupported";
}
