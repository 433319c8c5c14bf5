// Reads server-sent events (WHATWG HTML, 9.2) as far as MCP uses them.

/** One event. */
export interface SseEvent {
  id: string | undefined;
  /** Empty for one that only carries an id. */
  data: string;
}

/** Yields each event. @throws Error when one is longer than `maxChars`. */
export async function* readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  maxChars: number,
): AsyncGenerator<SseEvent> {
  let rest = "";
  let lines: string[] = [];
  let chars = 0;
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const line = part.endsWith("\r") ? part.slice(0, -1) : part;
      chars += line.length;
      if (line !== "") lines.push(line);
      else {
        const event = eventOf(lines);
        if (event) yield event;
        lines = [];
        chars = 0;
      }
    }
    if (chars + rest.length > maxChars) throw new Error("an answer is too long");
  }
}

function eventOf(lines: readonly string[]): SseEvent | undefined {
  const field = (name: string) =>
    lines.filter((line) => line.startsWith(`${name}:`)).map((line) =>
      line.slice(name.length + 1).replace(/^ /, "")
    );
  const [id] = field("id");
  const data = field("data");
  return id === undefined && data.length === 0 ? undefined : { id, data: data.join("\n") };
}
