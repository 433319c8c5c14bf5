// The database files that the hub keeps: how each is set up, and what brings its tables up to date. Read by the
// database's thread: nothing but data.

/** Which of the hub's files. */
export type SchemaName = "hub" | "history";

/** One file's set-up. */
export interface Schema {
  /** Folder of the migrations, beside this file. */
  readonly folder: string;
  /** In the order in which they apply; `user_version` counts how many have. */
  readonly migrations: readonly string[];
  /** Run each time the file is opened, before the migrations. */
  readonly pragmas: string;
}

export const SCHEMAS: Readonly<Record<SchemaName, Schema>> = {
  hub: {
    folder: "migrations",
    migrations: [
      "001_initial.sql",
      "002_devices_and_events.sql",
      "003_audit.sql",
      "004_tokens.sql",
      "005_recordings.sql",
      "006_camera_rules.sql",
      "007_journal.sql",
      "008_recording_rules.sql",
      "009_alerts.sql",
      "010_push.sql",
      "011_timeline.sql",
      "012_timers.sql",
      "013_external_alerts.sql",
    ],
    // WAL with FULL: an fsync for each transaction, so that a power cut takes nothing back that was told as written;
    // with NORMAL it would take the last transactions (sqlite.org/pragma.html#pragma_synchronous).
    pragmas: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
  },
  history: {
    folder: "history_migrations",
    migrations: ["001_history.sql"],
    // A power cut may take the last transactions, never the file: what is measured is not worth an fsync. Room that
    // becomes free is given back in steps; that has to be said before the first table is made.
    pragmas: "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
  },
};
