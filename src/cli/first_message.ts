// Waits for a client to speak.

/** The same stream once something has come; undefined when it ends before. */
export async function awaitFirst(
  input: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | undefined> {
  const reader = input.getReader();
  const { done, value } = await reader.read();
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
