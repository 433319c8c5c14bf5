// Tapo cameras and hubs: found on the network, tried with both accounts, opened with what they say they can do.
import type { Driver } from "../../devices/driver.ts";
import { checkTapo } from "./check.ts";
import { discoverTapo } from "./discover.ts";
import { openTapo } from "./open.ts";
import { TAPO_SECRETS, tapoOptions } from "./options.ts";

/** The driver of type `tapo`. */
export const tapoDriver: Driver = {
  id: "tapo",
  title: "Tapo camera",
  summary: "Tapo cameras and doorbells of TP-Link: picture, moving, privacy, settings, events",
  options: tapoOptions,
  secrets: TAPO_SECRETS,
  identify: (options) => {
    const { host, port, lens, child_id } = options;
    return Promise.resolve(
      `${String(host).toLowerCase()}:${port ?? 443} ${lens ?? "main"} ${child_id ?? ""}`.trim(),
    );
  },
  addressOf: (options) => String(options.host).toLowerCase(),
  discover: discoverTapo,
  check: (raw, context, signal) => checkTapo(tapoOptions.parse(raw), context, signal),
  open: (raw, context, signal) => openTapo(tapoOptions.parse(raw), context, signal),
};
