// What the lens sees now, told to whoever draws the picture.
import { asText } from "./json.ts";
import type { TapoDevice } from "./device.ts";

export interface View {
  /** Grows to the right. */
  panDegrees: number;
  /** Grows upwards. */
  tiltDegrees: number;
  zoom: number;
  /** The lens is covered: no picture. */
  privacy: boolean;
  /** The picture is turned upside down. */
  flip: boolean;
  /** In black and white, by infrared light. */
  night: boolean;
}

export type ViewListener = (view: View) => void;

const TICK_MS = 100;

/** Tells listeners of each change, and while the camera turns ten times a second. */
export class ViewFeed {
  readonly #listeners = new Set<ViewListener>();
  readonly #device: () => TapoDevice;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isDark = false;
  #isClosed = false;

  constructor(device: () => TapoDevice) {
    this.#device = device;
  }

  /** Whether it is dark around the camera; decides what "auto" means at night. */
  get isDark(): boolean {
    return this.#isDark;
  }

  set isDark(isDark: boolean) {
    this.#isDark = isDark;
    this.changed();
  }

  get now(): View {
    const { motor, isPrivate, settings } = this.#device();
    const { panDegrees, tiltDegrees } = motor?.position ?? { panDegrees: 0, tiltDegrees: 0 };
    return {
      panDegrees,
      tiltDegrees,
      zoom: 1,
      privacy: isPrivate,
      flip: settings.field("image", "switch", "flip_type") === "center",
      night: this.#isNight(),
    };
  }

  /** The listener hears of every change until the function returned is called. */
  listen(listener: ViewListener): () => void {
    this.#listeners.add(listener);
    this.#tick();
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    if (this.#listeners.size === 0) return;
    const view = this.now;
    for (const listener of this.#listeners) listener(view);
    this.#tick();
  }

  close(): void {
    this.#isClosed = true;
    this.#listeners.clear();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const wanted = !this.#isClosed && this.#listeners.size > 0 && this.#device().motor?.isMoving === true;
    if (!wanted || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.changed();
    }, TICK_MS);
  }

  /** A white lamp, forced or as the way to see at night, keeps the colours. */
  #isNight(): boolean {
    const { settings, lamp } = this.#device();
    const type = asText(settings.field("image", "common", "inf_type")) ?? "off";
    const mode = asText(settings.field("image", "switch", "night_vision_mode")) ?? "";
    if (type === "off" || (type === "auto" && !this.#isDark)) return false;
    return mode !== "wtl_night_vision" && !lamp.isOn;
  }
}
