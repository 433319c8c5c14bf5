-- What was told of, and how it leaves the hub. Times are milliseconds since 1970. Ids of alerts are given by the
-- hub, so that an alert and its messages can be written together with the event behind them.
CREATE TABLE alerts (
  id INTEGER PRIMARY KEY,
  rule TEXT NOT NULL,
  camera TEXT,
  -- Kind of the event, or the metric.
  kind TEXT NOT NULL,
  severity TEXT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  ended_at INTEGER,
  count INTEGER NOT NULL,
  -- Number of the event behind it; null for a metric.
  event INTEGER,
  value REAL,
  -- Why nobody was told: quiet_hours, snoozed; null: they were.
  muted TEXT,
  -- JSON: the channels that were told.
  channels TEXT NOT NULL,
  -- How many steps of the escalation were taken.
  escalated INTEGER NOT NULL DEFAULT 0,
  acknowledged_at INTEGER,
  acknowledged_by TEXT,
  note TEXT
) STRICT;
CREATE INDEX alerts_by_camera ON alerts (camera, id);
CREATE INDEX alerts_open ON alerts (id) WHERE ended_at IS NULL;
CREATE INDEX alerts_unseen ON alerts (id) WHERE acknowledged_at IS NULL;

-- Messages on their way. `key` is the same for every try; `message` is fixed with the first one.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  alert INTEGER NOT NULL,
  channel TEXT NOT NULL,
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_try_at INTEGER,
  message TEXT,
  error TEXT,
  delivered_at INTEGER,
  dead_at INTEGER
) STRICT;
CREATE INDEX outbox_waiting ON outbox (channel, due_at, id) WHERE delivered_at IS NULL AND dead_at IS NULL;
CREATE INDEX outbox_dead ON outbox (id) WHERE dead_at IS NOT NULL;
CREATE INDEX outbox_by_alert ON outbox (alert);

-- The picture of an alert, for as long as messages of it wait.
CREATE TABLE alert_pictures (
  alert INTEGER PRIMARY KEY,
  jpeg BLOB NOT NULL
) STRICT;

-- Nobody is told of a camera, a rule, or both, until then; null stands for all.
CREATE TABLE alert_snoozes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  camera TEXT,
  rule TEXT,
  until INTEGER NOT NULL
) STRICT;

-- The alarm mode of the house, under the name '', and of cameras with one of their own.
CREATE TABLE alarm_modes (
  camera TEXT PRIMARY KEY,
  mode TEXT NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
