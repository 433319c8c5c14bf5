// Notes while a recording goes on when the lens was covered: the picture of that time shows nothing.
import type { Clock } from "../base/clock.ts";
import { HubError, isAbort } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import type { Switch } from "../devices/capabilities.ts";
import type { StoredGap } from "../store/recordings_table.ts";

const LOOK_EVERY_MS = 5000;
/** A camera that has no lens to cover may be one that was away. */
const LOOK_FOR_LENS_MS = 30_000;
const ANSWER_WITHIN_MS = 4000;

/** Stretches of time with a reason, of which the last may go on. */
export class Gaps {
  readonly #closed: StoredGap[] = [];
  #open: { fromMs: number; reason: string } | undefined;

  /** It has been so since the time given; undefined: it is not so. */
  note(reason: string | undefined, nowMs: number): void {
    if (this.#open?.reason === reason) return;
    if (this.#open) this.#closed.push({ ...this.#open, toMs: nowMs });
    this.#open = reason === undefined ? undefined : { fromMs: nowMs, reason };
  }

  /** Those that lie in a stretch of time, cut to it. */
  within(fromMs: number, toMs: number): StoredGap[] {
    const all = this.#open ? [...this.#closed, { ...this.#open, toMs }] : this.#closed;
    return all
      .map((gap) => ({ ...gap, fromMs: Math.max(gap.fromMs, fromMs), toMs: Math.min(gap.toMs, toMs) }))
      .filter((gap) => gap.toMs > gap.fromMs);
  }
}

/** Looks every few seconds until the signal aborts. What the camera does not tell changes nothing. */
export async function watchPrivacy(
  gaps: Gaps,
  { clock, privacy }: { clock: Clock; privacy: () => Switch | undefined },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const lens = privacy();
    const isCovered = await readCover(lens, signal);
    if (isCovered !== undefined) gaps.note(isCovered ? "privacy" : undefined, clock.now());
    await clock.sleep(lens ? LOOK_EVERY_MS : LOOK_FOR_LENS_MS, signal);
  }
}

/** True while it is covered; undefined where the camera does not tell. */
export async function readCover(lens: Switch | undefined, signal: AbortSignal): Promise<boolean | undefined> {
  if (!lens) return undefined;
  using patience = new LinkedSignal(signal, AbortSignal.timeout(ANSWER_WITHIN_MS));
  try {
    return await lens.read(patience.signal);
  } catch (error) {
    if (error instanceof HubError || isAbort(error)) return undefined;
    throw error;
  }
}
