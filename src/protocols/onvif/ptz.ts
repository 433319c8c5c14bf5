// Pan, tilt and zoom of a camera with a PTZ configuration (ONVIF PTZ service, ver20).
import { HubError } from "../../base/errors.ts";
import type { OnvifProfile } from "./media.ts";
import { OnvifPresets } from "./presets.ts";
import {
  axesOf,
  type OnvifAxis,
  type OnvifPosition,
  type PtzSpaces,
  type Range,
  readSpaces,
} from "./ptz_spaces.ts";
import { placeVectors, readPosition, shareVectors, speedVectors } from "./ptz_vectors.ts";
import { ignored } from "./requests.ts";
import type { OnvifSession } from "./session.ts";
import { known, toBoolean, toDuration } from "./values.ts";
import { childrenOf, escapeXml, find, numberAt, textAt, type XmlElement } from "./xml.ts";

/** Where the camera looks. */
export interface OnvifPtzStatus {
  /** Empty when the camera cannot tell it. */
  position: OnvifPosition;
  /** Undefined when the camera does not say. */
  moving?: boolean;
}

/** Cameras round places to their motor's steps. */
const PLACE_TOLERANCE = 0.02;

/**
 * Where a movement has led. Empty while the camera still moves, and when it does not say whether it does and is not at
 * the target: that may be where it was before.
 */
export function outcomeOf({ position, moving }: OnvifPtzStatus, target: OnvifPosition = {}): OnvifPosition {
  if (moving !== undefined) return moving ? {} : position;
  const axes = Object.entries(target) as [OnvifAxis, number][];
  const isThere = axes.every(([axis, value]) => Math.abs((position[axis] ?? NaN) - value) <= PLACE_TOLERANCE);
  return axes.length > 0 && isThere ? position : {};
}

/** Which axes each kind of movement has, and the camera's limits. */
export interface OnvifPtzLimits {
  absolute: readonly OnvifAxis[];
  relative: readonly OnvifAxis[];
  continuous: readonly OnvifAxis[];
  /** True when moves take a speed. */
  hasSpeed: boolean;
  /** How long a continuous move may be asked to last. */
  timeoutMs?: Range;
  maxPresets?: number;
}

/** A place to go to and back, the camera's own. */
export interface OnvifHome {
  go(signal: AbortSignal): Promise<void>;
  /** Makes the present position the home. Absent when it is fixed. */
  set?(signal: AbortSignal): Promise<void>;
}

/** Returns the movements of a profile; undefined when it has none. */
export async function openPtz(
  session: OnvifSession,
  profile: OnvifProfile,
  signal: AbortSignal,
): Promise<OnvifPtz | undefined> {
  if (!profile.ptzConfiguration || !session.services.includes("ptz")) return undefined;
  const node = await readNode(session, profile.ptzConfiguration.nodeToken, signal);
  const options = await readOptions(session, profile.ptzConfiguration.token, signal);
  const spaces = find(options, "Spaces") ?? find(node, "SupportedPTZSpaces");
  return new OnvifPtz(session, {
    profileToken: profile.token,
    spaces: readSpaces(spaces, find(options, "PTZTimeout")),
    node,
  });
}

/** Cameras that implement the movements but not the questions about them refuse in these ways. */
async function orNothing(answer: Promise<XmlElement>): Promise<XmlElement | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof HubError && ["unsupported", "device_rejected", "not_found"].includes(error.kind)) {
      return undefined;
    }
    throw error;
  }
}

async function readNode(session: OnvifSession, token: string | undefined, signal: AbortSignal) {
  const call = session.call(() => session.write((cam) => cam.getNodes(ignored)), { signal });
  const nodes = childrenOf(await orNothing(call), "PTZNode");
  return nodes.find((node) => node.attributes.get("token") === token) ?? nodes[0];
}

async function readOptions(session: OnvifSession, token: string, signal: AbortSignal) {
  const escaped = escapeXml(token);
  const call = session.call(
    () => session.write((cam) => cam.getConfigurationOptions(escaped, ignored)),
    { signal },
  );
  return find(await orNothing(call), "PTZConfigurationOptions");
}

/** Moves the camera of one profile. */
export class OnvifPtz {
  readonly axes: readonly OnvifAxis[];
  readonly limits: OnvifPtzLimits;
  readonly presets: OnvifPresets;
  /** Absent when the camera has none. */
  readonly home?: OnvifHome;
  readonly #session: OnvifSession;
  readonly #profile: string;
  readonly #spaces: PtzSpaces;

  constructor(
    session: OnvifSession,
    facts: { profileToken: string; spaces: PtzSpaces; node: XmlElement | undefined },
  ) {
    const { spaces, node } = facts;
    this.#session = session;
    this.#profile = escapeXml(facts.profileToken);
    this.#spaces = spaces;
    this.limits = known({
      absolute: axesOf(spaces.absolute),
      relative: axesOf(spaces.relative),
      continuous: axesOf(spaces.continuous),
      hasSpeed: spaces.panTiltSpeed !== undefined,
      timeoutMs: spaces.timeoutMs,
      maxPresets: numberAt(node, "MaximumNumberOfPresets"),
    });
    const all = [...this.limits.absolute, ...this.limits.relative, ...this.limits.continuous];
    this.axes = (["pan", "tilt", "zoom"] as const).filter((axis) => all.includes(axis));
    this.presets = new OnvifPresets(session, facts.profileToken, (element) => readPosition(element, spaces));
    if (toBoolean(textAt(node, "HomeSupported"))) this.home = this.#openHome(node);
  }

