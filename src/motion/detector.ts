// The hub's own look-out for motion at one camera: holds the stream while it is wanted, and tells what it sees.
import { Changes } from "../base/changes.ts";
import type { HubError } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import type { MotionRules } from "../config/camera_rules.ts";
import type { Camera } from "../devices/camera.ts";
import type { Observation, Observations } from "../devices/capabilities.ts";
import type { RuleBook } from "../devices/rule_book.ts";
import type { Lane } from "../media/lane.ts";
import type { Media } from "../media/media.ts";
import {
  OnDemandProcess,
  type ProcessSource,
  retryWhenRunning,
  type StreamContext,
} from "../media/on_demand.ts";
import { Analyser, type Reading } from "./analyser.ts";
import { grayIntake, graySource } from "./gray_source.ts";
import { Onset, onsetTimes } from "./onset.ts";
import { COLUMNS, ROWS, WIDTH } from "./picture.ts";
import { type NotWanted, whyNotByHub } from "./wanted.ts";

/** What a detector works with. */
export interface DetectorDeps {
  media: Pick<Media, "find">;
  rules: Pick<RuleBook, "of" | "changes">;
  streams: StreamContext;
}

/** How it stands. */
export type DetectorState =
  | { state: "off"; why: NotWanted }
  | { state: "starting" | "running" }
  | { state: "waiting"; error: HubError; nextTryAtMs?: number };

/** What was seen in the newest picture. */
export interface Sight {
  score: number;
  /** Share of the picture, 0…1. */
  area: number;
  isUnsteady: boolean;
  /** 32 by 18 cells, row by row: 1 where something counts as moving. */
  cells: Uint8Array;
  atMs: number;
}

/** After a movement of the camera so long nothing is told, and then not before the picture is steady. */
const SETTLE_MS = 1500;
/** Motion that goes on is told again, so that whoever merges events knows. */
const AGAIN_MS = 30_000;

/** The detector of one camera. `run` does the work. */
export class MotionDetector {
  /** Notified when the state changes. */
  readonly changes = new Changes();
  readonly #camera: Camera;
  readonly #deps: DetectorDeps;
  readonly #callbacks: Parameters<Observations["watch"]>[0];
  readonly #onset: Onset;
  #rules: MotionRules;
  #analyser: Analyser | undefined;
  #state: DetectorState;
  #sight: Sight | undefined;
  #movements = 0;
  #settledAtMs = -Infinity;
  #toldAtMs = -Infinity;
  #lastMotionAtMs: number | undefined;
  #pictures = 0;

  constructor(camera: Camera, deps: DetectorDeps, callbacks: Parameters<Observations["watch"]>[0]) {
    this.#camera = camera;
    this.#deps = deps;
    this.#callbacks = callbacks;
    this.#rules = deps.rules.of(camera.id).motion;
    this.#onset = new Onset(onsetTimes(this.#rules));
    this.#state = stateOf(whyNotByHub(camera, this.#rules));
  }

  get state(): DetectorState {
    return this.#state;
  }

  /** The rules by which the pictures are judged now. */
  get rules(): MotionRules {
    return this.#rules;
  }

  /** True while motion is being told. */
  get isActive(): boolean {
    return this.#onset.isActive;
  }

  /** When something moved last, milliseconds since 1970; since the hub started. */
  get lastMotionAtMs(): number | undefined {
    return this.#lastMotionAtMs;
  }

  /** Pictures looked at. */
  get picturesTotal(): number {
    return this.#pictures;
  }

  /** What the newest picture showed; undefined while none is looked at. */
  get sight(): Sight | undefined {
    return this.#sight;
  }

  /** The hub moves the camera, until the returned function is called. */
  move(): () => void {
    this.#movements++;
    return () => {
      this.#movements--;
      this.#settledAtMs = this.#nowMs + SETTLE_MS;
    };
  }

  /** Looks while it is wanted, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const woken = new Changes();
    const unsubscribe = [
      this.#camera.changes.subscribe(() => woken.notify()),
      this.#deps.rules.changes.subscribe(() => {
        this.#configure();
        woken.notify();
      }),
    ];
    try {
      while (!signal.aborted) {
        const lane = this.#wantedLane();
        if (lane) await this.#look(lane, woken, signal);
        else await woken.next(signal);
      }
    } finally {
      for (const each of unsubscribe) each();
    }
  }

  #configure(): void {
    this.#rules = this.#deps.rules.of(this.#camera.id).motion;
    this.#analyser?.configure(this.#rules);
    this.#onset.configure(onsetTimes(this.#rules));
  }

  /** The stream to look at; undefined, with the reason told, where the hub has not to look. */
  #wantedLane(): Lane | undefined {
    const why = whyNotByHub(this.#camera, this.#rules);
    const lane = this.#deps.media.find(this.#camera.id)?.laneFor(WIDTH);
    if (!why && lane?.video) return lane;
    this.#setState(stateOf(why ?? { byCamera: false, reason: "The camera is not connected" }));
    return undefined;
  }

