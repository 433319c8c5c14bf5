// What a camera looks and listens for: one table for all kinds, so that a new one is a new row.
import { HubError } from "../../base/errors.ts";
import type { TapoAnswer, TapoCaller, TapoRequest } from "./caller.ts";
import type { TapoComponents } from "./components.ts";
import { asNumber, asObject, asOnOff, asText, at, known, onOff, type TapoObject } from "./values.ts";

/**
 * How a kind takes its sensitivity: a number 0–100, one of three words, or not at all. Words are shown as
 * numbers too: low 20, medium 50, high 80.
 */
export type SensitivityForm = "number" | "words" | "none";

interface Row {
  get: string;
  set: string;
  module: string;
  section: string;
  /** The component that a camera with this detection lists. */
  component: string;
  form: SensitivityForm;
  /** Where a number stands; default `sensitivity`. */
  numberField?: "digital_sensitivity";
}

const detection = (name: string, module: string, form: SensitivityForm = "number"): Row => ({
  get: `get${name}DetectionConfig`,
  set: `set${name}DetectionConfig`,
  module,
  section: "detection",
  component: `${name[0]?.toLowerCase()}${name.slice(1)}Detection`,
  form,
});

const TABLE = {
  motion: {
    get: "getDetectionConfig",
    set: "setDetectionConfig",
    module: "motion_detection",
    section: "motion_det",
    component: "detection",
    form: "number",
    numberField: "digital_sensitivity",
  },
  person: detection("Person", "people_detection"),
  vehicle: detection("Vehicle", "vehicle_detection"),
  pet: detection("Pet", "pet_detection"),
  package: detection("Package", "package_detection"),
  bark: detection("Bark", "bark_detection"),
  meow: detection("Meow", "meow_detection"),
  glass: detection("Glass", "glass_detection"),
  line_crossing: detection("Linecrossing", "linecrossing_detection", "none"),
  tamper: { ...detection("Tamper", "tamper_detection", "words"), section: "tamper_det" },
  baby_cry: {
    get: "getBCDConfig",
    set: "setBCDConfig",
    module: "sound_detection",
    section: "bcd",
    component: "babyCryDetection",
    form: "words",
  },
} as const satisfies Record<string, Row>;

/** Something that a camera can look or listen for. */
export type DetectionKind = keyof typeof TABLE;

/** All kinds, in the order in which they are shown. */
export const DETECTION_KINDS = Object.keys(TABLE) as readonly DetectionKind[];

/** How a detection is set. */
export interface TapoDetectionState {
  isEnabled?: boolean;
  /** 0–100. */
  sensitivity?: number;
  /** How this camera takes the sensitivity. */
  form: SensitivityForm;
}

const WORDS: readonly { word: string; number: number }[] = [
  { word: "low", number: 20 },
  { word: "medium", number: 50 },
  { word: "high", number: 80 },
];

/** The sensitivities of cameras that take words, lowest first, evenly spaced. */
export const WORD_LEVELS: readonly number[] = WORDS.map(({ number }) => number);

/** The kinds that the components stand for. */
export function detectionsOf(components: TapoComponents): DetectionKind[] {
  return DETECTION_KINDS.filter((kind) => components.has(TABLE[kind].component));
}

/** The request that asks for a detection, for a batch of one's own. */
export function detectionRequest(kind: DetectionKind): TapoRequest {
  const { get, module, section } = TABLE[kind];
  return { method: get, params: { [module]: { name: [section] } } };
}

/** Asks for several detections at once; a kind that the camera does not know has an error for its answer. */
export async function readDetections(
  caller: TapoCaller,
  kinds: readonly DetectionKind[],
  signal: AbortSignal,
): Promise<Map<DetectionKind, TapoDetectionState | HubError>> {
  const answers = await caller.batch(kinds.map(detectionRequest), signal);
  const states = new Map<DetectionKind, TapoDetectionState | HubError>();
  for (const [index, kind] of kinds.entries()) {
    const answer: TapoAnswer | undefined = answers[index];
    if (answer) states.set(kind, answer.ok ? parseDetection(kind, answer.result) : answer.error);
  }
  return states;
}

/** Reads the answer to `detectionRequest`. */
export function parseDetection(kind: DetectionKind, result: TapoObject): TapoDetectionState {
  const row: Row = TABLE[kind];
  const section = asObject(at(result, row.module, row.section)) ?? {};
  const number = asNumber(section[row.numberField ?? "sensitivity"]);
  const word = numberOfWord(section["sensitivity"]);
  // Firmware without the digital field takes words for motion too.
  const form = row.form === "number" && number === undefined && word !== undefined ? "words" : row.form;
  const sensitivity = form === "none" ? undefined : form === "number" ? number : word ?? number;
  return known({ isEnabled: asOnOff(section["enabled"]), sensitivity, form });
}

/** What is to change; what is not given stays. */
export interface DetectionChange {
  isEnabled?: boolean;
  /** 0–100; the nearest word where the camera takes words. */
  sensitivity?: number;
}

/**
 * Changes a detection. Its state is read first: cameras want the switch with every change, and say by it how
 * they take the sensitivity. Children of hubs want the sensitivity of motion with every change too.
 * @throws HubError `invalid_input` for a sensitivity beyond 0–100, or where there is none.
 */
export async function setDetection(
  caller: TapoCaller,
  change: DetectionChange & { kind: DetectionKind },
  signal: AbortSignal,
): Promise<void> {
  const row: Row = TABLE[change.kind];
  const { sensitivity } = change;
  checkSensitivity(row, sensitivity);
  const { method, params } = detectionRequest(change.kind);
  const now = parseDetection(change.kind, await caller.request(method, params ?? {}, signal));
  const isEnabled = change.isEnabled ?? now.isEnabled;
  const level = sensitivity ?? (change.kind === "motion" ? now.sensitivity : undefined);
  const fields = {
    ...(isEnabled === undefined ? {} : { enabled: onOff(isEnabled) }),
    ...(level === undefined ? {} : sensitivityFields(row, now.form, level)),
  };
  await caller.request(row.set, { [row.module]: { [row.section]: fields } }, signal);
}

function checkSensitivity(row: Row, sensitivity: number | undefined): void {
  if (sensitivity === undefined) return;
  if (row.form === "none") throw new HubError("invalid_input", "This detection has no sensitivity");
  if (!(sensitivity >= 0 && sensitivity <= 100)) {
    throw new HubError("invalid_input", "The sensitivity is a number from 0 to 100");
  }
}

function sensitivityFields(row: Row, form: SensitivityForm, level: number): TapoObject {
  if (form === "words") return { sensitivity: wordOfNumber(level) };
  return { [row.numberField ?? "sensitivity"]: String(Math.round(level)) };
}

function numberOfWord(value: unknown): number | undefined {
  const text = asText(value)?.toLowerCase();
  return WORDS.find(({ word }) => word === (text === "normal" ? "medium" : text))?.number;
}

/** The word whose number is nearest. */
export function wordOfNumber(sensitivity: number): string {
  const [nearest] = WORDS.toSorted((a, b) =>
    Math.abs(a.number - sensitivity) - Math.abs(b.number - sensitivity)
  );
  return nearest?.word ?? "medium";
}
