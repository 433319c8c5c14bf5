// What a camera has over MQTT where the hub itself may look for motion.
import { assertEquals } from "@std/assert";
import { aborted } from "../../../src/base/scope.ts";
import { cameraRulesSchema } from "../../../src/config/camera_rules.ts";
import type { Camera } from "../../../src/devices/camera.ts";
import { describeCamera } from "../../../src/mqtt/description.ts";
import { SWITCHES } from "../../../src/mqtt/switches.ts";

const video = { codec: "mjpeg" };
const observations = { watch: aborted };
const motion = { read: () => Promise.resolve({ enabled: true }) };

/** The sensor, the switch and its state, as far as the hub knows them by itself. */
function told(capabilities: object, detector: string, isCovered = false): [boolean, boolean, unknown] {
  const camera = {
    device: { info: {}, capabilities },
    isCovered,
    status: { status: "online", sinceMs: 0 },
    spec: { id: "a", name: "A" },
  } as unknown as Camera;
  const rules = cameraRulesSchema.parse({ motion: { detector } });
  const { kinds, switches } = describeCamera({ camera, rules }, undefined, new Set());
  const known = SWITCHES.find(({ name }) => name === "motion_detection")?.known;
  return [
    kinds.includes("motion"),
    switches.includes("motion_detection"),
    known?.({ camera, rules, recordings: { cameras: [] } }),
  ];
}

Deno.test("[MQTT-MOTION] the sensor and the switch of motion: the camera's own, the hub's, or none", () => {
  const cases: [string, Parameters<typeof told>, ReturnType<typeof told>][] = [
    ["a webcam", [{ video }, "auto"], [true, true, true]],
    ["its lens is covered for now", [{ video }, "auto", true], [true, true, true]],
    ["it is turned off", [{ video }, "off"], [false, true, false]],
    ["a picture that is drawn", [{ video: { ...video, isDrawn: true } }, "auto"], [false, true, false]],
    ["the hub is told to look at it", [{ video: { ...video, isDrawn: true } }, "hub"], [true, true, true]],
    ["a camera that tells", [{ video, observations, motion }, "auto"], [true, true, undefined]],
    ["the same, the hub looks", [{ video, observations, motion }, "hub"], [true, true, true]],
    ["it tells, but cannot be set", [{ video, observations }, "auto"], [true, false, undefined]],
    ["a battery", [{ video, power: {} }, "auto"], [false, false, undefined]],
    ["no picture", [{}, "hub"], [false, false, undefined]],
  ];
  for (const [what, given, expected] of cases) assertEquals([what, told(...given)], [what, expected]);
});
