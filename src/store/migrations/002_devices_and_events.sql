-- What was learnt of a device and must outlive a restart: lockouts, refused passwords, certificates.
CREATE TABLE device_memory (
  device TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (device, name)
) STRICT, WITHOUT ROWID;

-- The journal: see events/journal.ts. Times are milliseconds since 1970 by the hub's clock, `device_at` by the
-- device's. `camera` is null for what concerns the hub as a whole; `ended_at` while it goes on. AUTOINCREMENT: a
-- number that was deleted never comes back.
CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  change INTEGER NOT NULL,
  camera TEXT,
  kind TEXT NOT NULL,
  source TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  ended_at INTEGER,
  device_at INTEGER,
  count INTEGER NOT NULL,
  details TEXT
) STRICT;
CREATE UNIQUE INDEX events_by_change ON events (change);
-- Newest first of one camera or kind: `seq` grows with time, also where the wall clock was set back.
CREATE INDEX events_by_camera ON events (camera, seq);
CREATE INDEX events_by_kind ON events (kind, seq);
CREATE INDEX events_open ON events (seq) WHERE ended_at IS NULL;

-- One row: where the journal stands. `change` counts every write to an event, `pruned` is the highest of those
-- deleted since, `alive_at` the last time the hub was known to run.
CREATE TABLE journal (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  change INTEGER NOT NULL,
  pruned INTEGER NOT NULL,
  alive_at INTEGER NOT NULL
) STRICT;
INSERT INTO journal (id, change, pruned, alive_at) VALUES (1, 0, 0, 0);
