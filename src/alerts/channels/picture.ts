// The picture of an alert, for channels that send one along.
import { isAbort, toHubError } from "../../base/errors.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";
import type { Logger } from "../../base/log.ts";
import { abortable } from "../../base/scope.ts";
import type { AlertMessage } from "../channel.ts";

const WITHIN_MS = 10_000;

/**
 * The picture, or undefined where there is none or it cannot be had in time: it does not hold up the alert.
 * @throws AbortError when the signal aborts.
 */
export async function pictureOf(
  message: AlertMessage,
  { channel, log, signal }: { channel: string; log: Logger; signal: AbortSignal },
): Promise<Uint8Array | undefined> {
  using either = new LinkedSignal(signal, AbortSignal.timeout(WITHIN_MS));
  try {
    return message.snapshot && await abortable(message.snapshot(either.signal), either.signal);
  } catch (error) {
    if (signal.aborted) throw error;
    const reason = isAbort(error) ? "It took too long" : toHubError(error).message;
    log.warn("An alert goes out without its picture", { channel, reason });
    return undefined;
  }
}
