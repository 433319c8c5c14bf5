// What a picture looks like while nothing moves: for each pixel a mean, how much it varies, and what it was of late.
import { MedianOfDifferences } from "./median.ts";
import { PIXELS } from "./picture.ts";

/** Share of a new picture in the mean of what has not changed, of what has, and in what it was of late. */
const MEAN_SHARE = 0.05;
const CHANGED_SHARE = 0.01;
const RECENT_SHARE = 0.5;
/** The same for how much a pixel varies. Leaves that sway are learnt within ten seconds. */
const VARIATION_SHARE = 0.04;
const MAX_VARIATION = 24;
const FIRST_VARIATION = 3;
/** What has changed and then rests for so many pictures (six seconds) belongs to the background. */
const REST_PICTURES = 30;
/** Every so many pixels count for medians. */
const SAMPLE_STEP = 3;
/** The camera's noise: it is believed sooner that there is more of it than less. */
const NOISE_RISE = 0.3;
const NOISE_FALL = 0.05;
/** The median of a normal distribution's absolute values is so much of its deviation. */
const MEDIAN_OF_DEVIATION = 0.6745;

/** The model of one camera. Arrays are grey levels, one for each pixel; readers do not change them. */
export class Background {
  readonly mean = new Float32Array(PIXELS);
  readonly variation = new Float32Array(PIXELS);
  readonly recent = new Float32Array(PIXELS);
  readonly #rest = new Uint8Array(PIXELS);
  readonly #median = new MedianOfDifferences();
  #noise = 1;

  /** Standard deviation of the noise over the picture, grey levels. */
  get noise(): number {
    return this.#noise;
  }

  /** The picture is the background from now on. */
  adopt(picture: Float32Array): void {
    this.mean.set(picture);
    this.recent.set(picture);
    this.variation.fill(FIRST_VARIATION);
    this.#rest.fill(0);
  }

  /** Only where it has changed. */
  adoptWhere(changed: Uint8Array, picture: Float32Array): void {
    for (let at = 0; at < PIXELS; at++) {
      if (changed[at] === 0) continue;
      this.mean[at] = picture[at]!;
      this.recent[at] = picture[at]!;
      this.variation[at] = Math.max(this.variation[at]!, FIRST_VARIATION);
    }
  }

  /** Brightness of the picture as a whole, against the background: the median difference. */
  brightening(picture: Float32Array): number {
    return this.#medianDifference(picture, this.mean);
  }

  /** The whole background becomes so much brighter, as by a camera's exposure. */
  brighten(by: number): void {
    for (let at = 0; at < PIXELS; at++) this.mean[at]! += by;
  }

  /** Measures the noise; returns by how much the picture is brighter than of late. */
  measureNoise(picture: Float32Array): number {
    const shift = this.#medianDifference(picture, this.recent);
    this.#median.clear();
    for (let at = 0; at < PIXELS; at += SAMPLE_STEP) {
      this.#median.add(Math.abs(picture[at]! - this.recent[at]! - shift));
    }
    const noise = this.#median.value / MEDIAN_OF_DEVIATION;
    this.#noise += (noise - this.#noise) * (noise > this.#noise ? NOISE_RISE : NOISE_FALL);
    return shift;
  }

  /** Learns from a picture. @param changed 1 where it differs from the background. @param moving 1 where it still changes. */
  learn(picture: Float32Array, changed: Uint8Array, moving: Uint8Array): void {
    const { mean, variation, recent } = this;
    const rest = this.#rest;
    for (let at = 0; at < PIXELS; at++) {
      const value = picture[at]!;
      const difference = value - mean[at]!;
      const isChanged = changed[at] === 1;
      recent[at]! += (value - recent[at]!) * RECENT_SHARE;
      rest[at] = isChanged && moving[at] === 0 ? rest[at]! + 1 : 0;
      if (rest[at]! >= REST_PICTURES) {
        mean[at] = value;
        variation[at] = FIRST_VARIATION;
        rest[at] = 0;
        continue;
      }
      // What rests where it was put does not vary.
      if (!isChanged || moving[at] === 1) {
        const seen = Math.min(Math.abs(difference), MAX_VARIATION);
        variation[at]! += (seen - variation[at]!) * VARIATION_SHARE;
      }
      mean[at]! += difference * (isChanged ? CHANGED_SHARE : MEAN_SHARE);
    }
  }

  #medianDifference(picture: Float32Array, other: Float32Array): number {
    this.#median.clear();
    for (let at = 0; at < PIXELS; at += SAMPLE_STEP) this.#median.add(picture[at]! - other[at]!);
    return this.#median.value;
  }
}
