// A camera that is watched for motion as in the hub: its stream, the detector, the observer and the journal.
import { noRules } from "../unit/tools/devices.ts";
import { systemClock } from "../../src/base/clock.ts";
import { cameraRulesSchema, type MotionRules } from "../../src/config/camera_rules.ts";
import { together } from "../../src/devices/companions.ts";
import type { Driver } from "../../src/devices/driver.ts";
import { type Companion, DeviceManager } from "../../src/devices/manager.ts";
import { RuleBook } from "../../src/devices/rule_book.ts";
import { Journal } from "../../src/events/journal.ts";
import type { HubEvent } from "../../src/events/event.ts";
import { EventObserver } from "../../src/events/observer.ts";
import { Media } from "../../src/media/media.ts";
import type { MotionDetector } from "../../src/motion/detector.ts";
import { MotionDetectors } from "../../src/motion/detectors.ts";
import { CameraRulesTable } from "../../src/store/camera_rules_table.ts";
import { Database } from "../../src/store/database.ts";
import { EventsTable } from "../../src/store/events_table.ts";
import { until } from "../unit/tools/processes.ts";
import { stage } from "./stage.ts";

/** The parts of a watched camera `cam`. */
export interface Watch {
  manager: DeviceManager;
  media: Media;
  rules: RuleBook;
  motion: MotionDetectors;
  launcher: ReturnType<typeof stage>["launcher"];
  detector(): MotionDetector;
  /** Waits until the detector has learnt the scene. */
  learnt(): Promise<void>;
  /** Waits until it has looked at so many more pictures. */
  looked(pictures: number): Promise<void>;
  /** Motion that was told so far, oldest first. */
  events(): Promise<HubEvent[]>;
}

const TUNING = {
  lingerMs: 300,
  startTimeoutMs: 20_000,
  stallTimeoutMs: 6000,
  backoff: { firstMs: 200, maxMs: 1000 },
};
const LEARNING_PICTURES = 12;

/** Runs one camera, does the work, and stops everything. */
export async function withWatch(
  driver: Driver,
  options: Record<string, unknown>,
  motionRules: Partial<MotionRules>,
  work: (watch: Watch) => Promise<void>,
): Promise<void> {
  const database = await Database.open(":memory:");
  const context = stage();
  const { launcher, log, slots } = context;
  const clock = systemClock;
  const streams = { launcher, clock, tuning: TUNING };
  const media = new Media(streams, { maxViewers: () => 8, slots, rules: noRules() });
  const ofFile = () => cameraRulesSchema.parse({ motion: motionRules });
  const rules = new RuleBook({ table: new CameraRulesTable(database, clock), log, ofFile });
  const journal = new Journal({ table: new EventsTable(database), clock, log });
  const motion = new MotionDetectors({ media, rules, streams });
  const observer = new EventObserver({ journal, clock, log, detector: motion.observe });
  const companion: Companion = (camera, signal) =>
    together(media.accompany, observer.accompany)(camera, signal);
  const manager = new DeviceManager({ drivers: [driver], context, companion });
  const end = new AbortController();
  const endJournal = new AbortController();
  const running = manager.run(end.signal);
  const writing = journal.run(endJournal.signal);
  const detector = () => motion.find("cam")!;
  const looked = async (pictures: number) => {
    const from = detector().picturesTotal;
    await until(() => detector().picturesTotal >= from + pictures, `${pictures} pictures`);
  };
  try {
    const spec = { id: "cam", name: "Cam", type: driver.id, enabled: true, origin: "store" } as const;
    await manager.add({ ...spec, options: driver.options.parse(options) as Record<string, unknown> });
    await work({
      manager,
      media,
      rules,
      motion,
      launcher,
      detector,
      looked,
      learnt: () => looked(LEARNING_PICTURES),
      events: async () => (await journal.list({ kind: "motion", limit: 100 })).events.reverse(),
    });
  } finally {
    end.abort();
    await running;
    endJournal.abort();
    await writing;
    await launcher.stopAll();
    await database.close();
  }
}
