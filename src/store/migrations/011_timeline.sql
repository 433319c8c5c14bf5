-- What the timeline reads: see store/timeline_table.ts. The files and the events of a camera by time; and how many events
-- of each kind began in each quarter of an hour (counted since 1970), kept by the journal's own writes, so that a day or
-- a month is not counted anew each time somebody looks at it. An event's camera, kind and beginning never change.
CREATE INDEX recordings_of_camera ON recordings (camera, started_at, ended_at, ended_because);
CREATE INDEX recordings_with_gaps ON recordings (camera, started_at) WHERE gaps IS NOT NULL;
CREATE INDEX events_by_camera_time ON events (camera, started_at, kind);
CREATE TABLE event_quarters (
  camera TEXT NOT NULL,
  quarter INTEGER NOT NULL,
  kind TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (camera, quarter, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO event_quarters (camera, quarter, kind, count)
  SELECT camera, started_at / 900000, kind, count(*) FROM events WHERE camera IS NOT NULL GROUP BY 1, 2, 3;
CREATE TRIGGER event_quarters_added AFTER INSERT ON events WHEN new.camera IS NOT NULL BEGIN
  INSERT INTO event_quarters (camera, quarter, kind, count)
    VALUES (new.camera, new.started_at / 900000, new.kind, 1)
    ON CONFLICT (camera, quarter, kind) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER event_quarters_removed AFTER DELETE ON events WHEN old.camera IS NOT NULL BEGIN
  UPDATE event_quarters SET count = count - 1
    WHERE camera = old.camera AND quarter = old.started_at / 900000 AND kind = old.kind;
  DELETE FROM event_quarters
    WHERE camera = old.camera AND quarter = old.started_at / 900000 AND kind = old.kind AND count <= 0;
END;
