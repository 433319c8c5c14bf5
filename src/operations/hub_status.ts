// Puts the state of the whole hub together.
import process from "node:process";
import { statfs } from "node:fs/promises";
import { type Clock, isoTime } from "../base/clock.ts";
import { HubError } from "../base/errors.ts";
import type { LoopLag } from "../base/loop_lag.ts";
import type { Warnings } from "../base/warnings.ts";
import type { Journal } from "../events/journal.ts";
import type { DeviceManager } from "../devices/manager.ts";
import type { Media } from "../media/media.ts";
import type { Launcher } from "../process/launcher.ts";
import { readUsage } from "../process/usage.ts";
import type { EventPictureFiles } from "../recordings/event_picture_files.ts";
import type { Store } from "../store/open_store.ts";
import type { EventsLimits, StatusView } from "./views.ts";

/** The parts whose state is told. */
export interface StatusSources {
  version: string;
  startedAtMs: number;
  clock: Clock;
  manager: DeviceManager;
  media: Media;
  launcher: Launcher;
  lag: LoopLag;
  store: Store;
  warnings: Warnings;
  journal: Pick<Journal, "failure" | "size">;
  eventPictures: Pick<EventPictureFiles, "size">;
  limits(): EventsLimits;
}

/** Reads the state now. */
export async function hubStatus(sources: StatusSources, signal: AbortSignal): Promise<StatusView> {
  const { clock, lag, store } = sources;
  const usage = await readUsage(sources.launcher, clock, signal);
  const cpu = process.cpuUsage();
  const free = await freeBytes(store.dataDir);
  const events = await eventsUsage(sources);
  return {
    version: sources.version,
    uptime_s: Math.round((clock.now() - sources.startedAtMs) / 1000),
    cameras: cameraCounts(sources.manager),
    streams: streamTotals(sources),
    processes: usage.map(({ name, program, pid, startedAtMs, cpuSeconds, rssBytes }) => ({
      name,
      program,
      pid,
      uptime_s: Math.round((clock.now() - startedAtMs) / 1000),
      ...(cpuSeconds === undefined ? {} : { cpu_seconds: cpuSeconds }),
      ...(rssBytes === undefined ? {} : { rss_bytes: rssBytes }),
    })),
    hub: {
      rss_bytes: Deno.memoryUsage().rss,
      cpu_seconds: (cpu.user + cpu.system) / 1e6,
      loop_lag_ms: { last: Math.round(lag.lastMs * 10) / 10, max: Math.round(lag.maxMs * 10) / 10 },
    },
    storage: {
      data_dir: store.dataDir,
      persistent: store.volatileBecause === undefined,
      ...(free === undefined ? {} : { free_bytes: free }),
    },
    ...(events === undefined ? {} : { events }),
    warnings: warningViews(sources),
  };
}

/** Undefined while the database cannot be read, of which a warning tells when there is something to write. */
async function eventsUsage({ journal, eventPictures, limits }: StatusSources) {
  try {
    const { rows: count, bytes } = await journal.size();
    const { count: pictures, bytes: picture_bytes } = eventPictures.size;
    return { count, bytes, pictures, picture_bytes, ...limits() };
  } catch (error) {
    if (error instanceof HubError) return undefined;
    throw error;
  }
}

function warningViews({ warnings, journal }: StatusSources): StatusView["warnings"] {
  const { failure } = journal;
  if (failure) warnings.raise("events", `Events cannot be written: ${failure.message}`, failure.hint);
  else warnings.clear("events");
  return warnings.list.map(({ sinceMs, hint, ...warning }) => ({
    ...warning,
    ...(hint === undefined ? {} : { hint }),
    since: isoTime(sinceMs),
  }));
}

function cameraCounts(manager: DeviceManager): StatusView["cameras"] {
  const counts: StatusView["cameras"] = { total: manager.cameras.length };
  for (const { status: { status } } of manager.cameras) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

function streamTotals({ manager, media }: StatusSources): StatusView["streams"] {
  const totals = { running: 0, viewers: media.viewers, frames_total: 0, dropped_total: 0 };
  for (const { id } of manager.cameras) {
    const each = media.find(id);
    if (!each) continue;
    for (const lane of [each.main, each.sub]) {
      if (lane.isRunning) totals.running++;
      totals.frames_total += lane.frames.figures.framesTotal;
    }
    totals.dropped_total += each.droppedTotal;
  }
  return totals;
}

/** Free space on the disk of a folder; undefined where it cannot be told. */
async function freeBytes(path: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(path);
    return Number(bavail) * Number(bsize);
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}
