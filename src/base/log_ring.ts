// The newest lines of the log, kept in memory so that they can be asked for.
import { LOG_LEVELS, type LogLevel, type LogSink } from "./log.ts";

/** One line, taken apart. */
export interface LogLine {
  time: string;
  level: LogLevel;
  message: string;
  [field: string]: unknown;
}

/** Which lines are wanted. */
export interface LogQuery {
  /** Lines of this level and above. */
  level: LogLevel;
  /** Lines about this camera. */
  camera?: string | undefined;
  /** Lines of this time or later; milliseconds since 1970. */
  sinceMs?: number | undefined;
  limit: number;
}

const MAX_LINES = 2000;
const MAX_LINE_CHARS = 4000;

/** Holds the last 2000 lines. */
export class LogRing {
  readonly #lines: string[] = [];
  /** Where the next line goes: over the oldest, once there are enough. */
  #next = 0;

  /** A sink that keeps what it passes on. */
  tee(sink: LogSink): LogSink {
    return (line) => {
      this.#keep(line);
      sink(line);
    };
  }

  /** The newest lines that are wanted, in the order in which they were written. */
  list({ level, camera, sinceMs = -Infinity, limit }: LogQuery): LogLine[] {
    const least = LOG_LEVELS.indexOf(level);
    const found: LogLine[] = [];
    const { length } = this.#lines;
    for (let back = 1; back <= length && found.length < limit; back++) {
      const line = JSON.parse(this.#lines[(this.#next - back + length) % length] ?? "{}") as LogLine;
      if (LOG_LEVELS.indexOf(line.level) < least || Date.parse(line.time) < sinceMs) continue;
      if (camera === undefined || line.camera === camera) found.push(line);
    }
    return found.reverse();
  }

  #keep(line: string): void {
    this.#lines[this.#next] = line.length <= MAX_LINE_CHARS ? line : withoutFields(line);
    this.#next = (this.#next + 1) % MAX_LINES;
  }
}

function withoutFields(line: string): string {
  const { time, level, message, camera } = JSON.parse(line) as LogLine;
  return JSON.stringify({ time, level, message: message.slice(0, MAX_LINE_CHARS), camera, shortened: true });
}
