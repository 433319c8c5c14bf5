-- Countdowns with a name. Times are milliseconds since 1970 by the hub's clock. One that is over stays until somebody
-- has seen it.
CREATE TABLE timers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  zone TEXT,
  camera TEXT,
  set_at INTEGER NOT NULL,
  -- How long it was set for.
  duration_ms INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  -- 1: it ends when the clock shows that time; 0: when so much time has gone by.
  by_clock INTEGER NOT NULL,
  -- When the hub told that it was over; null while it runs.
  ended_at INTEGER
) STRICT;
