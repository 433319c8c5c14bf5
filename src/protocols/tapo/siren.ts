// The siren, at once and by hand: of cameras, and of hubs.
import { HubError } from "../../base/errors.ts";
import type { TapoCaller } from "./caller.ts";
import { asNumber, asOnOff, known, onOff } from "./values.ts";

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
