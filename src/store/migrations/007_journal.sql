-- A million events: each question has its index, and nobody has to count rows to know how many there are.
CREATE INDEX events_by_camera_and_kind ON events (camera, kind, seq);
CREATE INDEX events_by_start ON events (started_at);
-- Also for what goes on, whose end is NULL.
CREATE INDEX events_by_end ON events (ended_at);
DROP INDEX events_open;
-- Spans of time are looked up by their start; what is longer than an hour is few and found here.
CREATE INDEX events_long ON events (seq) WHERE ended_at - started_at > 3600000;
-- Kept pictures by their id, to find the files that no event names any more.
CREATE INDEX events_by_picture ON events (json_extract(details, '$.snapshot'))
  WHERE json_extract(details, '$.snapshot') IS NOT NULL;

-- `rows` and `bytes` are kept by the triggers below. `bytes` is what a row takes with its share of the indexes, as
-- measured on a million rows: 160 and its texts, of which camera and kind also stand in two indexes.
ALTER TABLE journal ADD COLUMN rows INTEGER NOT NULL DEFAULT 0;
ALTER TABLE journal ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
UPDATE journal SET (rows, bytes) = (
  SELECT count(*), coalesce(sum(160 + 3 * coalesce(length(camera), 0) + 3 * length(kind) + length(source)
    + coalesce(length(details), 0)), 0) FROM events
);
CREATE TRIGGER events_come AFTER INSERT ON events BEGIN
  UPDATE journal SET rows = rows + 1, bytes = bytes + 160 + 3 * coalesce(length(new.camera), 0)
    + 3 * length(new.kind) + length(new.source) + coalesce(length(new.details), 0);
END;
CREATE TRIGGER events_change AFTER UPDATE OF details ON events
WHEN coalesce(length(new.details), 0) <> coalesce(length(old.details), 0) BEGIN
  UPDATE journal SET bytes = bytes + coalesce(length(new.details), 0) - coalesce(length(old.details), 0);
END;
CREATE TRIGGER events_go AFTER DELETE ON events BEGIN
  UPDATE journal SET rows = rows - 1, bytes = bytes - 160 - 3 * coalesce(length(old.camera), 0)
    - 3 * length(old.kind) - length(old.source) - coalesce(length(old.details), 0);
END;
