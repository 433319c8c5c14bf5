// The table of detections: what is asked, how sensitivity is read in its three forms, and what is sent.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import {
  DETECTION_KINDS,
  type DetectionKind,
  detectionRequest,
  detectionsOf,
  parseDetection,
  readDetections,
  setDetection,
  wordOfNumber,
} from "../../../../src/protocols/tapo/detections.ts";
import { parseComponents } from "../../../../src/protocols/tapo/components.ts";
import { FakeCaller } from "./fake_caller.ts";

const signal = new AbortController().signal;

const REQUESTS: Record<DetectionKind, [string, string, string, string]> = {
  motion: ["getDetectionConfig", "setDetectionConfig", "motion_detection", "motion_det"],
  person: ["getPersonDetectionConfig", "setPersonDetectionConfig", "people_detection", "detection"],
  vehicle: ["getVehicleDetectionConfig", "setVehicleDetectionConfig", "vehicle_detection", "detection"],
  pet: ["getPetDetectionConfig", "setPetDetectionConfig", "pet_detection", "detection"],
  package: ["getPackageDetectionConfig", "setPackageDetectionConfig", "package_detection", "detection"],
  bark: ["getBarkDetectionConfig", "setBarkDetectionConfig", "bark_detection", "detection"],
  meow: ["getMeowDetectionConfig", "setMeowDetectionConfig", "meow_detection", "detection"],
  glass: ["getGlassDetectionConfig", "setGlassDetectionConfig", "glass_detection", "detection"],
  line_crossing: [
    "getLinecrossingDetectionConfig",
    "setLinecrossingDetectionConfig",
    "linecrossing_detection",
    "detection",
  ],
  tamper: ["getTamperDetectionConfig", "setTamperDetectionConfig", "tamper_detection", "tamper_det"],
  baby_cry: ["getBCDConfig", "setBCDConfig", "sound_detection", "bcd"],
};
for (const kind of DETECTION_KINDS) {
  const [get, set, module, section] = REQUESTS[kind];
  Deno.test(`detections: ${kind} is asked and set by its own names`, async () => {
    assertEquals(detectionRequest(kind), { method: get, params: { [module]: { name: [section] } } });
    const caller = new FakeCaller({ [get]: { [module]: { [section]: { enabled: "on" } } }, [set]: {} });
    await setDetection(caller, { kind, isEnabled: false }, signal);
    assertEquals(caller.asked[1], [set, { [module]: { [section]: { enabled: "off" } } }]);
  });
}

Deno.test("detectionsOf: components tell which there are", () => {
  const names = ["detection", "glassDetection", "linecrossingDetection", "babyCryDetection", "ptz"];
  const components = parseComponents(names.map((name) => ({ name, version: 1 })));
  assertEquals(detectionsOf(components), ["motion", "glass", "line_crossing", "baby_cry"]);
});

const STATES: [DetectionKind, Record<string, unknown>, Record<string, unknown>][] = [
  [
    "motion",
    { digital_sensitivity: "60", sensitivity: "medium", enabled: "on" },
    { isEnabled: true, sensitivity: 60, form: "number" },
  ],
  ["motion", { sensitivity: "high", enabled: "off" }, { isEnabled: false, sensitivity: 80, form: "words" }],
  ["motion", {}, { form: "number" }],
  ["person", { sensitivity: "60", enabled: "on" }, { isEnabled: true, sensitivity: 60, form: "number" }],
  ["person", { sensitivity: "", enabled: "maybe" }, { form: "number" }],
  [
    "tamper",
    { digital_sensitivity: "50", sensitivity: "low", enabled: "off" },
    { isEnabled: false, sensitivity: 20, form: "words" },
  ],
  ["baby_cry", { sensitivity: "normal", enabled: "on" }, { isEnabled: true, sensitivity: 50, form: "words" }],
  ["line_crossing", { enabled: "on", sensitivity: "9" }, { isEnabled: true, form: "none" }],
];
for (const [kind, section, expected] of STATES) {
  Deno.test(`parseDetection: ${kind} of ${JSON.stringify(section)}`, () => {
    const [, , module, name] = REQUESTS[kind];
    assertEquals<unknown>(parseDetection(kind, { [module]: { [name]: section } }), expected);
  });
}

const CHANGES: [DetectionKind, Record<string, unknown>, number, Record<string, string>][] = [
  ["motion", { enabled: "on", digital_sensitivity: "50" }, 60, { enabled: "on", digital_sensitivity: "60" }],
  ["motion", { enabled: "on", sensitivity: "low" }, 75, { enabled: "on", sensitivity: "high" }],
  ["person", { enabled: "off", sensitivity: "50" }, 0, { enabled: "off", sensitivity: "0" }],
  ["tamper", { enabled: "on", sensitivity: "high" }, 30, { enabled: "on", sensitivity: "low" }],
];
for (const [kind, section, sensitivity, sent] of CHANGES) {
  Deno.test(`setDetection: ${kind} to ${sensitivity} sends ${JSON.stringify(sent)}`, async () => {
    const [get, set, module, name] = REQUESTS[kind];
    const caller = new FakeCaller({ [get]: { [module]: { [name]: section } }, [set]: {} });
    await setDetection(caller, { kind, sensitivity }, signal);
    assertEquals(caller.asked[1], [set, { [module]: { [name]: sent } }]);
  });
}

Deno.test("setDetection: motion keeps its sensitivity, which children of hubs want to hear", async () => {
  const section = { enabled: "off", digital_sensitivity: "30" };
  const caller = new FakeCaller({
    getDetectionConfig: { motion_detection: { motion_det: section } },
    setDetectionConfig: {},
  });
  await setDetection(caller, { kind: "motion", isEnabled: true }, signal);
  const sent = { enabled: "on", digital_sensitivity: "30" };
  assertEquals(caller.asked[1], ["setDetectionConfig", { motion_detection: { motion_det: sent } }]);
});

for (const [kind, sensitivity] of [["motion", 101], ["motion", -1], ["line_crossing", 50]] as const) {
  Deno.test(`setDetection: ${kind} refuses ${sensitivity} and sends nothing`, async () => {
    const caller = new FakeCaller();
    const error = await assertRejects(() => setDetection(caller, { kind, sensitivity }, signal), HubError);
    assertEquals([error.kind, caller.asked.length], ["invalid_input", 0]);
  });
}

Deno.test("readDetections: one that the camera does not know spoils no other", async () => {
  const caller = new FakeCaller({
    getPetDetectionConfig: { pet_detection: { detection: { enabled: "on", sensitivity: "60" } } },
  });
  const states = await readDetections(caller, ["bark", "pet"], signal);
  const bark = states.get("bark");
  assert(bark instanceof HubError && bark.kind === "unsupported");
  assertEquals(states.get("pet"), { isEnabled: true, sensitivity: 60, form: "number" });
});

for (
  const [number, word] of [[0, "low"], [34, "low"], [36, "medium"], [64, "medium"], [66, "high"], [
    100,
    "high",
  ]] as const
) {
  Deno.test(`wordOfNumber: ${number} is ${word}`, () => assertEquals(wordOfNumber(number), word));
}
