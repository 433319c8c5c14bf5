// Records cameras by their rules: beside each camera it decides again and again what the rule wants, begins and ends
// its recording accordingly, and keeps in memory what was before an event.
import { Changes, sleepOrChange } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import type { HubError } from "../base/errors.ts";
import { Scope } from "../base/scope.ts";
import type { RecordingRules } from "../config/camera_rules.ts";
import type { LocalTime } from "../config/time_windows.ts";
import type { Camera } from "../devices/camera.ts";
import type { RuleBook } from "../devices/rule_book.ts";
import type { Media } from "../media/media.ts";
import type { EventTracker } from "./event_tracker.ts";
import { readCover } from "./gaps.ts";
import { Standby } from "./standby.ts";
import type { EndReason } from "./recording.ts";
import type { Recordings } from "./recordings.ts";
import { decide, type Decision, type Why } from "./rules_policy.ts";

/** What recording by rule needs of the house. */
export interface RuleRecorderContext {
  recordings: Recordings;
  rules: Pick<RuleBook, "of" | "changes">;
  media: Pick<Media, "find">;
  events: EventTracker;
  clock: Clock;
  zone: LocalTime;
  segmentMs(): number;
  /** Why nothing may be recorded now. */
  refusal(): Promise<HubError | undefined>;
}

/** How the rule of a camera stands. */
export interface RuleState {
  mode: RecordingRules["mode"];
  why: Why;
  /** When the schedule says otherwise; undefined: never. */
  changesAtMs: number | undefined;
  /** How much of before is kept in memory at present; undefined where none is wanted. */
  keptMs(): number | undefined;
  /** True where nothing of before is kept although it is wanted: the camera has a battery. */
  isSpared: boolean;
  /** Why nothing is recorded although the rule wants it. */
  error: HubError | undefined;
}

/** A camera and what is known of it here. */
interface Watched {
  camera: Camera;
  changes: Changes;
  standby: Standby;
  isCovered: boolean;
}

/** After one that failed nothing is tried for so long. */
const REST_MS = 10_000;
/** How often the lens is looked at while the rule is on. */
const LOOK_AT_LENS_MS = 5000;
/** An event is told when it has been written: so much later than it began. */
const EVENT_LEAD_MS = 500;

const ENDED_BY: Partial<Record<Why, EndReason>> = { privacy: "privacy" };

/** Follows the rules of all cameras. */
export class RuleRecorder {
  readonly #context: RuleRecorderContext;
  readonly #states = new Map<string, RuleState>();

  constructor(context: RuleRecorderContext) {
    this.#context = context;
  }

  /** How the rule of a camera stands; undefined for one that is not there. */
  state(cameraId: string): RuleState | undefined {
    return this.#states.get(cameraId);
  }

  /** Records a camera by its rule until the signal aborts: a companion of the camera. */
  readonly accompany = async (camera: Camera, signal: AbortSignal): Promise<void> => {
    const { rules, events, recordings } = this.#context;
    const watched: Watched = {
      camera,
      changes: new Changes(),
      standby: new Standby(camera, this.#context),
      isCovered: false,
    };
    const wake = () => watched.changes.notify();
    const unsubscribe = [rules.changes, events.changes, recordings.changes, camera.changes].map((each) =>
      each.subscribe(wake)
    );
    try {
      await using scope = new Scope(signal);
      scope.spawn((own) => this.#watchLens(watched, own));
      scope.spawn((own) => this.#follow(watched, own));
      await scope.join();
    } finally {
      for (const each of unsubscribe) each();
      watched.standby.stop();
      this.#states.delete(camera.id);
    }
  };

  async #follow(watched: Watched, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let isChanged = false;
      const stop = watched.changes.subscribe(() => isChanged = true);
      const waitMs = await this.#look(watched);
      stop();
      if (!isChanged) await sleepOrChange(waitMs, watched.changes, this.#context.clock, signal);
    }
  }

  /** Asks the camera while its rule is on; what it does not tell changes nothing. */
  async #watchLens(watched: Watched, signal: AbortSignal): Promise<void> {
    const { rules, clock } = this.#context;
    const { camera, changes } = watched;
    while (!signal.aborted) {
      const isOn = rules.of(camera.id).recording.mode !== "off";
      const lens = isOn ? camera.device?.capabilities.privacy : undefined;
      const isCovered = lens ? await readCover(lens, signal) ?? watched.isCovered : false;
      if (isCovered !== watched.isCovered) {
        watched.isCovered = isCovered;
        changes.notify();
      }
      if (lens) await clock.sleep(LOOK_AT_LENS_MS, signal);
      else await changes.next(signal);
    }
  }

  /** Decides once and acts; returns when to look again, in milliseconds. */
  async #look({ camera, standby, isCovered }: Watched): Promise<number> {
    const { rules, clock, zone, events, recordings } = this.#context;
    const rule = rules.of(camera.id).recording;
    const situation = events.situation(camera.id, rule.events);
    const decision = decide(rule, { nowMs: clock.now(), isCovered, ...situation }, zone);
    standby.adapt(decision.isArmed && camera.spec.enabled ? rule.pre_roll_s * 1000 : 0);
    const error = await this.#act(camera, rule, decision, situation.eventBeganAgoMs);
    this.#states.set(camera.id, {
      mode: rule.mode,
      why: decision.why,
      changesAtMs: decision.scheduleChangesAtMs,
      keptMs: () => standby.keptMs,
      isSpared: decision.isArmed && rule.pre_roll_s > 0 && standby.isSpared,
      error,
    });
    const isBlocked = decision.record !== undefined && recordings.cause(camera.id) === undefined;
    return Math.min(decision.lookAgainMs, isBlocked ? REST_MS : Infinity);
  }

  /** Begins or ends the recording by rule. Returns why it cannot begin. */
  async #act(
    camera: Camera,
    rule: RecordingRules,
    { record, why }: Decision,
    eventBeganAgoMs: number | undefined,
  ): Promise<HubError | undefined> {
    const { recordings, segmentMs } = this.#context;
    const cause = recordings.cause(camera.id);
    if (cause === "manual") return undefined;
    if (cause !== undefined && cause !== record) {
      recordings.endByRule(camera.id, ENDED_BY[why] ?? "rule_ended");
      return undefined;
    }
    if (record === undefined || cause !== undefined || !camera.spec.enabled) return undefined;
    const error = await this.#obstacle(camera.id);
    if (error) return error;
    const beforeMs = record === "event" ? rule.pre_roll_s * 1000 + (eventBeganAgoMs ?? 0) + EVENT_LEAD_MS : 0;
    recordings.beginByRule(camera.id, {
      cause: record,
      preRollMs: beforeMs,
      segmentMs: segmentMs(),
      keepsJpeg: rule.mjpeg === "keep",
    });
    return undefined;
  }

  /** Why it cannot be recorded now: disk, folder, or one that has just failed. */
  async #obstacle(camera: string): Promise<HubError | undefined> {
    const refusal = await this.#context.refusal();
    if (refusal) return refusal;
    const last = this.#context.recordings.last(camera);
    const isFresh = last && this.#context.clock.now() - last.endedAtMs < REST_MS &&
      this.#context.clock.now() >= last.endedAtMs;
    return isFresh && last.because === "failed" ? last.error : undefined;
  }
}
