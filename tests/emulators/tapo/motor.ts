// The pan and tilt motor: where the camera looks, how it gets there, and why it may refuse to move.
import type { MotorRange } from "./models/model.ts";
import { CODES, VendorError } from "./vendor_error.ts";

export interface Position {
  panDegrees: number;
  tiltDegrees: number;
}

/** What the motor was told to do, and did. */
export interface Move {
  readonly at: number;
  readonly kind: "move" | "step" | "preset" | "cruise" | "stop" | "calibrate" | "patrol";
  /** Degrees asked for, for `move` and `step`. */
  readonly xDegrees?: number;
  readonly yDegrees?: number;
  readonly presetId?: string;
}

export interface MotorOptions {
  range: MotorRange;
  /** Milliseconds. */
  now: () => number;
  isPrivate: () => boolean;
  onChange: () => void;
}

/** Where a movement without end is after so many milliseconds. */
export type Program = (elapsedMs: number) => Position;

const STEP_DEGREES = 10;
const MAX_MOVES = 10_000;

/** It takes its time, as a real one; `speedDegreesPerS` Infinity where a test has none. */
export class Motor {
  readonly #options: MotorOptions;
  #path: { from: Position; to: Position; startMs: number; endMs: number };
  #program: { kind: "cruise" | "patrol"; at: Program; startMs: number } | undefined;
  #busyTimes = 0;
  #calibrating = false;
  /** Degrees per second of a move. */
  speedDegreesPerS = 120;
  /** Some firmware refuses a move while the one before goes on. */
  isBusyWhileMoving = false;
  cruiseDegreesPerS = 30;
  /** How long calibration lasts; every other call is refused meanwhile. */
  calibrationMs = 0;
  readonly moves: Move[] = [];

  constructor(options: MotorOptions) {
    this.#options = options;
    const centre = { panDegrees: 0, tiltDegrees: 0 };
    this.#path = { from: centre, to: centre, startMs: 0, endMs: 0 };
  }

  get range(): MotorRange {
    return this.#options.range;
  }

  get position(): Position {
    const nowMs = this.#options.now();
    if (this.#program) return this.#program.at(Math.max(0, nowMs - this.#program.startMs));
    const { from, to, startMs, endMs } = this.#path;
    if (nowMs >= endMs) return { ...to };
    const part = Math.max(0, (nowMs - startMs) / (endMs - startMs));
    return {
      panDegrees: from.panDegrees + (to.panDegrees - from.panDegrees) * part,
      tiltDegrees: from.tiltDegrees + (to.tiltDegrees - from.tiltDegrees) * part,
    };
  }

  get isMoving(): boolean {
    return this.#program !== undefined || this.#options.now() < this.#path.endMs;
  }

  get isCruising(): boolean {
    return this.#program?.kind === "cruise";
  }

  get isPatrolling(): boolean {
    return this.#program?.kind === "patrol";
  }

  /** The next so many calls are refused because the motor is busy. */
  busy(times: number): void {
    this.#busyTimes = times;
  }

  /** Refuses while private, busy, calibrating or cruising; ends a patrol. @throws VendorError */
  requireReady(): void {
    if (this.#options.isPrivate()) throw new VendorError(CODES.privacyOn);
    if (this.#busyTimes > 0) {
      this.#busyTimes--;
      throw new VendorError(CODES.motorBusy);
    }
    const mustEndFirst = this.#calibrating || this.isBusyWhileMoving;
    if (this.isCruising || (mustEndFirst && this.isMoving && !this.isPatrolling)) {
      throw new VendorError(CODES.motorBusy);
    }
    if (this.isPatrolling) this.#freeze();
  }

  /** Turns by so many degrees from where it is or on its way to, as far as the range allows. @throws VendorError when it allows nothing. */
  moveBy(xDegrees: number, yDegrees: number, kind: "move" | "step" = "move"): void {
    this.requireReady();
    const from = this.#path.to;
    const to = this.#clamp({
      panDegrees: from.panDegrees + xDegrees,
      tiltDegrees: from.tiltDegrees + yDegrees,
    });
    const isStuck = to.panDegrees === from.panDegrees && to.tiltDegrees === from.tiltDegrees;
    if (isStuck && (xDegrees !== 0 || yDegrees !== 0)) throw new VendorError(CODES.endOfRange);
    this.#note({ kind, xDegrees, yDegrees });
    this.#goTo(to);
  }

