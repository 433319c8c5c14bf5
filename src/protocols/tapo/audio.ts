// How loud a camera speaks and how well it hears.
import { HubError } from "../../base/errors.ts";
import type { TapoCaller } from "./caller.ts";
import { asNumber, asOnOff, at, known, onOff, type TapoObject } from "./values.ts";

/** Volumes are 0–100. */
export interface TapoAudio {
  speakerPercent?: number;
  microphonePercent?: number;
  isMicrophoneMuted?: boolean;
}

/** Asks for both volumes. */
export async function readAudio(caller: TapoCaller, signal: AbortSignal): Promise<TapoAudio> {
  const params = { audio_config: { name: ["speaker", "microphone"] } };
  return parseAudio(await caller.request("getAudioConfig", params, signal));
}

/** Reads `audio_config`. */
export function parseAudio(result: TapoObject): TapoAudio {
  const microphone = at(result, "audio_config", "microphone");
  return known({
    speakerPercent: asNumber(at(result, "audio_config", "speaker", "volume")),
    microphonePercent: asNumber(at(microphone, "volume")),
    isMicrophoneMuted: asOnOff(at(microphone, "mute")),
  });
}

/** Sets what is given. @throws HubError `invalid_input` for a volume beyond 0–100. */
export async function setAudio(caller: TapoCaller, change: TapoAudio, signal: AbortSignal): Promise<void> {
  const speaker = known({ volume: percent(change.speakerPercent) });
  const microphone = known({
    volume: percent(change.microphonePercent),
    mute: change.isMicrophoneMuted === undefined ? undefined : onOff(change.isMicrophoneMuted),
  });
  // These methods want to hear twice that they set.
  const send = (method: string, audio_config: TapoObject) =>
    caller.request(method, { method: "set", audio_config }, signal);
  if (Object.keys(speaker).length > 0) await send("setSpeakerVolume", { speaker });
  if (Object.keys(microphone).length > 0) await send("setMicrophoneVolume", { microphone });
}

function percent(volume: number | undefined): string | undefined {
  if (volume === undefined) return undefined;
  if (!(volume >= 0 && volume <= 100)) {
    throw new HubError("invalid_input", "The volume is a number from 0 to 100");
  }
  return String(Math.round(volume));
}
