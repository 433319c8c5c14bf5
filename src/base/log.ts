// JSON lines on stderr. stdout belongs to protocols. Loggers are passed down, never imported.
import { HubError } from "./errors.ts";
import { redactText, Secret } from "./secret.ts";

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = typeof LOG_LEVELS[number];
export type LogFields = Record<string, unknown>;

/** Takes finished lines (without the newline). */
export type LogSink = (line: string) => void;

/** Writes constant messages with fields; a child adds its fields to every line. */
export class Logger {
  readonly #sink: LogSink;
  readonly #level: number;
  readonly #fields: LogFields;
  readonly #now: () => number;

  constructor(sink: LogSink, level: LogLevel, options: { fields?: LogFields; now?: () => number } = {}) {
    this.#sink = sink;
    this.#level = LOG_LEVELS.indexOf(level);
    this.#fields = options.fields ?? {};
    this.#now = options.now ?? Date.now;
  }

  child(fields: LogFields): Logger {
    const level = LOG_LEVELS[this.#level] ?? "info";
    return new Logger(this.#sink, level, { fields: { ...this.#fields, ...fields }, now: this.#now });
  }

  debug(message: string, fields?: LogFields): void {
    this.#write("debug", message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#write("info", message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#write("warn", message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#write("error", message, fields);
  }

  #write(level: LogLevel, message: string, fields: LogFields | undefined): void {
    if (LOG_LEVELS.indexOf(level) < this.#level) return;
    const line = { time: new Date(this.#now()).toISOString(), level, message, ...this.#fields, ...fields };
    this.#sink(this.#render(line));
  }

  /** Logging must not throw, whatever somebody puts into the fields. */
  #render(line: LogFields): string {
    try {
      return JSON.stringify(line, redactValue);
    } catch (error) {
      const { time, level, message } = line;
      return JSON.stringify({ time, level, message, unprintable: (error as Error).message.slice(0, 200) });
    }
  }
}

/** JSON.stringify replacer: secrets blanked, errors made readable. */
function redactValue(_key: string, value: unknown): unknown {
  if (value instanceof Secret) return value.toString();
  if (typeof value === "string") return redactText(value);
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Error) return describeError(value);
  return value;
}

function describeError(error: Error): LogFields {
  const isHub = error instanceof HubError;
  return {
    kind: isHub ? error.kind : error.name,
    message: error.message,
    hint: isHub ? error.hint : undefined,
    details: isHub ? error.details : undefined,
    stack: isHub && error.kind !== "internal" ? undefined : error.stack,
    cause: error.cause,
  };
}

const MAX_WAITING_LINES = 1000;

/**
 * A sink that writes to stderr without making the caller wait: a reader that stops (a full pipe) must not
 * stop the frames. Beyond 1000 waiting lines new ones are counted instead of kept, and the count is told.
 */
export class StderrSink {
  #waiting: string[] = [];
  #dropped = 0;
  #writing: Promise<void> | undefined;

  readonly write: LogSink = (line) => {
    if (this.#waiting.length >= MAX_WAITING_LINES) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(line);
    this.#writing ??= this.#drain();
  };

  /** Resolves when everything written so far has left the process. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  async #drain(): Promise<void> {
    const encoder = new TextEncoder();
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      if (this.#dropped > 0) {
        lines.push(JSON.stringify({ level: "warn", message: "Log lines were lost", lines: this.#dropped }));
        this.#dropped = 0;
      }
      if (!await writeAll(encoder.encode(lines.join("\n") + "\n"))) break;
    }
    this.#writing = undefined;
  }
}

/** False when stderr is closed: there is nowhere left to say so. */
async function writeAll(bytes: Uint8Array): Promise<boolean> {
  try {
    for (let offset = 0; offset < bytes.length;) offset += await Deno.stderr.write(bytes.subarray(offset));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return false;
    throw error;
  }
}
