-- What made a recording, whether something happened meanwhile, and whether it is kept from being deleted.
ALTER TABLE recordings ADD COLUMN cause TEXT NOT NULL DEFAULT 'manual';
ALTER TABLE recordings ADD COLUMN has_event INTEGER NOT NULL DEFAULT 0;
ALTER TABLE recordings ADD COLUMN locked INTEGER NOT NULL DEFAULT 0;
-- Files that are in no list any more and still have to go: put here in the transaction that takes their row away.
CREATE TABLE recording_garbage (
  path TEXT PRIMARY KEY,
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- The folders in which the hub has recorded, by the mark that lies in each: an empty folder where a disk should be
-- mounted has none.
CREATE TABLE recording_folders (
  path TEXT PRIMARY KEY,
  mark TEXT NOT NULL
) STRICT, WITHOUT ROWID;
