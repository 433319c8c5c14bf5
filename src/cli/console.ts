// Talks to the person at the terminal: plain text out, a password in without showing it.
import { HubError } from "../base/errors.ts";
import { Secret } from "../base/secret.ts";

const encoder = new TextEncoder();

/** Prints a line on stdout. */
export function print(line: string): void {
  writeAll(Deno.stdout, line + "\n");
}

/** Prints a line on stderr: what a person should know and a program that reads stdout should not. */
export function printAside(line: string): void {
  writeAll(Deno.stderr, line + "\n");
}

/** Prints an error on stderr: what was wrong, and what to do. */
export function printError(error: HubError): void {
  writeAll(Deno.stderr, `tapo-camera-mcp: ${error.message}\n${error.hint ? `${error.hint}\n` : ""}`);
}

function writeAll(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = encoder.encode(text);
  for (let offset = 0; offset < bytes.length;) offset += stream.writeSync(bytes.subarray(offset));
}

/** Asks for a password twice at a terminal; else takes the first line of stdin. */
export async function readNewPassword(): Promise<Secret> {
  if (!Deno.stdin.isTerminal()) return new Secret((await readLine(Deno.stdin.readable)).replace(/\r$/, ""));
  const first = readHidden("New password: ");
  const second = readHidden("Once more: ");
  if (first === second) return new Secret(first);
  throw new HubError("invalid_input", "The two passwords differ", { hint: "Try again" });
}

async function readLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (
    const chunk of stream.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
  ) {
    text += chunk;
    if (text.includes("\n") || text.length > 4096) break;
  }
  return text.split("\n")[0] ?? "";
}

/** Reads a line from the terminal without echo. */
function readHidden(prompt: string): string {
  writeAll(Deno.stdout, prompt);
  const decoder = new TextDecoder();
  const byte = new Uint8Array(1);
  const bytes: number[] = [];
  Deno.stdin.setRaw(true);
  try {
    while (Deno.stdin.readSync(byte) === 1) {
      const [code = 0] = byte;
      if (code === 3) throw new HubError("invalid_input", "Given up");
      if (code === 13 || code === 10) break;
      if (code === 127 || code === 8) bytes.pop();
      else bytes.push(code);
    }
  } finally {
    Deno.stdin.setRaw(false);
    writeAll(Deno.stdout, "\n");
  }
  return decoder.decode(new Uint8Array(bytes));
}
