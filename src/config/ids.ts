// Names of cameras, channels and rules.
import { z } from "zod";

/** What an id may look like: it stands in URLs, file names and metrics. */
export const idSchema = z.string().regex(
  /^[a-z0-9][a-z0-9_-]{0,62}$/,
  "Expected small letters, digits, - and _, at most 63, beginning with a letter or digit",
);
