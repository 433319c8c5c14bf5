// Alarm modes of the house and of cameras, and what nobody wants to be told of for a while.
import { Changes } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import { ALARM_MODES, type AlarmMode } from "../config/alerts.ts";
import type { ArmingTable, SnoozeRow } from "../store/arming_table.ts";

/** The house is not armed before somebody arms it. */
const FIRST_MODE: AlarmMode = "disarmed";
const HOUSE = "";

/** Remembers modes and snoozes over restarts. `load` comes first. */
export class Arming {
  /** Notified when a mode or a snooze changed. */
  readonly changes = new Changes();
  readonly #table: ArmingTable;
  readonly #clock: Clock;
  #modes = new Map<string, AlarmMode>();
  #snoozes: SnoozeRow[] = [];

  constructor(table: ArmingTable, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  /** @throws HubError when the database cannot be read. */
  async load(): Promise<void> {
    const known = [...await this.#table.modes()].filter((entry): entry is [string, AlarmMode] =>
      ALARM_MODES.some((mode) => mode === entry[1])
    );
    this.#modes = new Map(known);
    this.#snoozes = await this.#table.snoozes();
  }

  /** The mode of the house. */
  get house(): AlarmMode {
    return this.#modes.get(HOUSE) ?? FIRST_MODE;
  }

  /** Cameras with a mode of their own. */
  get own(): ReadonlyMap<string, AlarmMode> {
    return new Map([...this.#modes].filter(([camera]) => camera !== HOUSE));
  }

  /** The mode that holds at a camera. */
  modeAt(camera: string | undefined): AlarmMode {
    return (camera === undefined ? undefined : this.#modes.get(camera)) ?? this.house;
  }

  /** Sets the mode of a camera, or of the house; undefined lets a camera follow the house again. */
  async setMode(camera: string | undefined, mode: AlarmMode | undefined): Promise<void> {
    const key = camera ?? HOUSE;
    await this.#table.setMode(key, mode);
    if (mode === undefined) this.#modes.delete(key);
    else this.#modes.set(key, mode);
    this.changes.notify();
  }

  /** Those that still hold. */
  get snoozes(): SnoozeRow[] {
    const nowMs = this.#clock.now();
    return this.#snoozes.filter(({ untilMs }) => untilMs > nowMs);
  }

  isSnoozed(rule: string, camera: string | undefined): boolean {
    return this.snoozes.some((each) =>
      (each.rule === undefined || each.rule === rule) &&
      (each.camera === undefined || each.camera === camera)
    );
  }

  /** Keeps quiet about a camera, a rule, or both, until then; undefined ends that. */
  async snooze(
    camera: string | undefined,
    rule: string | undefined,
    untilMs: number | undefined,
  ): Promise<void> {
    await this.#table.snooze(camera, rule, untilMs);
    this.#snoozes = await this.#table.snoozes();
    this.changes.notify();
  }
}
