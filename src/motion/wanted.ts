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

/** What the decision is made from. */
type Looked = Pick<Camera, "device" | "isCovered" | "status" | "spec">;

/** Undefined where the hub has to look. */
export function whyNotByHub(
  camera: Looked,
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

/** True where the hub looks whenever there is a picture: what stops it now but the rules is left aside. */
export function wouldLook(
  { device, status, spec }: Omit<Looked, "isCovered">,
  rules: Pick<MotionRules, "detector">,
): boolean {
  return whyNotByHub({ device, status, spec, isCovered: false }, rules) === undefined;
}

/** True where the motion detection of a camera is the hub's own: it was told to look, or the camera cannot. */
export function isHubsOwn(
  { device }: Pick<Looked, "device">,
  { detector }: Pick<MotionRules, "detector">,
): boolean {
  const { motion, observations, video, power } = device?.capabilities ?? {};
  if (!video || power) return false;
  return detector === "hub" || (!motion && !observations);
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
