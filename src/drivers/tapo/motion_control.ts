// Moving a Tapo camera: steps of its own motor, and patrol. Where it looks it tells over ONVIF only.
import { Changes } from "../../base/changes.ts";
import { HubError } from "../../base/errors.ts";
import type { Clock } from "../../base/clock.ts";
import type { Patrol, Ptz, PtzMove, PtzPosition } from "../../devices/capabilities.ts";
import type { TapoCaller } from "../../protocols/tapo/caller.ts";
import { moveFor } from "./timed_move.ts";
import { setPatrol } from "../../protocols/tapo/patrol.ts";
import { moveBy, stopMoving } from "../../protocols/tapo/ptz.ts";

/** Degrees from the middle to an end. No camera tells its own; these are those of the common models. */
const HALF_RANGE_DEGREES = { pan: 180, tilt: 57 } as const;

/** Somebody who knows where the camera looks, and can send it to a place. */
export interface PositionSource {
  position(signal: AbortSignal): Promise<PtzPosition>;
  /** Where a movement has led, to its target if it has one; empty while it goes on, or where that is not known. */
  outcome(target: PtzPosition | undefined, signal: AbortSignal): Promise<PtzPosition>;
  moveTo?(target: PtzPosition, speed: number | undefined, signal: AbortSignal): Promise<void>;
}

/** What moving needs. */
export interface PtzParts {
  caller: TapoCaller;
  clock: Clock;
  source: PositionSource | undefined;
  /** True for a model that turns left where others turn right. */
  isPanInverted: boolean;
}

/** Returns the PTZ capability. */
export function tapoPtz({ caller, clock, source, isPanInverted }: PtzParts): Ptz {
  const stops = new Changes();
  const position = async (signal: AbortSignal): Promise<PtzPosition> => await source?.position(signal) ?? {};
  return {
    axes: ["pan", "tilt"],
    position,
    stop: (signal) => {
      stops.notify();
      return stopMoving(caller, signal);
    },
    move: async (wanted, options, signal) => {
      if (wanted.zoom) throw noZoom();
      const isTurned = isPanInverted && options.relative && wanted.pan !== undefined;
      const target = isTurned ? { ...wanted, pan: -(wanted.pan ?? 0) } : wanted;
      if (!options.relative) await moveTo(target, options, source, signal);
      else if (options.durationMs === undefined) await moveOnce(caller, target, signal);
      else await moveFor({ caller, clock, stops }, target, options.durationMs, signal);
      return await source?.outcome(options.relative ? undefined : target, signal) ?? {};
    },
  };
}

async function moveOnce(caller: TapoCaller, target: PtzPosition, signal: AbortSignal): Promise<void> {
  const x = (target.pan ?? 0) * HALF_RANGE_DEGREES.pan;
  const y = (target.tilt ?? 0) * HALF_RANGE_DEGREES.tilt;
  await moveBy(caller, { x, y }, signal);
}

async function moveTo(
  target: PtzPosition,
  { speed }: PtzMove,
  source: PositionSource | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (source?.moveTo) return await source.moveTo(target, speed, signal);
  throw new HubError("unsupported", "This camera moves by steps and to presets, not to a position", {
    hint: "Use relative: true, or save a preset and go to that",
  });
}

function noZoom(): HubError {
  return new HubError("unsupported", "This camera cannot zoom", { hint: "It can move: pan, tilt" });
}

/** Returns the patrol capability. */
export function tapoPatrol(caller: TapoCaller): Patrol {
  return {
    start: (signal) => setPatrol(caller, true, signal),
    stop: (signal) => setPatrol(caller, false, signal),
  };
}
