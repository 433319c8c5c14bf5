// A brand or kind of device: how it is found and opened. A new one is a folder and a line in drivers/index.ts.
import type { z } from "zod";
import type { Clock } from "../base/clock.ts";
import type { Logger } from "../base/log.ts";
import type { Launcher } from "../process/launcher.ts";
import type { Device } from "./device.ts";
import type { LoginTurns } from "./login_turns.ts";
import type { DeviceMemory } from "./memory.ts";
import type { SessionSlots } from "./session_slots.ts";
import type { Shared } from "./shared.ts";
import type { Network } from "../base/network.ts";

/** What a driver may use of the house. */
export interface DriverContext {
  launcher: Launcher;
  clock: Clock;
  log: Logger;
  /** Which addresses may be reached. */
  network: Network;
  /** What is known of devices beyond their configuration, kept over restarts. */
  memory: DeviceMemory;
  /** Which accounts are being tried. */
  logins: LoginTurns;
  /** Streams that devices serve at the same time: whoever opens one takes a slot. */
  slots: SessionSlots;
  /** What the driver keeps beside single cameras. */
  shared: Shared;
}

/** The same for one camera. */
export interface CameraContext extends DriverContext {
  cameraId: string;
  /** True when a person asked for this try: a password that was refused may then be tried once more. */
  isAsked: boolean;
}

/** What trying one account of a device showed. */
export interface AccountCheck {
  /** Which one, for example `control` or `stream`. */
  account: string;
  title: string;
  state: "ok" | "refused" | "locked_out" | "unreachable" | "missing" | "not_tried" | "failed";
  message: string;
  hint?: string;
  retryAtMs?: number;
  /** The hub does not connect to such an address: the device was not asked. */
  isAddressRefused?: boolean;
}

/** A device that was found and could become a camera. */
export interface Discovered {
  /** Name as the device gives it. */
  title: string;
  /** A camera id made from the device's stable identity. */
  suggestedId: string;
  /** What to open it with. */
  options: Record<string, unknown>;
  /** Options that a person must still give, such as passwords: it cannot become a camera by itself. */
  needs?: readonly string[];
  /** Its address on the network, by which the same device is known to other drivers. */
  address?: string;
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
  /** The network address behind options; undefined for what is not on the network. */
  addressOf?(options: Record<string, unknown>): string | undefined;
  /** Calls back when devices come or go, until the signal aborts. */
  watch?(context: DriverContext, onChange: () => void, signal: AbortSignal): Promise<void>;
  /** Options that hold secrets: never shown. */
  readonly secrets?: readonly string[];
  /** Options that are addresses of streams: passwords that stand in them are not shown. */
  readonly addresses?: readonly string[];
  /**
   * Brings options to their usual form, before they are checked against the schema: credentials out of URLs.
   * @throws HubError `invalid_input`.
   */
  normalise?(options: Record<string, unknown>): Record<string, unknown>;
  /** Tries the accounts given, each at most once, without keeping anything open. */
  check?(options: unknown, context: DriverContext, signal: AbortSignal): Promise<AccountCheck[]>;
  /**
   * Opens the device and asks it what it can do.
   * @throws HubError when it is not there or refuses, with a reason for people.
   */
  open(options: unknown, context: CameraContext, signal: AbortSignal): Promise<Device>;
}