  /** One step towards an angle: 0 is right, 90 up, 180 left, 270 down. */
  step(directionDegrees: number): void {
    const angle = directionDegrees * Math.PI / 180;
    const round = (value: number) => Math.round(value * 1000) / 1000;
    this.moveBy(round(Math.cos(angle) * STEP_DEGREES), round(Math.sin(angle) * STEP_DEGREES), "step");
  }

  /** Goes to a stored position. */
  moveTo(to: Position, presetId: string): void {
    this.requireReady();
    this.#note({ kind: "preset", presetId });
    this.#goTo(this.#clamp(to));
  }

  /** Swings along one axis, from end to end, until it is stopped. */
  cruise(axis: "x" | "y"): void {
    this.requireReady();
    const from = this.position;
    const key = axis === "x" ? "panDegrees" : "tiltDegrees";
    const [least, most] = axis === "x" ? this.range.pan : this.range.tilt;
    const span = most - least;
    const speed = this.cruiseDegreesPerS;
    this.#note({ kind: "cruise" });
    this.#start("cruise", (elapsedMs) => {
      const way = (from[key] - least + speed * elapsedMs / 1000) % (2 * span);
      return { ...from, [key]: least + (way <= span ? way : 2 * span - way) };
    });
  }

  stopCruise(): void {
    if (this.#options.isPrivate()) throw new VendorError(CODES.privacyOn);
    this.#note({ kind: "stop" });
    if (this.isCruising || this.isMoving) this.#freeze();
  }

  /** Visits positions in turn until it is ended. */
  patrol(program: Program): void {
    this.requireReady();
    this.#note({ kind: "patrol" });
    this.#start("patrol", program);
  }

  endPatrol(): void {
    if (this.isPatrolling) this.#freeze();
  }

  calibrate(): void {
    this.requireReady();
    this.#note({ kind: "calibrate" });
    const to = this.#clamp({ panDegrees: 0, tiltDegrees: 0 });
    this.#goTo(to, this.calibrationMs);
    this.#calibrating = true;
  }

  /** Stays where it is: privacy came on, or the power went. */
  halt(): void {
    if (this.isMoving) this.#freeze();
  }

  /** Puts the camera there at once, as a hand would. */
  place(position: Position): void {
    this.#goTo(this.#clamp(position), 0);
  }

  #start(kind: "cruise" | "patrol", at: Program): void {
    this.#program = { kind, at, startMs: this.#options.now() };
    this.#options.onChange();
  }

  #freeze(): void {
    this.#goTo(this.position, 0);
  }

  #goTo(to: Position, durationMs?: number): void {
    const from = this.position;
    const startMs = this.#options.now();
    const degrees = Math.max(
      Math.abs(to.panDegrees - from.panDegrees),
      Math.abs(to.tiltDegrees - from.tiltDegrees),
    );
    const lastsMs = durationMs ?? degrees / this.speedDegreesPerS * 1000;
    this.#program = undefined;
    this.#calibrating = false;
    this.#path = { from, to, startMs, endMs: startMs + lastsMs };
    this.#options.onChange();
  }

  #clamp({ panDegrees, tiltDegrees }: Position): Position {
    const within = (value: number, [least, most]: readonly [number, number]) =>
      Math.min(most, Math.max(least, value));
    return {
      panDegrees: within(panDegrees, this.range.pan),
      tiltDegrees: within(tiltDegrees, this.range.tilt),
    };
  }

  #note(move: Omit<Move, "at">): void {
    this.moves.push({ at: this.#options.now(), ...move });
    if (this.moves.length > MAX_MOVES) this.moves.shift();
  }
}
