// What fingers and the mouse do on the timeline: dragging moves it, two fingers and the wheel zoom, a tap goes to a moment,
// dragging in the ruler scrubs.
import { type Limits, moved, spanOf, timeAt, type View, zoomed } from "./timeline_scale.ts";

/** What comes of them. */
export interface GestureListener {
  /** As it stands now. */
  view(): View;
  /** Left out: those of the timeline. */
  readonly limits?: Limits | undefined;
  show(view: View): void;
  seek(atMs: number): void;
  /** Undefined: the scrubbing is over, where it was last. */
  scrub(atMs: number | undefined): void;
}

interface Finger {
  x: number;
  startX: number;
  startY: number;
}

/** Less is a tap of a hand that is not quite still. */
const TAP_PIXELS = 8;

/** Follows the pointers on one element. */
export class TimelineGestures {
  readonly #listener: GestureListener;
  readonly #rulerHeight: number;
  readonly #fingers = new Map<number, Finger>();
  #mode: "none" | "tap" | "pan" | "scrub" | "pinch" = "none";

  constructor(listener: GestureListener, rulerHeight: number) {
    this.#listener = listener;
    this.#rulerHeight = rulerHeight;
  }

  down(id: number, { x, y, width }: Point): void {
    this.#fingers.set(id, { x, startX: x, startY: y });
    if (this.#fingers.size > 1) {
      if (this.#mode === "scrub") this.#listener.scrub(undefined);
      this.#mode = "pinch";
    } else if (y < this.#rulerHeight) {
      this.#mode = "scrub";
      this.#listener.scrub(timeAt(this.#listener.view(), x, width));
    } else this.#mode = "tap";
  }

  move(id: number, { x, width }: Point): void {
    const finger = this.#fingers.get(id);
    if (!finger) return;
    const before = finger.x;
    const view = this.#listener.view();
    if (this.#mode === "tap" && Math.abs(x - finger.startX) > TAP_PIXELS) this.#mode = "pan";
    if (this.#mode === "scrub") this.#listener.scrub(timeAt(view, x, width));
    if (this.#mode === "pan") this.#listener.show(moved(view, (before - x) / width * spanOf(view)));
    if (this.#mode === "pinch") this.#pinch(id, x, width);
    // Until it is a drag, the way counts from where it began.
    if (this.#mode !== "tap") finger.x = x;
  }

  up(id: number, { x, width }: Point): void {
    if (!this.#fingers.delete(id)) return;
    if (this.#mode === "scrub") this.#listener.scrub(undefined);
    if (this.#mode === "tap") this.#listener.seek(timeAt(this.#listener.view(), x, width));
    // The finger that is left after two does not move anything until it is lifted.
    this.#mode = "none";
  }

  /** The browser has taken the gesture, to scroll the page. */
  cancel(id: number): void {
    this.#fingers.delete(id);
    if (this.#mode === "scrub") this.#listener.scrub(undefined);
    this.#mode = "none";
  }

  wheel({ x, width, deltaX, deltaY, isShifted }: Wheel): void {
    const view = this.#listener.view();
    const sideways = isShifted ? deltaY : deltaX;
    if (Math.abs(sideways) > Math.abs(isShifted ? 0 : deltaY)) {
      this.#listener.show(moved(view, sideways / width * spanOf(view)));
    } else {this.#listener.show(
        zoomed(view, Math.exp(clamp(deltaY) / 300), timeAt(view, x, width), this.#listener.limits),
      );}
  }

  #pinch(id: number, x: number, width: number): void {
    const [first, second] = [...this.#fingers.entries()];
    if (!first || !second) return;
    const others = [first, second].find(([each]) => each !== id)?.[1];
    const own = this.#fingers.get(id);
    if (!others || !own) return;
    const view = this.#listener.view();
    const [was, is] = [Math.abs(own.x - others.x), Math.abs(x - others.x)];
    if (was < 10 || is < 10) return;
    // The moment under the other finger stays there.
    this.#listener.show(zoomed(view, was / is, timeAt(view, others.x, width), this.#listener.limits));
  }
}

/** A place on the element, and how wide that is. */
export interface Point {
  x: number;
  y: number;
  width: number;
}

/** A turn of the wheel, in pixels. */
export interface Wheel extends Point {
  deltaX: number;
  deltaY: number;
  isShifted: boolean;
}

function clamp(pixels: number): number {
  return Math.max(-240, Math.min(240, pixels));
}
