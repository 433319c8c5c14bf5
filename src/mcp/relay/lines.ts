// Splits stdin into lines of bounded length.

/** Yields each line that is not empty; undefined stands for one that was too long and is left out. */
export async function* readLines(
  input: ReadableStream<Uint8Array<ArrayBuffer>>,
  maxChars: number,
): AsyncGenerator<string | undefined> {
  let parts: string[] = [];
  let chars = 0;
  const take = (): string | undefined => {
    const line = chars > maxChars ? undefined : parts.join("");
    parts = [];
    chars = 0;
    return line;
  };
  const keep = (text: string) => {
    chars += text.length;
    if (chars > maxChars) parts = [];
    else parts.push(text);
  };
  for await (const text of input.pipeThrough(new TextDecoderStream())) {
    let begin = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", begin)) {
      keep(text.slice(begin, end));
      begin = end + 1;
      const line = take();
      if (line === undefined || line.trim() !== "") yield line;
    }
    keep(text.slice(begin));
  }
  const last = take();
  if (last === undefined || last.trim() !== "") yield last;
}
