// An ONVIF camera, connected: what it is, its streams, movements and picture.
import { type Clock, systemClock } from "../../base/clock.ts";
import { HubError } from "../../base/errors.ts";
import { type OnvifImaging, openImaging } from "./imaging.ts";
import { type OnvifProfile, readProfiles, readSnapshotUri, readStreamUri } from "./media.ts";
import { type OnvifPtz, openPtz } from "./ptz.ts";
import { ignored } from "./requests.ts";
import type { Secret } from "../../base/secret.ts";
import { OnvifSession } from "./session.ts";
import { known } from "./values.ts";
import { textAt } from "./xml.ts";

/** What the camera says it is, in its own spelling: a serial number keeps its zeros. */
export interface OnvifInformation {
  manufacturer?: string;
  model?: string;
  firmware?: string;
  serial?: string;
  hardware?: string;
}

/** Where the camera is and who logs in. */
export interface OnvifTarget {
  /** An IP address, or a name. */
  host: string;
  /** Tapo: 2020; many others 80. */
  port: number;
  username?: string | undefined;
  password?: Secret | undefined;
  /** Of the device service. Default `/onvif/device_service`. */
  path?: string | undefined;
  /** Longest wait for one answer. Default 10 s. */
  timeoutMs?: number | undefined;
  clock?: Clock | undefined;
  /** Told once when the account is refused, now or later. Returns what the device throws from then on. */
  onRefused?: ((error: HubError) => Promise<HubError>) | undefined;
  /**
   * Awaited once, after the camera has answered without the account and before the first call with it, so that
   * who takes turns with other logins waits for no camera that is not there. What it throws, connecting throws.
   */
  beforeLogin?: (() => Promise<void>) | undefined;
  /** Ends connecting; what was connected lives on. */
  signal: AbortSignal;
}

const DEFAULT_PATH = "/onvif/device_service";
const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_SNAPSHOT_BYTES = 16 * 1024 * 1024;

/**
 * Connects: reads the camera's clock, its services and what it is. A wrong password is tried once.
 * @throws HubError `unauthenticated`, `locked_out`, `unavailable` (`details.unreachable` when nothing
 * answers), `unsupported` when what answers is no ONVIF camera; AbortError.
 */
export async function connectOnvif(target: OnvifTarget): Promise<OnvifDevice> {
  const { username, password } = target;
  const session = new OnvifSession({
    host: target.host,
    port: target.port,
    path: target.path ?? DEFAULT_PATH,
    account: username !== undefined && password !== undefined ? { username, password } : undefined,
    timeoutMs: target.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    clock: target.clock ?? systemClock,
    onRefused: target.onRefused,
    beforeLogin: target.beforeLogin,
  });
  try {
    await session.readClock(target.signal);
    await session.readServices(target.signal);
    return new OnvifDevice(session, await readInformation(session, target.signal));
  } catch (error) {
    session.close();
    throw error;
  }
}

async function readInformation(session: OnvifSession, signal: AbortSignal): Promise<OnvifInformation> {
  const answer = await session.call(() => session.write((cam) => cam.getDeviceInformation(ignored)), {
    signal,
  });
  return known({
    manufacturer: textAt(answer, "Manufacturer"),
    model: textAt(answer, "Model"),
    firmware: textAt(answer, "FirmwareVersion"),
    serial: textAt(answer, "SerialNumber"),
    hardware: textAt(answer, "HardwareId"),
  });
}

/** A connected camera. To be closed. Every call may throw what `connectOnvif` does, and `device_rejected`. */
export class OnvifDevice {
  readonly information: OnvifInformation;
  /** For `events.ts`. */
  readonly session: OnvifSession;

  constructor(session: OnvifSession, information: OnvifInformation) {
    this.session = session;
    this.information = information;
  }

  /** Names of the services that the camera has: `media`, `media2`, `ptz`, `imaging`, `events`, … */
  get services(): readonly string[] {
    return this.session.services;
  }

  /** How far the camera's clock is ahead of ours, milliseconds; negative when it is behind. */
  get clockSkewMs(): number {
    return this.session.clockSkewMs;
  }

  /** Reads the streams that the camera offers, in its order: the first is usually the largest. */
  async profiles(signal: AbortSignal): Promise<OnvifProfile[]> {
    return await readProfiles(this.session, signal);
  }

  /** Reads the RTSP address of a stream, at the host that we know and without credentials. */
  async streamUri(profileToken: string, signal: AbortSignal): Promise<string> {
    return await readStreamUri(this.session, profileToken, signal);
  }

  /** Reads the address of a profile's snapshot. @throws HubError `unsupported` when the camera has none. */
  async snapshotUri(profileToken: string, signal: AbortSignal): Promise<string> {
    return await readSnapshotUri(this.session, profileToken, signal);
  }

  /** Fetches a JPEG of a profile, with the account if the camera wants one. The caller owns the bytes. */
  async snapshot(profileToken: string, signal: AbortSignal): Promise<Uint8Array> {
    const uri = await this.snapshotUri(profileToken, signal);
    const { status, bytes } = await this.session.get(uri, { signal, maxBytes: MAX_SNAPSHOT_BYTES });
    if (status === 401 || status === 403) {
      throw new HubError("unauthenticated", "The camera refused the account for snapshots", {
        retryAtMs: Infinity,
      });
    }
    if (status === 200 && bytes[0] === 0xff && bytes[1] === 0xd8) return bytes;
    throw new HubError("device_rejected", `The camera gave no picture (HTTP ${status})`);
  }

  /** Opens the movements of a profile; undefined when it has none. */
  async ptz(profile: OnvifProfile, signal: AbortSignal): Promise<OnvifPtz | undefined> {
    return await openPtz(this.session, profile, signal);
  }

  /** Opens the picture's adjustments of a profile; undefined when there are none. */
  async imaging(profile: OnvifProfile, signal: AbortSignal): Promise<OnvifImaging | undefined> {
    if (profile.videoSourceToken === undefined) return undefined;
    return await openImaging(this.session, profile.videoSourceToken, signal);
  }

  /** Restarts the camera; it is gone for a minute or so. */
  async reboot(signal: AbortSignal): Promise<void> {
    await this.session.call(() => this.session.write((cam) => cam.systemReboot(ignored)), { signal });
  }

  /** Breaks off every call that is under way. */
  close(): void {
    this.session.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