  /** Looks at one stream for as long as that is the one. */
  async #look(lane: Lane, woken: Changes, signal: AbortSignal): Promise<void> {
    using session = new LinkedSignal(signal);
    const { streams } = this.#deps;
    const { video } = lane;
    const process = new OnDemandProcess<ProcessSource>(atOnce(streams), () => this.#begin());
    process.setSource(graySource(this.#camera.id, lane, streams.clock));
    const check = () => {
      const isSame = lane.video === video && whyNotByHub(this.#camera, this.#rules) === undefined;
      if (!isSame || process.state.state === "waiting" && this.#otherLane(lane)) session.abort();
      else this.#follow(process.state, lane);
    };
    const unsubscribe = [
      woken.subscribe(check),
      process.changes.subscribe(check),
      retryWhenRunning(lane.video?.framing === "mp4" ? lane.packets : lane.frames, process),
    ];
    this.#setState({ state: "starting" });
    const release = process.acquire();
    try {
      await process.run(session.signal);
    } finally {
      release();
      for (const each of unsubscribe) each();
      this.#end();
    }
  }

  #otherLane(lane: Lane): boolean {
    return this.#deps.media.find(this.#camera.id)?.laneFor(WIDTH) !== lane;
  }

  #follow(state: OnDemandProcess<ProcessSource>["state"], lane: Lane): void {
    if (state.state === "idle") return;
    const isOwnFault = state.state === "waiting" && lane.report.state !== "waiting";
    if (isOwnFault && this.#state.state === "running") this.#callbacks.onGap(state.error.message);
    if (state.state === "waiting") this.#end();
    this.#setState(state);
  }

  /** A process has started: what a former one learnt may be of another picture. */
  #begin() {
    this.#analyser = new Analyser(this.#rules);
    return grayIntake((picture) => this.#see(picture));
  }

  #see(picture: Uint8Array): void {
    if (!this.#analyser) return;
    const isMoved = this.#movements > 0 || this.#nowMs < this.#settledAtMs;
    const reading = this.#analyser.look(picture, isMoved);
    this.#pictures++;
    this.#remember(reading);
    if (reading.score > 0) this.#lastMotionAtMs = this.#deps.streams.clock.now();
    const told = this.#onset.see(reading.score, this.#nowMs);
    const isDueAgain = this.isActive && this.#nowMs - this.#toldAtMs >= AGAIN_MS;
    if (told === "end") this.#tell(false);
    else if (told === "begin" || isDueAgain) this.#tell(true, reading);
  }

  #remember({ score, area, state, cells }: Readonly<Reading>): void {
    this.#sight ??= { score: 0, area: 0, isUnsteady: true, cells: new Uint8Array(COLUMNS * ROWS), atMs: 0 };
    this.#sight.cells.set(cells);
    Object.assign(this.#sight, {
      score,
      area,
      isUnsteady: state !== "watching",
      atMs: this.#deps.streams.clock.now(),
    });
  }

  /** Nothing is looked at any more. */
  #end(): void {
    this.#analyser = undefined;
    this.#sight = undefined;
    if (this.#onset.stop()) this.#tell(false);
  }

  #tell(active: boolean, reading?: Readonly<Reading>): void {
    this.#toldAtMs = this.#nowMs;
    const observation: Observation = {
      kind: "motion",
      active,
      isState: true,
      source: "hub",
      sourceKey: "hub",
    };
    if (reading) {
      const score = Math.round(reading.score * 100) / 100;
      observation.details = { score, ...(reading.zone === undefined ? {} : { zone: reading.zone }) };
    }
    this.#callbacks.onObservation(observation);
  }

  #setState(state: DetectorState): void {
    this.#state = state;
    this.changes.notify();
  }

  get #nowMs(): number {
    return this.#deps.streams.clock.monotonic();
  }
}

function stateOf(why: NotWanted | undefined): DetectorState {
  return why ? { state: "off", why } : { state: "starting" };
}

/** The same, but nothing runs on when it is no longer wanted: the camera's own stream lingers. */
function atOnce(context: StreamContext): StreamContext {
  return {
    ...context,
    get tuning() {
      return { ...context.tuning, lingerMs: 0 };
    },
  };
}
