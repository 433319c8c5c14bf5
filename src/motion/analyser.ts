// Looks for motion in one small grey picture after the other. Pure but for its memory: no clock, no camera.
import { Background } from "./background.ts";
import { type Blob, BlobFinder } from "./blobs.ts";
import { CameraShift } from "./camera_shift.ts";
import { isLight } from "./light.ts";
import { CELL, COLUMNS, despeckle, PIXELS, ROWS, smooth, WIDTH } from "./picture.ts";
import { WholePicture } from "./whole_picture.ts";
import { ZoneMask, type ZoneRules } from "./zone_mask.ts";

/** What counts as motion. */
export interface AnalyserRules extends ZoneRules {
  /** 0…100. */
  sensitivity: number;
  /** Percent of the picture. */
  min_area: number;
}

/** `learning`: too early to say; `unsteady`: the whole picture changes, which is no thing that moves. */
export type AnalyserState = "learning" | "unsteady" | "watching";

/** What one picture shows. The same object is used for the next one. */
export interface Reading {
  state: AnalyserState;
  /** 0 without motion; up to 1 with the size and the clearness of what moves. */
  score: number;
  /** Share of the picture that the largest moving thing takes, 0…1. */
  area: number;
  /** The zone it is in, where zones have been drawn. */
  zone: string | undefined;
  /** 1 for each cell in which something counts as moving, row by row: 32 columns, 18 rows. */
  readonly cells: Uint8Array;
}

/** Pictures (one second) before anything is told. */
const LEARNING_PICTURES = 5;
/** After a change of the whole picture so many must have been steady. */
const STEADY_PICTURES = 3;
/** A brighter or darker picture, grey levels: it is taken over at once. */
const BRIGHTENING = 2;
/** As much from one picture to the next is a light that was switched. */
const SWITCHED_LEVELS = 6;
/** Changes below this share of the picture are not asked whether they are only light. */
const LIGHT_SHARE = 0.01;
/** What appears in one picture and is so large is looked at again first: a lamp shows once, a person goes on. */
const SUDDEN_SHARE = 0.1;
const SUDDEN_AGAIN_PICTURES = 15;
/** The threshold in grey levels at sensitivity 0 and 100; between them it falls by the same factor each step. */
const DULL_LEVELS = 40;
const KEEN_LEVELS = 6;
/** … and never below so many times what a pixel varies by, and the noise of the picture. */
const VARIATIONS = 3.5;
const NOISES = 5;
/** A camera in the wind shifts its picture by so many pixels, which shows at every edge. */
const TREMBLE_PIXELS = 0.6;
/** What still changes differs from what it was of late by this share of the threshold. */
const MOVING_SHARE = 0.6;
/** This share of a thing must still change; else it only rests where it was not before. */
const LEAST_MOVING_SHARE = 0.06;
const LEAST_MOVING_PIXELS = 4;
/** Neighbours that a pixel needs, itself included. */
const NEIGHBOURS = 5;
/** Clearness beyond so many thresholds makes no difference. */
const MAX_CLEARNESS = 4;

