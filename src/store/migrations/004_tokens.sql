-- Programs that may ask the hub. Only the SHA-256 of a token is kept. Times are milliseconds since 1970; `used_at`
-- is null before the first use and written seldom, `expires_at` null for a token without an end.
CREATE TABLE tokens (
  name TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  created_at INTEGER NOT NULL,
  used_at INTEGER,
  expires_at INTEGER
) STRICT, WITHOUT ROWID;
