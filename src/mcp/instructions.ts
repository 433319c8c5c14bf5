// What a model is told of the hub before anything else.

/** Sent to every client when it connects. */
export const INSTRUCTIONS = [
  "This is a camera hub: it owns the cameras of a house and lets you look through them, turn them, record and",
  "read what they noticed.",
  "Begin with list_cameras. A camera is always named by its camera_id; with only one camera it may be left out.",
  "capture_image shows you what a camera sees; list_events tells what happened. Pan, tilt and zoom go from -1 to",
  "1: + is right, up, closer. Times are ISO 8601 in UTC by the hub's clock.",
  "Every answer says what is now; after a change, verified says how that is known (readback: read from the device;",
  "acknowledged: the device said yes; unverified: nobody knows). Never report more than that. What is unknown is",
  "absent: do not guess it.",
  "dry_run: true tells what a change would do. What disturbs people or cannot be undone needs confirm: true: ask",
  "the user first, every time. An error says in recovery_options what to do. Do not repeat logins or passwords",
  "that a camera refused: it locks the account.",
  "Privacy mode covers a camera's lens. Do not end it unless the user asks for that.",
].join("\n");
