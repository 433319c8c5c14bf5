-- The history of metrics: what was measured, of whom (src/metrics/history/fields.ts), in three tiers. Values are whole
-- numbers of the field's scale; what was not known is NULL. A field that comes later is a column added at the end.

-- Whom a row tells of. Ids are never given up, so that a camera that was removed keeps its past.
CREATE TABLE subjects (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO subjects VALUES (0, '@hub');

-- Before which time (milliseconds since 1970) a tier was deleted: rows before it are no longer all there.
CREATE TABLE deleted (
  tier TEXT PRIMARY KEY,
  before_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO deleted VALUES ('raw', 0), ('5m', 0), ('1h', 0);

-- Hours since 1970 with rows of raw that the coarser tiers do not hold yet.
CREATE TABLE open_hours (
  hour INTEGER PRIMARY KEY
) STRICT;

-- Raw: one row each time something was measured, at milliseconds since 1970. Ordered by time first, so that what is
-- written together lies together: a batch touches few pages of a flash card, whatever the number of cameras.
CREATE TABLE camera_raw (
  at INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  up INTEGER,
  latency_ms INTEGER,
  temperature_celsius INTEGER,
  signal_dbm INTEGER,
  fps INTEGER,
  viewers INTEGER,
  motion INTEGER,
  motion_events INTEGER,
  frames_dropped INTEGER,
  PRIMARY KEY (at, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE hub_raw (
  at INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  host_temperature_celsius INTEGER,
  host_load INTEGER,
  loop_lag_ms INTEGER,
  cpu_percent INTEGER,
  resident_memory_bytes INTEGER,
  disk_free_bytes INTEGER,
  PRIMARY KEY (at, subject)
) STRICT, WITHOUT ROWID;

-- 5 minutes and 1 hour, written every three hours: `span` counts them since 1970. Of each field n values, their sum and, of a
-- gauge, the least and the most. Ordered by subject first: they are read for one subject over a long time.
CREATE TABLE camera_5m (
  subject INTEGER NOT NULL,
  span INTEGER NOT NULL,
  up_n INTEGER, up_sum INTEGER, up_min INTEGER, up_max INTEGER,
  latency_ms_n INTEGER, latency_ms_sum INTEGER, latency_ms_min INTEGER, latency_ms_max INTEGER,
  temperature_celsius_n INTEGER, temperature_celsius_sum INTEGER, temperature_celsius_min INTEGER, temperature_celsius_max INTEGER,
  signal_dbm_n INTEGER, signal_dbm_sum INTEGER, signal_dbm_min INTEGER, signal_dbm_max INTEGER,
  fps_n INTEGER, fps_sum INTEGER, fps_min INTEGER, fps_max INTEGER,
  viewers_n INTEGER, viewers_sum INTEGER, viewers_min INTEGER, viewers_max INTEGER,
  motion_n INTEGER, motion_sum INTEGER, motion_min INTEGER, motion_max INTEGER,
  motion_events_n INTEGER, motion_events_sum INTEGER,
  frames_dropped_n INTEGER, frames_dropped_sum INTEGER,
  PRIMARY KEY (subject, span)
) STRICT, WITHOUT ROWID;

CREATE TABLE hub_5m (
  subject INTEGER NOT NULL,
  span INTEGER NOT NULL,
  host_temperature_celsius_n INTEGER, host_temperature_celsius_sum INTEGER, host_temperature_celsius_min INTEGER, host_temperature_celsius_max INTEGER,
  host_load_n INTEGER, host_load_sum INTEGER, host_load_min INTEGER, host_load_max INTEGER,
  loop_lag_ms_n INTEGER, loop_lag_ms_sum INTEGER, loop_lag_ms_min INTEGER, loop_lag_ms_max INTEGER,
  cpu_percent_n INTEGER, cpu_percent_sum INTEGER, cpu_percent_min INTEGER, cpu_percent_max INTEGER,
  resident_memory_bytes_n INTEGER, resident_memory_bytes_sum INTEGER, resident_memory_bytes_min INTEGER, resident_memory_bytes_max INTEGER,
  disk_free_bytes_n INTEGER, disk_free_bytes_sum INTEGER, disk_free_bytes_min INTEGER, disk_free_bytes_max INTEGER,
  PRIMARY KEY (subject, span)
) STRICT, WITHOUT ROWID;

CREATE TABLE camera_1h (
  subject INTEGER NOT NULL,
  span INTEGER NOT NULL,
  up_n INTEGER, up_sum INTEGER, up_min INTEGER, up_max INTEGER,
  latency_ms_n INTEGER, latency_ms_sum INTEGER, latency_ms_min INTEGER, latency_ms_max INTEGER,
  temperature_celsius_n INTEGER, temperature_celsius_sum INTEGER, temperature_celsius_min INTEGER, temperature_celsius_max INTEGER,
  signal_dbm_n INTEGER, signal_dbm_sum INTEGER, signal_dbm_min INTEGER, signal_dbm_max INTEGER,
  fps_n INTEGER, fps_sum INTEGER, fps_min INTEGER, fps_max INTEGER,
  viewers_n INTEGER, viewers_sum INTEGER, viewers_min INTEGER, viewers_max INTEGER,
  motion_n INTEGER, motion_sum INTEGER, motion_min INTEGER, motion_max INTEGER,
  motion_events_n INTEGER, motion_events_sum INTEGER,
  frames_dropped_n INTEGER, frames_dropped_sum INTEGER,
  PRIMARY KEY (subject, span)
) STRICT, WITHOUT ROWID;

CREATE TABLE hub_1h (
  subject INTEGER NOT NULL,
  span INTEGER NOT NULL,
  host_temperature_celsius_n INTEGER, host_temperature_celsius_sum INTEGER, host_temperature_celsius_min INTEGER, host_temperature_celsius_max INTEGER,
  host_load_n INTEGER, host_load_sum INTEGER, host_load_min INTEGER, host_load_max INTEGER,
  loop_lag_ms_n INTEGER, loop_lag_ms_sum INTEGER, loop_lag_ms_min INTEGER, loop_lag_ms_max INTEGER,
  cpu_percent_n INTEGER, cpu_percent_sum INTEGER, cpu_percent_min INTEGER, cpu_percent_max INTEGER,
  resident_memory_bytes_n INTEGER, resident_memory_bytes_sum INTEGER, resident_memory_bytes_min INTEGER, resident_memory_bytes_max INTEGER,
  disk_free_bytes_n INTEGER, disk_free_bytes_sum INTEGER, disk_free_bytes_min INTEGER, disk_free_bytes_max INTEGER,
  PRIMARY KEY (subject, span)
) STRICT, WITHOUT ROWID;
