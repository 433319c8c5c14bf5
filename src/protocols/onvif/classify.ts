// What a notification means. Cameras agree on the names of its items more than on its topic, so these are
// asked first.
import type { OnvifObservation } from "./observation.ts";
import { toBoolean } from "./values.ts";

export type OnvifEventKind =
  | "motion"
  | "person"
  | "vehicle"
  | "pet"
  | "face"
  | "package"
  | "tamper"
  | "line_crossed"
  | "intrusion"
  | "sound"
  | "doorbell"
  | "digital_input";

/** An interpreted notification. */
export interface OnvifEvent {
  kind: OnvifEventKind;
  /** True: it began or goes on; false: it ended; undefined: it happened at one moment. */
  active: boolean | undefined;
}

/** Item names. Tapo: those of `TPSmartEventDetector/TPSmartEvent`, often not declared beforehand. */
const ITEMS: ReadonlyMap<string, OnvifEventKind> = new Map([
  ["ismotion", "motion"],
  ["ispeople", "person"],
  ["isperson", "person"],
  ["ishuman", "person"],
  ["isvehicle", "vehicle"],
  ["ispet", "pet"],
  ["isanimal", "pet"],
  ["isface", "face"],
  ["ispackage", "package"],
  ["istamper", "tamper"],
  ["islinecross", "line_crossed"],
  ["isintrusion", "intrusion"],
  ["isinside", "intrusion"],
  ["issounddetection", "sound"],
  ["issounddetected", "sound"],
  ["isdoorbell", "doorbell"],
]);

/** Topics whose items have general names such as `State`. The first that matches the topic's end counts. */
const TOPICS: readonly (readonly [RegExp, OnvifEventKind])[] = [
  [/VideoSource\/MotionAlarm$/, "motion"],
  [/(?:CellMotionDetector|MotionRegionDetector)\/Motion$/, "motion"],
  [/VideoAnalytics\/Motion(?:Detection)?$/, "motion"],
  [/VideoSource\/GlobalSceneChange\/\w+$/, "tamper"],
  [/TamperDetector\/Tamper$/, "tamper"],
  [/LineDetector\/Crossed$/, "line_crossed"],
  [/FieldDetector\/ObjectsInside$/, "intrusion"],
  [/AudioAnalytics\/Audio\/DetectedSound$/, "sound"],
  [/PeopleDetector\/People$/, "person"],
  // Reolink, rules of its own.
  [/MyRuleDetector\/PeopleDetect$/, "person"],
  [/MyRuleDetector\/VehicleDetect$/, "vehicle"],
  [/MyRuleDetector\/DogCatDetect$/, "pet"],
  [/MyRuleDetector\/FaceDetect$/, "face"],
  [/MyRuleDetector\/Package$/, "package"],
  [/MyRuleDetector\/Visitor$/, "doorbell"],
  [/Device\/Trigger\/DigitalInput$/, "digital_input"],
];

/** Items that hold the state where the topic says of what. */
const STATES = ["State", "LogicalState", "Value", "Active"];

/** Says what an observation means; undefined when it concerns none of the kinds. */
export function classify(observation: OnvifObservation): OnvifEvent | undefined {
  const event = byItem(observation) ?? byTopic(observation);
  if (!event) return undefined;
  // What is deleted no longer holds, whatever its last value.
  return observation.operation === "Deleted" ? { ...event, active: false } : event;
}

function byItem({ data }: OnvifObservation): OnvifEvent | undefined {
  const events = Object.entries(data).flatMap(([name, value]) => {
    const kind = ITEMS.get(name.toLowerCase());
    return kind ? [{ kind, active: toBoolean(value) }] : [];
  });
  // Of several in one message, the one that holds is the news.
  return events.find(({ active }) => active) ?? events[0];
}

function byTopic({ topic, data, operation }: OnvifObservation): OnvifEvent | undefined {
  const kind = TOPICS.find(([pattern]) => pattern.test(topic))?.[1];
  if (!kind) return undefined;
  const state = STATES.map((name) => toBoolean(data[name])).find((value) => value !== undefined);
  // A property without a state that can be read tells nothing; a plain event tells that it happened.
  if (state === undefined && operation !== undefined && operation !== "Deleted") return undefined;
  return { kind, active: state };
}
