// An ONVIF camera's movements, presets and picture adjustments as capabilities of the hub.
import type { Clock } from "../../base/clock.ts";
import { type ErrorKind, HubError } from "../../base/errors.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";
import type { Presets, Ptz, PtzMove, PtzPosition, Settings } from "../../devices/capabilities.ts";
import { checkSettingValue, requireSetting, type Setting } from "../../devices/setting.ts";
import { stopSoon } from "../../devices/stop_soon.ts";
import type { IrCutFilter, OnvifImaging, OnvifLevel } from "../../protocols/onvif/imaging.ts";
import { type OnvifPtz, type OnvifPtzStatus, outcomeOf } from "../../protocols/onvif/ptz.ts";

/** Speed of a movement that lasts for a time, where none was asked for. */
const DEFAULT_SPEED = 0.5;
/** A movement is not held up for longer to learn where it ended. */
const OUTCOME_MS = 3000;
const STOP_MS = 5000;
const REFUSALS: ReadonlySet<ErrorKind> = new Set([
  "unsupported",
  "unauthenticated",
  "locked_out",
  "forbidden",
  "not_found",
]);

/** Returns the PTZ capability. */
export function onvifPtz(ptz: OnvifPtz, clock: Clock): Ptz {
  const { home } = ptz;
  return {
    axes: ptz.axes,
    position: async (signal) => (await readStatus(ptz, signal)).position,
    move: async (target, options, signal) => {
      const wanted = options.relative ? withoutZeros(target) : target;
      const isMove = Object.keys(wanted).length > 0;
      const goal = isMove ? await move(ptz, wanted, options, clock, signal) : undefined;
      return await readOutcome(ptz, goal, signal);
    },
    stop: (signal) => ptz.stop(signal),
    ...(home ? { home: (signal: AbortSignal) => home.go(signal) } : {}),
  };
}

/**
 * Where a movement has led; empty when that cannot be learnt soon. The movement has been made: a failure would
 * let the caller ask for it once more.
 */
async function readOutcome(
  ptz: OnvifPtz,
  goal: PtzPosition | undefined,
  signal: AbortSignal,
): Promise<PtzPosition> {
  using patience = new LinkedSignal(signal, AbortSignal.timeout(OUTCOME_MS));
  try {
    return outcomeOf(await ptz.status(patience.signal), goal);
  } catch (error) {
    const isOutOfPatience = patience.signal.aborted && !signal.aborted;
    if (error instanceof HubError || isOutOfPatience) return {};
    throw error;
  }
}

/** Empty for a camera that cannot tell where it looks. */
async function readStatus(ptz: OnvifPtz, signal: AbortSignal): Promise<OnvifPtzStatus> {
  try {
    return await ptz.status(signal);
  } catch (error) {
    if (error instanceof HubError && ["unsupported", "device_rejected"].includes(error.kind)) {
      return { position: {} };
    }
    throw error;
  }
}

/** By nothing is no movement, also along an axis that the camera lacks. */
function withoutZeros(target: PtzPosition): PtzPosition {
  return Object.fromEntries(Object.entries(target).filter(([, value]) => value !== 0));
}

/** Returns the place that it goes to, where that is known. */
async function move(
  ptz: OnvifPtz,
  target: PtzPosition,
  { relative, speed, durationMs }: PtzMove,
  clock: Clock,
  signal: AbortSignal,
): Promise<PtzPosition | undefined> {
  const goTo = async (place: PtzPosition) => {
    await ptz.absoluteMove(place, { speed }, signal);
    return place;
  };
  if (durationMs !== undefined) return await moveFor(ptz, target, { speed, durationMs }, clock, signal);
  if (!relative) return await goTo(target);
  const axes = Object.keys(target) as (keyof PtzPosition)[];
  const can = (kind: readonly string[]) => axes.every((axis) => kind.includes(axis));
  // Some cameras know places only, or speeds only.
  if (!can(ptz.limits.relative) && can(ptz.limits.absolute)) {
    const { position: now } = await readStatus(ptz, signal);
    const isKnown = axes.every((axis) => now[axis] !== undefined);
    if (isKnown) return await goTo(sum(now, target));
  }
  if (!can(ptz.limits.relative) && can(ptz.limits.continuous)) {
    const longest = Math.max(...Object.values(target).map((value) => Math.abs(value ?? 0)));
    return await moveFor(ptz, target, { speed, durationMs: Math.max(100, longest * 2000) }, clock, signal);
  }
  await ptz.relativeMove(target, { speed }, signal);
  return undefined;
}

