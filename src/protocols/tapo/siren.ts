// The siren, at once and by hand: of cameras, and of hubs.
import { HubError } from "../../base/errors.ts";
import type { TapoCaller } from "./caller.ts";
import { asNumber, asOnOff, asText, asTexts, known, onOff, type TapoObject } from "./values.ts";

/**
 * Starts or stops a camera's siren and light. It stops by itself after a while that the camera decides.
 * Cameras behind a hub know another method, which is tried when they do not know the usual one.
 */
export async function setSiren(caller: TapoCaller, isOn: boolean, signal: AbortSignal): Promise<void> {
  const action = isOn ? "start" : "stop";
  try {
    await caller.single({ method: "do", msg_alarm: { manual_msg_alarm: { action } } }, signal);
  } catch (error) {
    if (!(error instanceof HubError) || error.kind !== "unsupported") throw error;
    await caller.request("setSirenStatus", { msg_alarm: { status: onOff(isOn) } }, signal);
  }
}

/** What a hub's siren does. */
export interface TapoHubSiren {
  isOn?: boolean;
  secondsLeft?: number;
}

/** Asks what a hub's siren does. */
export async function readHubSiren(caller: TapoCaller, signal: AbortSignal): Promise<TapoHubSiren> {
  const result = await caller.request("getSirenStatus", { siren: {} }, signal);
  return known({ isOn: asOnOff(result["status"]), secondsLeft: asNumber(result["time_left"]) });
}

/** Starts or stops a hub's siren. */
export async function setHubSiren(caller: TapoCaller, isOn: boolean, signal: AbortSignal): Promise<void> {
  await caller.request("setSirenStatus", { siren: { status: onOff(isOn) } }, signal);
}

/** How a hub's siren sounds. */
export interface TapoHubSirenConfig {
  durationSeconds?: number;
  /** One of `listHubSirenSounds`. */
  sound?: string;
  /** 1…10. */
  volume?: number;
}

/** Asks how a hub's siren sounds. */
export async function readHubSirenConfig(
  caller: TapoCaller,
  signal: AbortSignal,
): Promise<TapoHubSirenConfig> {
  const result = await caller.request("getSirenConfig", { siren: {} }, signal);
  return known({
    durationSeconds: asNumber(result["duration"]),
    sound: asText(result["siren_type"]),
    volume: asNumber(result["volume"]),
  });
}

/** Sets how a hub's siren sounds; what is not given stays. */
export async function setHubSirenConfig(
  caller: TapoCaller,
  config: TapoHubSirenConfig,
  signal: AbortSignal,
): Promise<void> {
  const siren: TapoObject = known({
    duration: config.durationSeconds,
    siren_type: config.sound,
    volume: config.volume === undefined ? undefined : String(config.volume),
  });
  await caller.request("setSirenConfig", { siren }, signal);
}

/** The sounds that a hub's siren knows. */
export async function listHubSirenSounds(caller: TapoCaller, signal: AbortSignal): Promise<string[]> {
  const result = await caller.request("getSirenTypeList", { siren: {} }, signal);
  return asTexts(result["siren_type_list"]);
}
