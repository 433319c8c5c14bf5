// The journal of events, and what is kept of it.
import type { Clock } from "../base/clock.ts";
import type { Logger } from "../base/log.ts";
import type { Config } from "../config/schema.ts";
import type { EventsLimits } from "../operations/views.ts";
import { Journal, type JournalDeps } from "../events/journal.ts";
import type { EventPictureFiles } from "../recordings/event_picture_files.ts";
import { EventsTable } from "../store/events_table.ts";
import type { Store } from "../store/open_store.ts";
import type { LiveConfig } from "./live_config.ts";

const MB = 1e6;

/** What the configuration lets be kept. */
export function eventsLimits({ events }: Config): EventsLimits {
  return {
    keep_days: events.keep_days,
    max_bytes: events.max_mb * MB,
    max_picture_bytes: events.pictures_mb * MB,
  };
}

/** The journal in the database, kept as the configuration says. */
export function buildJournal(
  { database }: Store,
  { clock, log, config, eventPictures, ...others }: Pick<JournalDeps, "alongside" | "onDropped" | "doubt"> & {
    clock: Clock;
    log: Logger;
    config: LiveConfig;
    eventPictures: EventPictureFiles;
  },
): Journal {
  return new Journal({
    table: new EventsTable(database),
    clock,
    log,
    ...others,
    retention: () => {
      const { keep_days: keepDays, max_bytes: maxBytes } = eventsLimits(config.now);
      return { keepDays, maxBytes };
    },
    onPicturesGone: (ids) => {
      eventPictures.remove(ids).catch((error) =>
        log.warn("Pictures of events that are gone could not be removed", { error })
      );
    },
  });
}
