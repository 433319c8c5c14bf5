// Whether the camera itself has turned: the four quarters of the picture have shifted alike. Pure.
import { HEIGHT, WIDTH } from "./picture.ts";

const QUARTER_WIDTH = WIDTH / 2;
const QUARTER_HEIGHT = HEIGHT / 2;
/** Pixels looked for each way. */
const MAX_SHIFT = 12;
/** Shifted, a profile must fit so much better than where it is … */
const FIT_SHARE = 0.65;
/** … and must not fit where it is: mean difference in grey levels. */
const LEAST_MISFIT = 0.7;
/** Quarters that must agree, within a pixel. */
const LEAST_VOTES = 3;

/** Compares pictures by the brightness of their columns and rows. Keeps its arrays. */
export class CameraShift {
  readonly #profile = new Float32Array(QUARTER_WIDTH);
  readonly #reference = new Float32Array(QUARTER_WIDTH);
  readonly #shifts = new Int8Array(4);

  /** True when the picture is the reference, shifted. */
  hasTurned(picture: Float32Array, reference: Float32Array): boolean {
    return this.#agree(picture, reference, true) || this.#agree(picture, reference, false);
  }

  #agree(picture: Float32Array, reference: Float32Array, isAcross: boolean): boolean {
    const length = isAcross ? QUARTER_WIDTH : QUARTER_HEIGHT;
    for (let quarter = 0; quarter < 4; quarter++) {
      profileOf(picture, quarter, isAcross, this.#profile);
      profileOf(reference, quarter, isAcross, this.#reference);
      this.#shifts[quarter] = bestShift(this.#profile, this.#reference, length);
    }
    for (let quarter = 0; quarter < 4; quarter++) {
      const shift = this.#shifts[quarter]!;
      if (shift === 0) continue;
      let votes = 0;
      for (let other = 0; other < 4; other++) {
        const its = this.#shifts[other]!;
        if (its !== 0 && Math.abs(its - shift) <= 1 && its * shift > 0) votes++;
      }
      if (votes >= LEAST_VOTES) return true;
    }
    return false;
  }
}

/** Fills in the mean brightness of each column (or row) of a quarter, less that of the quarter. */
function profileOf(picture: Float32Array, quarter: number, isAcross: boolean, into: Float32Array): void {
  const left = quarter % 2 * QUARTER_WIDTH;
  const top = quarter < 2 ? 0 : QUARTER_HEIGHT;
  into.fill(0);
  let total = 0;
  for (let y = 0; y < QUARTER_HEIGHT; y++) {
    for (let x = 0; x < QUARTER_WIDTH; x++) {
      const value = picture[(top + y) * WIDTH + left + x]!;
      into[isAcross ? x : y]! += value;
      total += value;
    }
  }
  const length = isAcross ? QUARTER_WIDTH : QUARTER_HEIGHT;
  const depth = isAcross ? QUARTER_HEIGHT : QUARTER_WIDTH;
  const mean = total / length / depth;
  for (let index = 0; index < length; index++) into[index] = into[index]! / depth - mean;
}

/** By how much the profile has shifted against the reference; 0 where that explains nothing. */
function bestShift(profile: Float32Array, reference: Float32Array, length: number): number {
  const still = misfit(profile, reference, length, 0);
  if (still < LEAST_MISFIT) return 0;
  let best = 0, least = still * FIT_SHARE;
  for (let shift = -MAX_SHIFT; shift <= MAX_SHIFT; shift++) {
    const its = misfit(profile, reference, length, shift);
    if (its >= least) continue;
    least = its;
    best = shift;
  }
  return best;
}

function misfit(profile: Float32Array, reference: Float32Array, length: number, shift: number): number {
  let sum = 0;
  for (let index = MAX_SHIFT; index < length - MAX_SHIFT; index++) {
    sum += Math.abs(profile[index + shift]! - reference[index]!);
  }
  return sum / (length - 2 * MAX_SHIFT);
}
