// Who looks for motion at a camera, and if not the hub, why not. Pure.
import type { MotionRules } from "../config/camera_rules.ts";
import type { Camera } from "../devices/camera.ts";

/** Why the hub does not look. */
export interface NotWanted {
  /** True: the camera looks itself. */
  byCamera: boolean;
  reason: string;
  hint?: string;
}

const SET_HUB = 'To let the hub look, choose "The hub" (the detector "hub")';

/** Undefined where the hub has to look. */
export function whyNotByHub(
  camera: Pick<Camera, "device" | "isCovered" | "status" | "spec">,
  { detector }: Pick<MotionRules, "detector">,
): NotWanted | undefined {
  if (detector === "off") return nobody("Motion detection is turned off");
  const { device } = camera;
  if (!device) return nobody(camera.status.reason ?? "The camera is not connected");
  const { observations, power, video } = device.capabilities;
  if (detector === "camera" || (detector === "auto" && observations)) {
    return byCamera(observations !== undefined);
  }
  if (!video) return nobody("The camera gives no picture");
  if (power) return nobody("The camera runs on batteries, which a stream that never ends would drain");
  if (camera.isCovered) return nobody("The lens is covered");
  if (detector === "auto" && video.isDrawn) {
    return { ...nobody("The picture is drawn and always moves"), hint: SET_HUB };
  }
  return undefined;
}

function nobody(reason: string): NotWanted {
  return { byCamera: false, reason };
}

function byCamera(isTold: boolean): NotWanted {
  if (isTold) return { byCamera: true, reason: "The camera looks for motion itself", hint: SET_HUB };
  return {
    ...nobody("The camera itself should look for motion, but it tells the hub of none"),
    hint: SET_HUB,
  };
}