  #openHome(node: XmlElement | undefined): OnvifHome {
    const options = { profileToken: this.#profile };
    const call = (write: () => ReturnType<OnvifSession["write"]>, signal: AbortSignal) =>
      this.#session.call(write, { signal }).then(() => {});
    const home: OnvifHome = {
      go: (signal) =>
        call(() => this.#session.write((cam) => cam.gotoHomePosition(options, ignored)), signal),
    };
    if (toBoolean(node?.attributes.get("FixedHomePosition"))) return home;
    return {
      ...home,
      set: (signal) =>
        call(() => this.#session.write((cam) => cam.setHomePosition(options, ignored)), signal),
    };
  }

  /** Reads where the camera looks. */
  async status(signal: AbortSignal): Promise<OnvifPtzStatus> {
    const answer = await this.#session.call(
      () => this.#session.write((cam) => cam.getStatus({ profileToken: this.#profile }, ignored)),
      { signal },
    );
    const status = find(answer, "PTZStatus");
    const words = find(status, "MoveStatus")?.children.map(({ text }) => text.toUpperCase()) ?? [];
    return known({
      position: readPosition(find(status, "Position"), this.#spaces),
      moving: words.includes("MOVING")
        ? true
        : words.length > 0 && words.every((word) => word === "IDLE")
        ? false
        : undefined,
    });
  }

  /**
   * Moves to a place. An axis that is not given keeps its place, which is read for that.
   * @param options.speed 0…1; absent: the camera's own.
   * @throws HubError `unsupported` for an axis that cannot move so.
   */
  async absoluteMove(
    target: OnvifPosition,
    options: { speed?: number | undefined },
    signal: AbortSignal,
  ): Promise<void> {
    this.#require(target, this.limits.absolute, "to a place");
    const needsPosition = (target.pan === undefined) !== (target.tilt === undefined);
    const now = needsPosition ? (await this.status(signal)).position : {};
    const { pan = now.pan, tilt = now.tilt } = target;
    if (needsPosition && (pan === undefined || tilt === undefined)) {
      throw new HubError(
        "unsupported",
        "The camera does not tell where it looks: give pan and tilt together",
      );
    }
    const vectors = placeVectors(known({ ...target, pan, tilt }), this.#spaces.absolute);
    await this.#move(
      "AbsoluteMove",
      `<Position>${vectors}</Position>${speedVectors(options.speed, this.#spaces)}`,
      signal,
    );
  }

  /**
   * Moves by so much: 2 is from one end of pan or tilt to the other, 1 of the zoom.
   * @param options.speed 0…1; absent: the camera's own.
   * @throws HubError `unsupported` for an axis that cannot move so.
   */
  async relativeMove(
    by: OnvifPosition,
    options: { speed?: number | undefined },
    signal: AbortSignal,
  ): Promise<void> {
    this.#require(by, this.limits.relative, "by a distance");
    const vectors = shareVectors(by, this.#spaces.relative);
    await this.#move(
      "RelativeMove",
      `<Translation>${vectors}</Translation>${speedVectors(options.speed, this.#spaces)}`,
      signal,
    );
  }

  /**
   * Moves until told otherwise.
   * @param velocity of each axis, −1…1 of the greatest speed.
   * @param options.timeoutMs the camera stops by itself after it, within its limits; absent: its own default.
   * @throws HubError `unsupported` for an axis that cannot move so.
   */
  async continuousMove(
    velocity: OnvifPosition,
    options: { timeoutMs?: number | undefined },
    signal: AbortSignal,
  ): Promise<void> {
    this.#require(velocity, this.limits.continuous, "at a speed");
    const { min = 0, max = Infinity } = this.limits.timeoutMs ?? {};
    const timeout = options.timeoutMs === undefined
      ? ""
      : `<Timeout>${toDuration(Math.min(max, Math.max(min, options.timeoutMs)))}</Timeout>`;
    const vectors = shareVectors(velocity, this.#spaces.continuous);
    await this.#move("ContinuousMove", `<Velocity>${vectors}</Velocity>${timeout}`, signal);
  }

  /** Stops every movement. */
  async stop(signal: AbortSignal): Promise<void> {
    const options = { profileToken: this.#profile, panTilt: true, zoom: true };
    await this.#session.call(() => this.#session.write((cam) => cam.stop(options, ignored)), { signal });
  }

  #require(wanted: OnvifPosition, axes: readonly OnvifAxis[], how: string): void {
    const names = Object.entries(wanted).filter(([, value]) => value !== undefined).map(([axis]) => axis);
    const missing = names.filter((axis) => !axes.includes(axis as OnvifAxis));
    if (names.length > 0 && missing.length === 0) return;
    const what = (missing.length > 0 ? missing : names).join(" and ") || "anything";
    throw new HubError("unsupported", `The camera cannot move its ${what} ${how}`, {
      hint: axes.length > 0 ? `It can move so: ${axes.join(", ")}` : undefined,
    });
  }

  /** Written here, since the package sends a zoom of 0 also to cameras that refuse a zoom. */
  async #move(operation: string, content: string, signal: AbortSignal): Promise<void> {
    const body = `<${operation} xmlns="http://www.onvif.org/ver20/ptz/wsdl">` +
      `<ProfileToken>${this.#profile}</ProfileToken>${content}</${operation}>`;
    await this.#session.call(() => this.#session.wrap("ptz", body), { signal });
  }
}
