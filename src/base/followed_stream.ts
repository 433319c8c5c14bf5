// The stream of a response, passed on so that its end is known and can be brought about.

/** A stream that is watched. */
export interface FollowedStream {
  stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Ends it for its reader, and lets go of the source. */
  cut(): void;
}

/** Passes a body on without holding any of it; calls back once, with true where it did not come to its own end. */
export function followStream(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onEnded: (isCutOff: boolean) => void,
): FollowedStream {
  const reader = body.getReader();
  let output: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  let isOver = false;
  const end = (isCutOff: boolean) => {
    if (isOver) return false;
    isOver = true;
    onEnded(isCutOff);
    return true;
  };
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => void (output = controller),
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        if (end(false)) controller.close();
      } catch (error) {
        if (end(true)) controller.error(error);
      }
    },
    cancel(reason) {
      end(true);
      return reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
  const cut = () => {
    if (!end(true)) return;
    output?.close();
    reader.cancel().catch(() => {/* it had failed already, and nobody reads it any more */});
  };
  return { stream, cut };
}
