-- Files of recordings, one row each: a recording that outlives its camera's connection has several parts. A row is
-- written when its file is closed and safe on the disk. Times are milliseconds since 1970; `path` is below the
-- folder of recordings; `gaps` is JSON.
CREATE TABLE recordings (
  id TEXT PRIMARY KEY,
  recording TEXT NOT NULL,
  part INTEGER NOT NULL,
  camera TEXT NOT NULL,
  path TEXT NOT NULL UNIQUE,
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL,
  pre_roll_ms INTEGER NOT NULL,
  codec TEXT,
  width INTEGER,
  height INTEGER,
  has_sound INTEGER NOT NULL,
  ended_because TEXT NOT NULL,
  gaps TEXT
) STRICT;
CREATE INDEX recordings_by_time ON recordings (started_at, id);
CREATE INDEX recordings_by_camera ON recordings (camera, started_at, id);
