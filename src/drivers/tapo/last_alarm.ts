// What a Tapo camera observes, learnt from the time of its last alarm: once every few seconds it is asked for.
import { Changes, sleepOrChange } from "../../base/changes.ts";
import type { Clock } from "../../base/clock.ts";
import { HubError } from "../../base/errors.ts";
import type { ObservationKind, Observations } from "../../devices/capabilities.ts";
import type { TapoCaller } from "../../protocols/tapo/caller.ts";
import { readLastAlarm, type TapoLastAlarm } from "../../protocols/tapo/device.ts";

const ASK_EVERY_MS = 5000;
/** After failures the pause doubles up to this: a camera that is slow or away holds up all that share its session. */
const LONGEST_PAUSE_MS = 60_000;
/** An alarm of which nobody knows within this time when it was is not told as one of now. */
const FRESH_MS = 60_000;

/** The camera's words for its alarms. */
const KINDS: Readonly<Record<string, ObservationKind>> = {
  motion: "motion",
  people: "person",
  person: "person",
  human: "person",
  vehicle: "vehicle",
  pet: "pet",
  tamper: "tamper",
  linecrossing: "line_crossed",
  intrusion: "intrusion",
  ring: "doorbell",
};

/** What watching needs. */
export interface AlarmSource {
  caller: TapoCaller;
  clock: Clock;
}

/**
 * Tells each alarm once until the signal aborts; the one that was there before the first answer is none of ours.
 * A camera that does not know the question is not asked again.
 */
export async function watchAlarms(
  { caller, clock }: AlarmSource,
  { onObservation, onGap }: Parameters<Observations["watch"]>[0],
  signal: AbortSignal,
): Promise<void> {
  const news = new News(clock);
  let failures = 0;
  while (!signal.aborted) {
    try {
      const alarm = await readLastAlarm(caller, signal);
      if (signal.aborted) return;
      failures = 0;
      const { epochSeconds = 0, type } = alarm;
      const kind = KINDS[type?.toLowerCase() ?? "motion"] ?? "motion";
      const told = { kind, active: undefined, deviceAtMs: epochSeconds * 1000, source: "tapo" };
      if (news.isNew(alarm)) onObservation(told);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof HubError)) throw error;
      if (error.kind === "unsupported") return await new Changes().next(signal);
      if (failures === 0) onGap(error.message);
      failures++;
    }
    const pauseMs = Math.min(ASK_EVERY_MS * 2 ** failures, LONGEST_PAUSE_MS);
    await sleepOrChange(pauseMs, new Changes(), clock, signal);
  }
}

/** Tells alarms apart by their time, which may be wrong, but is another one each time. */
class News {
  readonly #clock: Clock;
  #last: number | undefined;
  #answeredAtMs = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True for an alarm that came since the last answer, if that was not long ago. */
  isNew({ epochSeconds }: TapoLastAlarm): boolean {
    const nowMs = this.#clock.monotonic();
    const isFresh = nowMs - this.#answeredAtMs <= FRESH_MS;
    this.#answeredAtMs = nowMs;
    if (epochSeconds === undefined || epochSeconds === this.#last) return false;
    this.#last = epochSeconds;
    return isFresh;
  }
}
