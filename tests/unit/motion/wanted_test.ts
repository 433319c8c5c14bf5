// Who looks for motion at a camera, and why the hub does not.
import { assertEquals, assertMatch } from "@std/assert";
import type { MotionRules } from "../../../src/config/camera_rules.ts";
import type { Camera } from "../../../src/devices/camera.ts";
import type { Capabilities } from "../../../src/devices/device.ts";
import { whyNotByHub } from "../../../src/motion/wanted.ts";
import { aborted } from "../../../src/base/scope.ts";
import { HubError } from "../../../src/base/errors.ts";

const video: Capabilities["video"] = {
  codec: "mjpeg",
  framing: "mpjpeg",
  spec: () => Promise.reject(new HubError("unavailable", "of no use here")),
  explain: () => new HubError("unavailable", "of no use here"),
};
const observations: Capabilities["observations"] = { watch: (_, signal) => aborted(signal) };
const power: Capabilities["power"] = { read: () => Promise.resolve({}) };

/** `hub`: the hub looks; else who does, and why. */
function who(
  detector: MotionRules["detector"],
  capabilities: Capabilities | undefined,
  isCovered: boolean | undefined = false,
): string {
  const camera = {
    device: capabilities && { info: {}, capabilities, run: aborted },
    isCovered,
    status: { status: "offline", reason: "It was unplugged", sinceMs: 0 },
  } as unknown as Camera;
  const why = whyNotByHub(camera, { detector });
  return why ? `${why.byCamera ? "camera" : "nobody"}: ${why.reason}` : "hub";
}

const CASES: readonly [string, Parameters<typeof who>, RegExp][] = [
  ["a webcam", ["auto", { video }], /^hub$/],
  ["a camera that tells what it sees", ["auto", { video, observations }], /^camera: The camera looks/],
  ["the same, where the hub is told to look", ["hub", { video, observations }], /^hub$/],
  [
    "a camera that tells nothing, where only it may look",
    ["camera", { video }],
    /^nobody: .* tells the hub of none/,
  ],
  ["turned off", ["off", { video, observations }], /^nobody: .*turned off/],
  ["a camera on batteries", ["hub", { video, power }], /^nobody: .*batteries/],
  ["a covered lens", ["hub", { video }, true], /^nobody: The lens is covered/],
  ["a lens that may be covered or not", ["hub", { video }, undefined], /^hub$/],
  ["a camera without a picture", ["auto", {}], /^nobody: .*no picture/],
  ["a camera that is away", ["auto", undefined], /^nobody: It was unplugged/],
  ["a drawn picture", ["auto", { video: { ...video, isDrawn: true } }], /^nobody: .*always moves/],
  [
    "a drawn picture, where the hub is told to look",
    ["hub", { video: { ...video, isDrawn: true } }],
    /^hub$/,
  ],
];

for (const [what, asked, expected] of CASES) {
  Deno.test(`[MOTION-REASON] whyNotByHub: ${what}`, () => assertMatch(who(...asked), expected));
}

Deno.test("[MOTION-REASON] whyNotByHub: says how to let the hub look where that is possible", () => {
  const camera = {
    device: { info: {}, capabilities: { video, observations }, run: aborted },
  } as unknown as Camera;
  assertMatch(whyNotByHub(camera, { detector: "auto" })?.hint ?? "", /the detector "hub"/);
  assertEquals(whyNotByHub(camera, { detector: "off" })?.hint, undefined);
});
