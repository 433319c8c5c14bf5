-- What was asked to be changed, by whom, and what came of it: see operations/audit_log.ts. `input` is JSON with its
-- secrets blanked; `outcome` is 'done' or the kind of error. AUTOINCREMENT: a number never comes back.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  time INTEGER NOT NULL,
  user TEXT NOT NULL,
  role TEXT NOT NULL,
  operation TEXT NOT NULL,
  camera TEXT,
  input TEXT NOT NULL,
  outcome TEXT NOT NULL,
  message TEXT,
  verified TEXT
) STRICT;
CREATE INDEX audit_by_camera ON audit (camera, id);
