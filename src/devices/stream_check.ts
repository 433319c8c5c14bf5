// Tries a camera's stream once: one login, one picture, within what the device serves at the same time.
import { type HubError, toHubError } from "../base/errors.ts";
import { runCommand } from "../process/command.ts";
import { ingestProbeArgs } from "../process/ingest_args.ts";
import type { Video } from "./device.ts";
import type { AccountCheck, DriverContext } from "./driver.ts";

const DEADLINE_MS = 12_000;
const MAX_PICTURE_BYTES = 32 << 20;

/** What trying the account of a stream showed. @throws AbortError only. */
export async function checkStream(
  video: Video,
  context: DriverContext,
  signal: AbortSignal,
): Promise<AccountCheck> {
  const check = { account: "stream", title: "Picture" };
  const { slots } = context;
  if (slots.free(video.limit) <= 0) return { ...check, ...notTried(slots.holders(video.limit)) };
  const giveBack = slots.take(video.limit, { name: "the check of an account" });
  try {
    const error = await tryOnce(video, context, signal);
    // A camera that wants the other transport gets it at the next start: that is no reason to refuse it.
    const last = error?.details?.cause === "transport" ? await tryOnce(video, context, signal) : error;
    if (last) throw last;
    return { ...check, state: "ok", message: "The camera sent a picture" };
  } catch (error) {
    signal.throwIfAborted();
    return { ...check, ...checkResult(toHubError(error)) };
  } finally {
    giveBack();
  }
}

/** One stream more would be refused, or take a picture away from somebody. */
function notTried(holders: readonly string[]): Omit<AccountCheck, "account" | "title"> {
  return {
    state: "not_tried",
    message: `Not tried: the camera's streams are in use by ${holders.join(" and ")}`,
    hint: "It is tried when somebody watches; or close one of those pictures and try again",
  };
}

/** Returns why no picture came; undefined when one came. */
async function tryOnce(
  video: Video,
  { launcher, clock }: DriverContext,
  signal: AbortSignal,
): Promise<HubError | undefined> {
  const options = { launcher, clock, signal, deadlineMs: DEADLINE_MS, maxBytes: MAX_PICTURE_BYTES };
  try {
    const spec = { ...await video.spec(signal), args: ingestProbeArgs(50) };
    const result = await runCommand(spec, options);
    if (result.stdout.length === 0) return video.explain(result);
    video.begun?.();
    return undefined;
  } finally {
    await video.ended?.();
  }
}

/** An error in the words of a check. */
export function checkResult(error: HubError): Omit<AccountCheck, "account" | "title"> {
  return {
    state: stateOf(error),
    ...(error.kind === "forbidden" ? { isAddressRefused: true } : {}),
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.retryAtMs === undefined ? {} : { retryAtMs: error.retryAtMs }),
  };
}

function stateOf(error: HubError): AccountCheck["state"] {
  if (error.kind === "unauthenticated") return "refused";
  if (error.kind === "locked_out") return "locked_out";
  const isAway = error.kind === "timeout" || error.kind === "unavailable";
  return isAway ? "unreachable" : "failed";
}
