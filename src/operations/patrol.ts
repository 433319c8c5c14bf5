// Operations that let a camera look around by itself: until it is told to stop, or for a time that is watched.
import { z } from "zod";
import type { Patrol } from "../devices/capabilities.ts";
import { isAbort } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import { stopSoon } from "../devices/stop_soon.ts";
import { wouldDo } from "./able.ts";
import { writeOfCamera } from "./define.ts";
import type { Operation, OperationContext } from "./operation.ts";
import { done } from "./schemas.ts";

const MAX_DURATION_S = 3600;
const TELL_EVERY_MS = 1000;
const STOP_WITHIN_MS = 15_000;
const acknowledged = { success: true as const, verified: "acknowledged" as const };

const startPatrol = writeOfCamera({
  name: "start_ptz_patrol",
  title: "Start the patrol",
  summary: "Lets the camera look around by itself",
  guide:
    "Answers at once, and the camera goes on until stop_ptz_patrol. With duration_s the answer comes when the time " +
    "is over and the patrol was stopped; cancelling the call stops it, too. Cameras do not tell whether they patrol",
  toolset: "ptz",
  input: z.object({
    duration_s: z.number().min(1).max(MAX_DURATION_S).optional().meta({
      description: "Only for so many seconds, waiting for the end",
    }),
  }),
  output: done.extend({
    state: z.enum(["patrolling", "over", "overruled"]).meta({
      description:
        "As it was asked for; overruled: somebody else stopped it or started another before its end",
    }),
  }),
  // Nothing in it waits so long but a time that was asked for.
  deadlineMs: (MAX_DURATION_S + 60) * 1000,
  examples: [
    { title: "Start", input: { camera_id: "yard" } },
    { title: "Once around", input: { camera_id: "yard", duration_s: 90 } },
  ],
  would: (context, { camera_id, duration_s }) => {
    const howLong = duration_s === undefined ? "" : ` for ${duration_s} s`;
    return wouldDo(context, camera_id, "patrol", `Start the patrol of camera "${camera_id}"${howLong}`);
  },
  run: async (context, { camera_id, duration_s }) => {
    const patrol = await context.hub.manager.requireSoon(camera_id, "patrol", context.signal);
    if (duration_s !== undefined) {
      const state = await patrolFor(duration_s, { camera: camera_id, patrol }, context);
      return { ...acknowledged, camera_id, state };
    }
    await patrol.start(context.signal);
    context.hub.timedPatrols.overrule(camera_id);
    return { ...acknowledged, camera_id, state: "patrolling" as const };
  },
});

/**
 * Who goes away meanwhile leaves no camera behind that goes on turning; who was overruled leaves it to those who
 * had the last word.
 */
async function patrolFor(
  durationS: number,
  { camera, patrol }: { camera: string; patrol: Patrol },
  context: OperationContext,
): Promise<"over" | "overruled"> {
  const { clock, timedPatrols } = context.hub;
  const stop = () => stopSoon((own) => patrol.stop(own), { clock, withinMs: STOP_WITHIN_MS });
  let overruled: AbortSignal | undefined;
  try {
    await patrol.start(context.signal);
    using begun = timedPatrols.begin(camera);
    ({ overruled } = begun);
    using either = new LinkedSignal(context.signal, overruled);
    await tellTime(durationS, { ...context, signal: either.signal });
  } catch (error) {
    if (!isAbort(error)) throw error;
    if (overruled?.aborted) return "overruled";
    await stop();
    throw error;
  }
  await stop();
  return "over";
}

/** Tells once a second how much of the time is over. @throws AbortError. */
async function tellTime(
  durationS: number,
  { hub: { clock }, signal, report }: OperationContext,
): Promise<void> {
  const beginMs = clock.monotonic();
  const totalMs = durationS * 1000;
  report({ progress: 0, total: durationS, message: "The patrol begins" });
  for (;;) {
    const elapsedMs = clock.monotonic() - beginMs;
    if (elapsedMs >= totalMs) return;
    await clock.sleep(Math.min(TELL_EVERY_MS, totalMs - elapsedMs), signal);
    const elapsedS = Math.min(durationS, Math.round((clock.monotonic() - beginMs) / 100) / 10);
    const message = `On patrol for ${Math.floor(elapsedS)} s of ${durationS} s`;
    report({ progress: elapsedS, total: durationS, message });
  }
}

const stopPatrol = writeOfCamera({
  name: "stop_ptz_patrol",
  title: "Stop the patrol",
  summary: "Ends looking around by itself",
  toolset: "ptz",
  input: z.object({}),
  output: done,
  examples: [{ title: "Stop", input: { camera_id: "yard" } }],
  would: (context, { camera_id }) =>
    wouldDo(context, camera_id, "patrol", `Stop the patrol of camera "${camera_id}"`),
  run: async ({ hub, signal }, { camera_id }) => {
    const patrol = await hub.manager.requireSoon(camera_id, "patrol", signal);
    await patrol.stop(signal);
    hub.timedPatrols.overrule(camera_id);
    return { ...acknowledged, camera_id };
  },
});

export const PATROL_OPERATIONS: readonly Operation[] = [startPatrol, stopPatrol];
