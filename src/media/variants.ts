// The streams that are rescaled from a camera's own: equal wishes share one, and there are only so many.
import { HubError } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import type { Scope } from "../base/scope.ts";
import { retryWhenRunning, type StreamContext } from "./on_demand.ts";
import { type Rescale, rescaledSource } from "./rescale.ts";
import { FrameStream } from "./stream.ts";

const MAX_VARIANTS = 4;

interface Variant {
  base: FrameStream;
  wish: Rescale;
  stream: FrameStream;
  stop: LinkedSignal;
}

/** Of one camera. */
export class Variants {
  readonly #cameraId: string;
  readonly #context: StreamContext;
  readonly #all = new Map<string, Variant>();
  #scope: Scope | undefined;

  constructor(cameraId: string, context: StreamContext) {
    this.#cameraId = cameraId;
    this.#context = context;
  }

  /** Runs them in a scope from now on. */
  begin(scope: Scope): void {
    this.#scope = scope;
  }

  /**
   * The stream of that name, made from `base` where there is none.
   * @throws HubError `conflict` when too many different sizes are being watched.
   */
  of(name: string, base: FrameStream, wish: Rescale): FrameStream {
    const key = `${name}/${wish.width ?? ""}/${wish.quality ?? ""}`;
    const known = this.#all.get(key);
    if (known) return known.stream;
    this.#forgetIdle();
    if (this.#all.size >= MAX_VARIANTS || !this.#scope) throw tooManyVariants(this.#cameraId);
    const stream = new FrameStream(this.#context);
    stream.setSource(rescaledSource(this.#cameraId, base, wish));
    const stop = new LinkedSignal(this.#scope.signal);
    this.#all.set(key, { base, wish, stream, stop });
    this.#scope.spawn(async () => {
      using own = stop;
      const unsubscribe = retryWhenRunning(base, stream);
      await stream.run(own.signal);
      unsubscribe();
    });
    return stream;
  }

  /** Makes those of a stream anew, so that nobody gets what was made of its earlier frames. */
  renew(base: FrameStream): void {
    for (const variant of this.#all.values()) {
      if (variant.base !== base) continue;
      variant.stream.replaceSource(rescaledSource(this.#cameraId, base, variant.wish));
    }
  }

  #forgetIdle(): void {
    for (const [key, { stream, stop }] of this.#all) {
      if (stream.consumers > 0 || stream.state.state !== "idle") continue;
      stop.abort();
      this.#all.delete(key);
    }
  }
}

function tooManyVariants(id: string): HubError {
  return new HubError(
    "conflict",
    `Camera "${id}" is already being rescaled to ${MAX_VARIANTS} different sizes`,
    {
      hint: "Use one of those sizes, or the original, by leaving out width and quality",
      retryable: true,
    },
  );
}
