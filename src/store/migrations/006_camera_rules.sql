-- What the hub does with a camera's picture, as set at run time: see devices/rule_book.ts. `value` is JSON.
CREATE TABLE camera_rules (
  camera TEXT NOT NULL,
  subject TEXT NOT NULL,
  value TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (camera, subject)
) STRICT, WITHOUT ROWID;
