// Stored positions of a camera: at most eight, numbered from 1, listed as parallel arrays.
import type { JsonObject } from "./json.ts";
import type { Motor, Position } from "./motor.ts";
import { CODES, VendorError } from "./vendor_error.ts";

export interface Preset extends Position {
  readonly id: string;
  name: string;
  isReadOnly: boolean;
}

const MAX_PRESETS = 8;

/** The positions of one camera. */
export class Presets {
  readonly #motor: Motor;
  readonly #isPrivate: () => boolean;
  readonly #deleted = new Set<string>();
  #presets: Preset[] = [];
  /** How long a patrol stays at each position. */
  dwellMs = 10_000;

  constructor(motor: Motor, isPrivate: () => boolean) {
    this.#motor = motor;
    this.#isPrivate = isPrivate;
  }

  get list(): readonly Preset[] {
    return this.#presets;
  }

  /** Some firmware takes a name that it knows: it changes nothing, or the preset of that name. */
  knownNames: "again" | "ignored" | "overwritten" = "again";

  /** Stores where the camera looks now. @throws VendorError */
  save(name: string): Preset {
    if (this.#isPrivate()) throw new VendorError(CODES.privacyOn);
    if (this.#motor.isMoving) throw new VendorError(CODES.presetWhileMoving);
    if (this.#presets.length >= MAX_PRESETS) throw new VendorError(CODES.presetsFull);
    const known = this.knownNames === "again" ? undefined : this.#presets.find((each) => each.name === name);
    if (known && this.knownNames === "overwritten") Object.assign(known, this.#motor.position);
    return known ?? this.add({ name, ...this.#motor.position });
  }

  /** Stores any position, as the app would on its own. */
  add({ name, panDegrees, tiltDegrees, isReadOnly = false }: Omit<Preset, "id" | "isReadOnly"> & {
    isReadOnly?: boolean;
  }): Preset {
    const taken = new Set(this.#presets.map(({ id }) => id));
    let number = 1;
    while (taken.has(String(number))) number++;
    const preset: Preset = { id: String(number), name, panDegrees, tiltDegrees, isReadOnly };
    this.#deleted.delete(preset.id);
    this.#presets = [...this.#presets, preset].toSorted((a, b) => Number(a.id) - Number(b.id));
    return preset;
  }

  /** @throws VendorError */
  goTo(id: string): void {
    const preset = this.#presets.find((one) => one.id === id);
    if (this.#isPrivate()) throw new VendorError(CODES.privacyOn);
    if (preset) return this.#motor.moveTo(preset, id);
    throw new VendorError(this.#deleted.has(id) ? CODES.presetDeleted : CODES.presetMissing);
  }

  /** @throws VendorError when one is missing or read-only; then none is removed. */
  remove(ids: readonly string[]): void {
    for (const id of ids) {
      const preset = this.#presets.find((one) => one.id === id);
      if (!preset) throw new VendorError(this.#deleted.has(id) ? CODES.presetDeleted : CODES.presetMissing);
      if (preset.isReadOnly) throw new VendorError(CODES.badArguments);
    }
    for (const id of ids) this.#deleted.add(id);
    this.#presets = this.#presets.filter(({ id }) => !ids.includes(id));
  }

  /** @throws VendorError without at least one position. */
  startPatrol(): void {
    const stops = [...this.#presets];
    if (stops.length === 0) throw new VendorError(CODES.presetMissing);
    const dwellMs = this.dwellMs;
    this.#motor.patrol((elapsedMs) => {
      const { panDegrees, tiltDegrees } = stops[Math.floor(elapsedMs / dwellMs) % stops.length]!;
      return { panDegrees, tiltDegrees };
    });
  }

  /** As getPresetConfig lists them: positions from −1 to 1, as text with six decimals. */
  asArrays(): JsonObject {
    const { pan, tilt } = this.#motor.range;
    return {
      id: this.#presets.map(({ id }) => id),
      name: this.#presets.map(({ name }) => name),
      position_pan: this.#presets.map(({ panDegrees }) => normalised(panDegrees, pan)),
      position_tilt: this.#presets.map(({ tiltDegrees }) => normalised(tiltDegrees, tilt)),
      position_zoom: [],
      read_only: this.#presets.map(({ isReadOnly }) => isReadOnly ? "1" : "0"),
    };
  }
}

function normalised(degrees: number, [least, most]: readonly [number, number]): string {
  return ((degrees - least) / (most - least) * 2 - 1).toFixed(6);
}
