-- Browsers that are told of alerts by Web Push (RFC 8030). `p256dh` and `auth` are the browser's keys (RFC 8291).
CREATE TABLE push_subscriptions (
  id TEXT PRIMARY KEY,
  user TEXT NOT NULL,
  endpoint TEXT NOT NULL UNIQUE,
  p256dh TEXT NOT NULL,
  auth TEXT NOT NULL,
  device TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT, WITHOUT ROWID;

-- Who is no user any more is told nothing any more.
CREATE TRIGGER push_subscriptions_of_users AFTER DELETE ON users BEGIN
  DELETE FROM push_subscriptions WHERE user = OLD.name;
END;

-- The one pair of keys by which push services know this hub (VAPID, RFC 8292), in base64url.
CREATE TABLE push_keys (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  public_key TEXT NOT NULL,
  private_key TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
