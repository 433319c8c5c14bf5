// Takes a camera's notifications apart (ONVIF Core, event handling; tt:Message).
import { epochMs } from "./values.ts";
import { childrenOf, find, textAt, type XmlElement } from "./xml.ts";

/** What a camera says it has observed, not yet interpreted. */
export interface OnvifObservation {
  /** Without prefixes: `RuleEngine/CellMotionDetector/Motion`. */
  topic: string;
  /** Where it was observed: names of sources and rules. */
  source: Record<string, string>;
  /** What was observed. */
  data: Record<string, string>;
  /** `Initialized`: the state as it was when we subscribed. Undefined: something happened at one moment. */
  operation: "Initialized" | "Changed" | "Deleted" | undefined;
  /** By the camera's clock, which may be wrong. */
  utcTimeMs?: number;
}

const MAX_OBSERVATIONS = 1000;
const MAX_ITEMS = 50;
const MAX_TEXT = 1000;

/** Reads the answer to PullMessages. What has no topic or no message is left out. */
export function readObservations(answer: XmlElement): OnvifObservation[] {
  return childrenOf(answer, "NotificationMessage").slice(0, MAX_OBSERVATIONS)
    .flatMap((notification) => readObservation(notification) ?? []);
}

function readObservation(notification: XmlElement): OnvifObservation | undefined {
  const topic = textAt(notification, "Topic");
  const message = find(notification, "Message", "Message");
  if (topic === undefined || !message) return undefined;
  const utcTimeMs = epochMs(message.attributes.get("UtcTime"));
  return {
    topic: topic.slice(0, MAX_TEXT).split("/").map((step) => step.slice(step.indexOf(":") + 1)).join("/"),
    source: { ...readItems(find(message, "Source")), ...readItems(find(message, "Key")) },
    data: readItems(find(message, "Data")),
    operation: readOperation(message.attributes.get("PropertyOperation")),
    ...(utcTimeMs === undefined ? {} : { utcTimeMs }),
  };
}

function readItems(set: XmlElement | undefined): Record<string, string> {
  const items = childrenOf(set, "SimpleItem").slice(0, MAX_ITEMS);
  return Object.fromEntries(items.flatMap((item) => {
    const [name, value] = [item.attributes.get("Name"), item.attributes.get("Value")];
    return name && value !== undefined ? [[name.slice(0, MAX_TEXT), value.slice(0, MAX_TEXT)]] : [];
  }));
}

function readOperation(text: string | undefined): OnvifObservation["operation"] {
  return text === "Initialized" || text === "Changed" || text === "Deleted" ? text : undefined;
}