/** The analyser of one camera. */
export class Analyser {
  readonly #background = new Background();
  readonly #whole = new WholePicture();
  readonly #shift = new CameraShift();
  readonly #blobs = new BlobFinder();
  readonly #sums = new Uint16Array(PIXELS);
  readonly #picture = new Float32Array(PIXELS);
  readonly #contrast = new Float32Array(PIXELS);
  readonly #raw = new Uint8Array(PIXELS);
  readonly #changed = new Uint8Array(PIXELS);
  readonly #moving = new Uint8Array(PIXELS);
  readonly #reading: Reading = {
    state: "learning",
    score: 0,
    area: 0,
    zone: undefined,
    cells: new Uint8Array(COLUMNS * ROWS),
  };
  #rules: AnalyserRules;
  #mask: ZoneMask;
  /** Pixels that had changed in the picture before. */
  #changedBefore = 0;
  #seen = 0;
  /** By how much the picture is brighter than of late. */
  #recentShift = 0;
  #steady = 0;
  #sinceSudden = SUDDEN_AGAIN_PICTURES;
  #zoneCounts: Uint32Array;

  constructor(rules: AnalyserRules) {
    this.#rules = rules;
    this.#mask = new ZoneMask(rules);
    this.#zoneCounts = new Uint32Array(rules.zones.length + 2);
  }

  /** Takes other rules; what was learnt stays. */
  configure(rules: AnalyserRules): void {
    this.#rules = rules;
    this.#mask = new ZoneMask(rules);
    this.#zoneCounts = new Uint32Array(rules.zones.length + 2);
  }

  /**
   * Looks at a picture of 160 by 90 bytes. @param isMoved the camera is being moved: the picture is no reason to
   * tell anything, nor are those after it until they are steady. Returns what it shows, valid until the next call.
   */
  look(bytes: Uint8Array, isMoved = false): Readonly<Reading> {
    const reading = this.#reading;
    reading.cells.fill(0);
    Object.assign(reading, { score: 0, area: 0, zone: undefined });
    smooth(bytes, this.#picture, this.#sums);
    if (this.#seen++ === 0) this.#background.adopt(this.#picture);
    const changed = this.#compare();
    reading.state = this.#judge(changed, isMoved);
    if (reading.state === "unsteady") this.#background.adopt(this.#picture);
    else {
      if (reading.state === "watching") this.#findThings();
      this.#background.learn(this.#picture, this.#changed, this.#moving);
    }
    return reading;
  }

  /** Marks what differs from the background and what still changes; returns how many pixels differ. */
  #compare(): number {
    const { mean, variation, recent } = this.#background;
    const shift = this.#background.brightening(this.#picture);
    if (Math.abs(shift) >= BRIGHTENING) this.#background.brighten(shift);
    const rest = Math.abs(shift) >= BRIGHTENING ? 0 : shift;
    const recentShift = this.#background.measureNoise(this.#picture);
    this.#recentShift = recentShift;
    const least = Math.max(levelsOf(this.#rules.sensitivity), NOISES * this.#background.noise);
    for (let at = 0; at < PIXELS; at++) {
      const edge = Math.max(
        Math.abs(mean[at]! - mean[at - 1]!) || 0,
        Math.abs(mean[at]! - mean[at + 1]!) || 0,
        Math.abs(mean[at]! - mean[at - WIDTH]!) || 0,
        Math.abs(mean[at]! - mean[at + WIDTH]!) || 0,
      );
      const threshold = Math.max(least, VARIATIONS * variation[at]!, least / 2 + TREMBLE_PIXELS * edge);
      const difference = Math.abs(this.#picture[at]! - mean[at]! - rest);
      const change = Math.abs(this.#picture[at]! - recent[at]! - recentShift);
      this.#raw[at] = difference > threshold ? 1 : 0;
      this.#moving[at] = change > threshold * MOVING_SHARE ? 1 : 0;
      this.#contrast[at] = Math.min(MAX_CLEARNESS, difference / threshold);
    }
    despeckle(this.#raw, this.#changed, NEIGHBOURS);
    let count = 0;
    for (let at = 0; at < PIXELS; at++) count += this.#changed[at]!;
    return count;
  }

  /** Whether what has changed may be a thing. Takes over what is none. */
  #judge(changed: number, isMoved: boolean): AnalyserState {
    const appeared = (changed - this.#changedBefore) / PIXELS;
    this.#changedBefore = changed;
    this.#sinceSudden++;
    if (this.#seen <= LEARNING_PICTURES) return "learning";
    if (isMoved || this.#isOfWholePicture()) {
      this.#steady = 0;
      this.#changedBefore = 0;
      return "unsteady";
    }
    if (++this.#steady <= STEADY_PICTURES && this.#seen > LEARNING_PICTURES + STEADY_PICTURES) {
      return "unsteady";
    }
    if (appeared >= SUDDEN_SHARE && this.#sinceSudden >= SUDDEN_AGAIN_PICTURES) {
      this.#sinceSudden = 0;
      this.#changedBefore = 0;
      this.#background.adoptWhere(this.#changed, this.#picture);
      return "unsteady";
    }
    return "watching";
  }

  #isOfWholePicture(): boolean {
    const { mean } = this.#background;
    return Math.abs(this.#recentShift) >= SWITCHED_LEVELS || this.#whole.hasChanged(this.#changed, mean) ||
      this.#shift.hasTurned(this.#picture, mean);
  }

  #findThings(): void {
    const counted = this.#raw;
    for (let at = 0; at < PIXELS; at++) counted[at] = this.#mask.of[at] === 0 ? 0 : this.#changed[at]!;
    const least = Math.max(1, this.#rules.min_area / 100 * PIXELS);
    this.#blobs.find(counted, this.#moving, this.#contrast, (blob) => {
      const needed = Math.max(LEAST_MOVING_PIXELS, blob.area * LEAST_MOVING_SHARE);
      if (blob.area < least || blob.moving < needed) return;
      const isLarge = blob.area >= LIGHT_SHARE * PIXELS;
      if (isLarge && isLight(blob, this.#changed, this.#picture, this.#background.mean)) return;
      this.#take(blob, least);
    });
  }

  #take(blob: Readonly<Blob>, least: number): void {
    const reading = this.#reading;
    const strength = blob.area / least * (blob.contrast / blob.area) / 2;
    this.#zoneCounts.fill(0);
    for (let index = 0; index < blob.area; index++) {
      const at = blob.pixels[index]!;
      this.#zoneCounts[this.#mask.of[at]!]! += 1;
      const cell = Math.floor(at / WIDTH / CELL) * COLUMNS + Math.floor(at % WIDTH / CELL);
      if (this.#moving[at] === 1) reading.cells[cell] = 1;
    }
    const score = strength / (1 + strength);
    if (score <= reading.score) return;
    const zone = this.#zoneCounts.indexOf(Math.max(...this.#zoneCounts));
    Object.assign(reading, { score, area: blob.area / PIXELS, zone: this.#mask.nameOf(zone) });
  }
}

/** Grey levels by which a pixel must differ. */
function levelsOf(sensitivity: number): number {
  return DULL_LEVELS * (KEEN_LEVELS / DULL_LEVELS) ** (sensitivity / 100);
}
