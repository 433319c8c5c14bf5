// The option that names a camera's address, the same for all drivers.
import { z } from "zod";

/** An IP address or a name, and nothing else: user and password have options of their own. */
export const hostOption = z.string().trim().max(253).regex(
  /^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9._:-]*[a-z0-9])?|[0-9a-f:]*:[0-9a-f:.]*)$/i,
  "Expected an IP address or a name, without user, password, port or path",
).meta({ title: "Address", description: "IP address or name of the camera" });
