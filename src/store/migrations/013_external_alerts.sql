-- Alerts that others have reported and that go on: Grafana, Alertmanager. Times are milliseconds since 1970.
CREATE TABLE external_alerts (
  source TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  camera TEXT,
  name TEXT NOT NULL,
  severity TEXT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  -- JSON object.
  labels TEXT NOT NULL,
  -- By its reporter's clock.
  starts_at INTEGER NOT NULL,
  -- When it was reported last, by the hub's clock.
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (source, fingerprint)
) STRICT, WITHOUT ROWID;

-- Which of the alerts from outside an alert is about: they share rule and camera. Null for all others.
ALTER TABLE alerts ADD COLUMN subject TEXT;
