// Looks after the control of an open Tapo device that is refused at present: by a lockout, or by its firmware.
import { sleepOrChange } from "../../base/changes.ts";
import type { Clock } from "../../base/clock.ts";
import { HubError, isAbort } from "../../base/errors.ts";
import type { Impairment } from "../../devices/device.ts";
import { readDeviceInfo } from "../../protocols/tapo/device.ts";
import type { TapoConnection } from "./connection.ts";

/** Between two tries where no time was said, or the camera was silent at that time. */
const ASK_AGAIN_MS = 60_000;

/** A device that was opened without control is not whole before it is opened anew, also when logins work again. */
export function untilReopened(impairment: Impairment): Impairment {
  const waiting = takesLoginsAgain();
  return {
    changes: impairment.changes,
    get error() {
      return impairment.error ?? waiting;
    },
  };
}

function takesLoginsAgain(): HubError {
  return new HubError("unavailable", "The camera takes logins again; opening it anew");
}

/**
 * Tries the login again when it is time; the picture goes on meanwhile. Settles otherwise only when the signal aborts.
 * @throws HubError `unavailable` when a device that was opened without control has it now: it is to be opened anew.
 */
export async function keepControl(
  { impairment, session }: Pick<TapoConnection, "impairment" | "session">,
  { isWithoutControl, clock }: { isWithoutControl: boolean; clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  let notBeforeMs = clock.monotonic() + ASK_AGAIN_MS;
  let tried: HubError | undefined;
  while (!signal.aborted) {
    const { error } = impairment;
    if (!error && isWithoutControl) throw takesLoginsAgain();
    const isDated = error?.retryAtMs !== undefined;
    const restMs = !isDated || tried === error ? notBeforeMs - clock.monotonic() : 0;
    const leftMs = error ? Math.max(restMs, (error.retryAtMs ?? 0) - clock.now()) : Infinity;
    if (leftMs > 0) {
      await sleepOrChange(leftMs, impairment.changes, clock, signal);
      continue;
    }
    [tried, notBeforeMs] = [error, clock.monotonic() + ASK_AGAIN_MS];
    // Whatever comes of it: the login tells the impairment.
    await readDeviceInfo(session, signal).catch((failure) => {
      if (!(failure instanceof HubError) && !isAbort(failure)) throw failure;
    });
  }
}
