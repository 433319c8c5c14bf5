// Reads the switches and presets of the cameras now and then: they may be changed elsewhere, as in the maker's app.
import { Changes, sleepOrChange } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import { toHubError } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import type { Logger } from "../base/log.ts";
import { Scope } from "../base/scope.ts";
import type { Camera } from "../devices/camera.ts";
import type { Device } from "../devices/device.ts";
import type { Hub } from "../operations/hub.ts";
import type { CameraBoard } from "./camera_board.ts";
import type { Retained } from "./retained.ts";
import { SWITCHES, type SwitchSource } from "./switches.ts";
import type { Topics } from "./topics.ts";

export interface SwitchWatchDeps {
  hub: Pick<Hub, "manager" | "recordings" | "rules">;
  topics: Topics;
  retained: Retained;
  board: CameraBoard;
  clock: Clock;
  log: Logger;
}

/** What the hub knows by itself is looked at so often. */
const LOOK_EVERY_MS = 2000;
/** What the device is asked for. */
const READ_EVERY_MS = 30_000;
const PRESETS_EVERY_MS = 60_000;
const READ_WITHIN_MS = 10_000;

/** When a camera was asked last, on the monotonic clock. */
interface Asked {
  device: Device | undefined;
  switchesAtMs: number;
  presetsAtMs: number;
  isBusy: boolean;
}

/** Keeps the states of the switches. `run` does the work. */
export class SwitchWatch {
  readonly #deps: SwitchWatchDeps;
  readonly #asked = new Map<string, Asked>();
  readonly #poked = new Changes();

  constructor(deps: SwitchWatchDeps) {
    this.#deps = deps;
  }

  /** Reads a camera's switches soon: something may have changed. */
  poke(camera: string): void {
    const asked = this.#asked.get(camera);
    if (asked) asked.switchesAtMs = -Infinity;
    this.#poked.notify();
  }

  /** Looks until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { hub: { manager, rules }, clock } = this.#deps;
    await using scope = new Scope(signal);
    const unsubscribe = rules.changes.subscribe(() => this.#poked.notify());
    try {
      while (!signal.aborted) {
        for (const camera of manager.cameras) this.#look(camera, scope);
        for (const id of this.#asked.keys()) if (!manager.find(id)) this.#asked.delete(id);
        await sleepOrChange(LOOK_EVERY_MS, this.#poked, clock, signal);
      }
    } finally {
      unsubscribe();
    }
  }

  #look(camera: Camera, scope: Scope): void {
    const { clock } = this.#deps;
    this.#tellKnown(camera);
    const { device } = camera;
    const asked = this.#asked.get(camera.id) ??
      { device: undefined, switchesAtMs: -Infinity, presetsAtMs: -Infinity, isBusy: false };
    this.#asked.set(camera.id, asked);
    if (!device || asked.isBusy) return;
    if (device !== asked.device) {
      Object.assign(asked, { device, switchesAtMs: -Infinity, presetsAtMs: -Infinity });
    }
    // A device on batteries would be woken again and again.
    const isSpared = device.capabilities.power !== undefined;
    const nowMs = clock.monotonic();
    const isDue = (atMs: number, everyMs: number) =>
      atMs === -Infinity || (!isSpared && nowMs - atMs >= everyMs);
    const wantsSwitches = isDue(asked.switchesAtMs, READ_EVERY_MS);
    const wantsPresets = isDue(asked.presetsAtMs, PRESETS_EVERY_MS);
    if (!wantsSwitches && !wantsPresets) return;
    asked.isBusy = true;
    if (wantsSwitches) asked.switchesAtMs = nowMs;
    if (wantsPresets) asked.presetsAtMs = nowMs;
    scope.spawn(async (own) => {
      using bounded = new LinkedSignal(own, AbortSignal.timeout(READ_WITHIN_MS));
      if (wantsSwitches) await this.#readSwitches(camera, bounded.signal);
      if (wantsPresets) await this.#readPresets(camera, device, bounded.signal);
      asked.isBusy = false;
    });
  }

  /** Tells what no device has to be asked for. */
  #tellKnown(camera: Camera): void {
    for (const { name, known } of SWITCHES) {
      const isOn = known?.(this.#source(camera));
      if (isOn !== undefined) this.#tell(camera, name, isOn);
    }
  }

  async #readSwitches(camera: Camera, signal: AbortSignal): Promise<void> {
    for (const { name, isThere, known, read } of SWITCHES) {
      const source = this.#source(camera);
      if (!read || !isThere(source) || known?.(source) !== undefined) continue;
      await this.#ask(camera.id, name, async () => {
        const isOn = await read(camera, signal);
        if (isOn !== undefined) this.#tell(camera, name, isOn);
      });
    }
  }

  #source(camera: Camera): SwitchSource {
    const { recordings, rules } = this.#deps.hub;
    return { camera, recordings, rules: rules.of(camera.id) };
  }

  #tell(camera: Camera, name: string, isOn: boolean): void {
    this.#deps.retained.set(this.#deps.topics.of(camera.id, name), isOn ? "ON" : "OFF");
  }

  async #readPresets(
    camera: Camera,
    { capabilities: { presets } }: Device,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#ask(camera.id, "presets", async () => {
      this.#deps.board.notePresets(camera.id, await presets?.list(signal) ?? []);
    });
  }

  /** What a device does not tell stays as it was known. */
  async #ask(camera: string, what: string, question: () => Promise<void>): Promise<void> {
    try {
      await question();
    } catch (error) {
      this.#deps.log.debug("A camera did not tell its state for MQTT", {
        camera,
        what,
        error: toHubError(error),
      });
    }
  }
}
