// CPU time and memory of the hub's children, read from /proc in one go.
import type { Clock } from "../base/clock.ts";
import { runCommand } from "./command.ts";
import type { Launcher } from "./launcher.ts";

/** What one process has used. */
export interface ProcessUsage {
  name: string;
  program: string;
  pid: number;
  startedAtMs: number;
  /** User and system time together; absent when the process has just ended. */
  cpuSeconds?: number;
  rssBytes?: number;
}

/** Linux reports CPU time to user space in hundredths of a second on every architecture (proc(5)). */
const TICKS_PER_SECOND = 100;

/** Returns the usage of every living child. One `cat` reads it all: Deno itself may not read /proc. */
export async function readUsage(
  launcher: Launcher,
  clock: Clock,
  signal: AbortSignal,
): Promise<ProcessUsage[]> {
  const children = launcher.living.filter((child) => child.program !== "cat");
  if (children.length === 0) return [];
  const files = children.flatMap((child) => [`/proc/${child.pid}/stat`, `/proc/${child.pid}/status`]);
  const result = await runCommand(
    { name: "usage", program: "cat", args: files },
    { launcher, clock, signal, deadlineMs: 2000, maxBytes: 1 << 20 },
  );
  const figures = parseUsage(new TextDecoder().decode(result.stdout));
  return children.map(({ name, program, pid, startedAtMs }) => ({
    name,
    program,
    pid,
    startedAtMs,
    ...figures.get(pid),
  }));
}

/** Parses /proc/N/stat and /proc/N/status texts, one after the other, into figures by process id. */
export function parseUsage(text: string): Map<number, { cpuSeconds?: number; rssBytes?: number }> {
  const figures = new Map<number, { cpuSeconds?: number; rssBytes?: number }>();
  let pid = 0;
  for (const line of text.split("\n")) {
    const stat = /^(\d+) \(.*\) \S (.*)$/.exec(line);
    if (stat) {
      pid = Number(stat[1]);
      // Fields 14 and 15 of proc(5); the remainder starts at field 4.
      const rest = (stat[2] ?? "").split(" ");
      figures.set(pid, { cpuSeconds: (Number(rest[10]) + Number(rest[11])) / TICKS_PER_SECOND });
    }
    const rss = /^VmRSS:\s+(\d+) kB/.exec(line);
    const entry = figures.get(pid);
    if (rss && entry) entry.rssBytes = Number(rss[1]) * 1024;
  }
  return figures;
}
