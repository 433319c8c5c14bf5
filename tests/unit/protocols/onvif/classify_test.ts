// What notifications mean: by the names of their items, then by their topics.
import { assertEquals } from "@std/assert";
import { classify, type OnvifEventKind } from "../../../../src/protocols/onvif/classify.ts";
import type { OnvifObservation } from "../../../../src/protocols/onvif/observation.ts";

const CELL = "RuleEngine/CellMotionDetector/Motion";
const SMART = "RuleEngine/TPSmartEventDetector/TPSmartEvent";

/** [topic, data, kind and state; undefined: concerns nobody]. */
const CASES:
  readonly (readonly [string, Record<string, string>, [OnvifEventKind, boolean | undefined] | undefined])[] =
    [
      [CELL, { IsMotion: "true" }, ["motion", true]],
      [CELL, { IsMotion: "false" }, ["motion", false]],
      [CELL, { IsMotion: "1" }, ["motion", true]],
      [CELL, { IsMotion: "0" }, ["motion", false]],
      [CELL, { IsMotion: "True" }, ["motion", true]],
      [CELL, { State: "true" }, ["motion", true]],
      ["RuleEngine/PeopleDetector/People", { IsPeople: "true" }, ["person", true]],
      [SMART, { IsVehicle: "true" }, ["vehicle", true]],
      [SMART, { IsPet: "true" }, ["pet", true]],
      [SMART, { IsVehicle: "false", IsPet: "true" }, ["pet", true]],
      [SMART, { IsVehicle: "false", IsPet: "false" }, ["vehicle", false]],
      ["RuleEngine/TPSmartEventDetector/Undeclared", { IsTamper: "1" }, ["tamper", true]],
      ["RuleEngine/TamperDetector/Tamper", { IsTamper: "false" }, ["tamper", false]],
      ["RuleEngine/LineCrossDetector/LineCross", { IsLineCross: "true" }, ["line_crossed", true]],
      ["RuleEngine/IntrusionDetector/Intrusion", { IsIntrusion: "true" }, ["intrusion", true]],
      ["RuleEngine/FieldDetector/ObjectsInside", { IsInside: "true", ObjectId: "7" }, ["intrusion", true]],
      ["RuleEngine/LineDetector/Crossed", { ObjectId: "7" }, ["line_crossed", undefined]],
      ["AudioAnalytics/Audio/DetectedSound", { IsSoundDetected: "true" }, ["sound", true]],
      ["RuleEngine/AudioDetector/Sound", { IsSoundDetection: "true" }, ["sound", true]],
      ["VideoSource/MotionAlarm", { State: "true" }, ["motion", true]],
      ["VideoSource/MotionAlarm", { State: "0" }, ["motion", false]],
      ["VideoSource/GlobalSceneChange/ImagingService", { State: "true" }, ["tamper", true]],
      ["RuleEngine/MyRuleDetector/Visitor", { State: "true" }, ["doorbell", true]],
      ["RuleEngine/MyRuleDetector/PeopleDetect", { State: "false" }, ["person", false]],
      ["RuleEngine/MyRuleDetector/DogCatDetect", { State: "true" }, ["pet", true]],
      ["Device/Trigger/DigitalInput", { LogicalState: "true" }, ["digital_input", true]],
      ["Device/HardwareFailure/StorageFailure", { Failed: "true" }, undefined],
      ["Monitoring/ProcessorUsage", { Value: "12" }, undefined],
      ["RecordingConfig/JobState", { State: "Active" }, undefined],
      ["", {}, undefined],
      ["RuleEngine/Other", { IsMotionless: "true" }, undefined],
    ];
for (const [topic, data, expected] of CASES) {
  Deno.test(`classify ${topic} ${JSON.stringify(data)}`, () => {
    const observation: OnvifObservation = { topic, source: {}, data, operation: undefined };
    const event = classify(observation);
    assertEquals(event, expected && { kind: expected[0], active: expected[1] });
  });
}

Deno.test("classify: a property without a state tells nothing, a deleted one has ended", () => {
  const base = { topic: "VideoSource/MotionAlarm", source: {} };
  assertEquals(classify({ ...base, data: {}, operation: "Initialized" }), undefined);
  assertEquals(classify({ ...base, data: { State: "true" }, operation: "Deleted" })?.active, false);
  assertEquals(classify({ ...base, data: { State: "true" }, operation: "Initialized" })?.active, true);
});
