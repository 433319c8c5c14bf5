// Waits for a client to speak.
import { abortable } from "../base/scope.ts";

/**
 * The same stream once something has come; undefined when it ends before.
 * @throws AbortError when the signal aborts first.
 */
export async function awaitFirst(
  input: ReadableStream<Uint8Array<ArrayBuffer>>,
  signal?: AbortSignal,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | undefined> {
  const reader = input.getReader();
  const { done, value } = await first(reader, signal);
  if (done) return undefined;
  return new ReadableStream({
    start: (controller) => controller.enqueue(value),
    async pull(controller) {
      const next = await reader.read();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

async function first<T>(
  reader: ReadableStreamDefaultReader<T>,
  signal: AbortSignal | undefined,
): Promise<ReadableStreamReadResult<T>> {
  if (!signal) return await reader.read();
  try {
    return await abortable(reader.read(), signal);
  } catch (error) {
    reader.cancel().catch(() => {/* nobody reads it any more */});
    throw error;
  }
}
