// What the tests of camera drivers stand on: a context without a hub around it, and devices that are let go of.
import { assertEquals } from "@std/assert";
import type { Clock } from "../../src/base/clock.ts";
import { systemClock } from "../../src/base/clock.ts";
import { isAbort, toHubError } from "../../src/base/errors.ts";
import type { HubError } from "../../src/base/errors.ts";
import { Logger } from "../../src/base/log.ts";
import { NetworkGuard } from "../../src/base/network.ts";
import type { Capabilities, Device } from "../../src/devices/device.ts";
import type { CameraContext, Driver, DriverContext } from "../../src/devices/driver.ts";
import { LoginTurns } from "../../src/devices/login_turns.ts";
import { SessionSlots } from "../../src/devices/session_slots.ts";
import { type DeviceMemory, VolatileMemory } from "../../src/devices/memory.ts";
import { Shared } from "../../src/devices/shared.ts";
import { Launcher } from "../../src/process/launcher.ts";

/** Never aborts. */
export const forever = new AbortController().signal;

/** What may differ from one stage to the next. */
export interface StageOptions {
  clock?: Clock;
  memory?: DeviceMemory;
  isAsked?: boolean;
  /** That of another stage, for cameras of one hub. */
  shared?: Shared;
}

/** A context in which only the loopback network may be reached. */
export function stage(options: StageOptions = {}): CameraContext & { lines: string[] } {
  const { clock = systemClock, memory = new VolatileMemory(), isAsked = false, shared = new Shared() } =
    options;
  const lines: string[] = [];
  return {
    lines,
    clock,
    memory,
    logins: new LoginTurns(clock),
    slots: new SessionSlots(),
    shared,
    isAsked,
    cameraId: "probe",
    launcher: new Launcher({ clock }),
    log: new Logger((line) => lines.push(line), "debug"),
    network: new NetworkGuard(["127.0.0.0/8"]),
  };
}

/** An open device that is being watched, until it is disposed of. */
export class Opened implements AsyncDisposable {
  readonly device: Device;
  /** Why the device was lost; undefined when it was let go of. */
  readonly lost: Promise<HubError | undefined>;
  readonly #context: DriverContext;
  readonly #stop = new AbortController();

  private constructor(device: Device, context: DriverContext) {
    this.device = device;
    this.#context = context;
    this.lost = device.run(this.#stop.signal).then(() => undefined, (error) => {
      return isAbort(error) && this.#stop.signal.aborted ? undefined : toHubError(error);
    });
  }

  static async open(driver: Driver, options: unknown, context: CameraContext): Promise<Opened> {
    return new Opened(await driver.open(options, context, AbortSignal.timeout(20_000)), context);
  }

  /** A capability that the device must have. */
  can<K extends keyof Capabilities>(name: K): NonNullable<Capabilities[K]> {
    const found = this.device.capabilities[name];
    if (found) return found as NonNullable<Capabilities[K]>;
    throw new Error(`The device has no ${name}; it has ${Object.keys(this.device.capabilities).join(", ")}`);
  }

  /** Lets go of the device; no process of it may be left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.lost;
    assertEquals(this.#context.launcher.living.map(({ name }) => name), []);
  }
}

/** Names of what a device can do, sorted. */
export function capabilityNames({ capabilities }: Device): string[] {
  return Object.entries(capabilities).filter(([, value]) => value !== undefined).map(([name]) => name).sort();
}

/** The HubError that an action ends with; fails when it ends with none. */
export async function failureOf(action: Promise<unknown>): Promise<HubError> {
  const outcome = await action.then((value) => ({ value }), (error) => ({ error }));
  if ("error" in outcome) return toHubError(outcome.error);
  throw new Error(`Expected a failure, got ${JSON.stringify(outcome.value)}`);
}