/**
 * The camera is told how long, and told to stop as well: some do not keep count. That holds also when the answer
 * was lost or the caller has gone, since the camera may turn all the same.
 */
async function moveFor(
  ptz: OnvifPtz,
  target: PtzPosition,
  { speed = DEFAULT_SPEED, durationMs }: { speed?: number | undefined; durationMs: number },
  clock: Clock,
  signal: AbortSignal,
): Promise<undefined> {
  const velocity = Object.fromEntries(
    Object.entries(target).map(([axis, value]) => [axis, Math.sign(value ?? 0) * speed]),
  );
  const stopping = () => stopSoon((own) => ptz.stop(own), { clock, withinMs: STOP_MS });
  signal.throwIfAborted();
  try {
    await ptz.continuousMove(velocity, { timeoutMs: durationMs }, signal);
    await clock.sleep(durationMs, signal);
  } catch (error) {
    if (!isRefused(error)) await stopping().catch(() => {/* the first failure is the one to tell */});
    throw error;
  }
  await stopping();
}

/** The camera has said that it does not turn. */
function isRefused(error: unknown): boolean {
  return error instanceof HubError && REFUSALS.has(error.kind);
}

function sum(from: PtzPosition, by: PtzPosition): PtzPosition {
  const axes = Object.entries(by) as [keyof PtzPosition, number][];
  return Object.fromEntries(axes.map(([axis, value]) => {
    const least = axis === "zoom" ? 0 : -1;
    return [axis, Math.min(1, Math.max(least, (from[axis] ?? 0) + value))];
  }));
}

/** Returns the presets capability. */
export function onvifPresets({ presets }: OnvifPtz): Presets {
  const list = async (signal: AbortSignal) =>
    (await presets.list(signal)).map(({ token, name, position }) => ({
      id: token,
      name,
      ...(position ? { position } : {}),
    }));
  return {
    list,
    save: async (name, id, signal) => {
      const token = await presets.save(name, id, signal);
      return (await list(signal)).find((each) => each.id === token) ?? { id: token, name };
    },
    recall: (id, signal) => presets.recall(id, signal),
    remove: (id, signal) => presets.remove(id, signal),
  };
}

const LEVELS = [
  ["brightness", "Brightness"],
  ["contrast", "Contrast"],
  ["saturation", "Saturation"],
  ["sharpness", "Sharpness"],
] as const;
const IR_CUT = { auto: "Automatic", on: "Day (filter in place)", off: "Night (filter away)" };

/** Returns the settings capability. */
export function onvifSettings(imaging: OnvifImaging): Settings {
  const list = async (signal: AbortSignal): Promise<Setting[]> => {
    const now = await imaging.settings(signal);
    const filter = now.irCutFilter;
    return [
      ...LEVELS.flatMap(([name, title]) => level(name, title, now[name])),
      ...(filter
        ? [{
          name: "day_night",
          title: "Day and night",
          kind: "choice" as const,
          choices: filter.choices.map((value) => ({ value, title: IR_CUT[value] })),
          value: filter.value,
        }]
        : []),
      ...(now.wideDynamicRange
        ? [{
          name: "wide_dynamic_range",
          title: "Wide dynamic range",
          kind: "boolean" as const,
          value: now.wideDynamicRange.enabled,
        }]
        : []),
    ];
  };
  return {
    list,
    set: async (name, value, signal) => {
      const setting = requireSetting(await list(signal), name);
      const checked = checkSettingValue(setting, value);
      if (name === "day_night") await imaging.set({ irCutFilter: checked as IrCutFilter }, signal);
      else if (name === "wide_dynamic_range") {
        await imaging.set({ wideDynamicRange: { enabled: checked === true } }, signal);
      } else await imaging.set({ [name]: Number(checked) }, signal);
      return requireSetting(await list(signal), name);
    },
  };
}

function level(name: string, title: string, now: OnvifLevel | undefined): Setting[] {
  if (!now) return [];
  const { value, min, max } = now;
  return [{
    name,
    title,
    kind: "number",
    value,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  }];
}
