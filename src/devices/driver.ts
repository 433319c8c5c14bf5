// A brand or kind of device: how it is found and opened. A new one is a folder and a line in drivers/index.ts.
import type { z } from "zod";
import type { Clock } from "../base/clock.ts";
import type { Logger } from "../base/log.ts";
import type { Launcher } from "../process/launcher.ts";
import type { Device } from "./device.ts";

/** What a driver may use of the house. */
export interface DriverContext {
  launcher: Launcher;
  clock: Clock;
  log: Logger;
}

/** The same for one camera. */
export interface CameraContext extends DriverContext {
  cameraId: string;
}

/** A device that was found and could become a camera. */
export interface Discovered {
  /** Name as the device gives it. */
  title: string;
  /** A camera id made from the device's stable identity. */
  suggestedId: string;
  /** What to open it with. */
  options: Record<string, unknown>;
  /** Equal for all ways to name the same device; see `Driver.identify`. */
  identity: string;
  details: Record<string, string>;
}

/** Identity of a camera that names no device and takes the first that is found. */
export const FIRST_FOUND = "first";

/** One family of devices. */
export interface Driver {
  /** The `type` of its cameras in configuration and API. */
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** Options of a camera of this type beside id, name, type and enabled. Titles and help stand in `.meta()`. */
  readonly options: z.ZodObject;
  /** True when found devices become cameras by themselves. */
  readonly plugAndPlay?: boolean;
  /** Lists what is there now. */
  discover?(context: DriverContext, signal: AbortSignal): Promise<Discovered[]>;
  /** Names the physical device behind options, so that it is not added twice. */
  identify?(options: Record<string, unknown>): Promise<string>;
  /** Calls back when devices come or go, until the signal aborts. */
  watch?(context: DriverContext, onChange: () => void, signal: AbortSignal): Promise<void>;
  /**
   * Opens the device and asks it what it can do.
   * @throws HubError when it is not there or refuses, with a reason for people.
   */
  open(options: unknown, context: CameraContext, signal: AbortSignal): Promise<Device>;
}
