// Telling a camera to stand still, by a deadline of its own: who asked for the movement may have gone.
import type { Clock } from "../base/clock.ts";
import { HubError, isAbort } from "../base/errors.ts";

/** How long the camera may take. */
export interface StopLimit {
  clock: Clock;
  /** Longer than an answer may take: whoever carries the message knows better why there was none. */
  withinMs: number;
}

/** @throws HubError `unavailable` when it does not answer in time, or what stopping throws. */
export async function stopSoon(
  stop: (signal: AbortSignal) => Promise<void>,
  { clock, withinMs }: StopLimit,
): Promise<void> {
  const [late, done] = [new AbortController(), new AbortController()];
  const waiting = clock.sleep(withinMs, done.signal).then(() => late.abort(), () => {/* it has answered */});
  try {
    await stop(late.signal);
  } catch (error) {
    const isSilent = isAbort(error) || (error instanceof HubError && error.kind === "timeout");
    if (!isSilent) throw error;
    throw new HubError("unavailable", "The camera did not answer when it was told to stop", {
      hint: "Look whether it still turns, and stop it",
      cause: error,
    });
  } finally {
    done.abort();
    await waiting;
  }
}
