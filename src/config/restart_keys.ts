// Which options of the configuration take effect only after a restart.
import type { Config } from "./schema.ts";

/** Options whose change takes effect only after a restart, as they stand in the file; `mqtt` as a whole. */
export function restartKeys(before: Config, after: Config): string[] {
  const old = new Map(fixedOptions(before));
  return fixedOptions(after).filter(([key, value]) => old.get(key) !== value).map(([key]) => key);
}

function fixedOptions(config: Config): [key: string, value: unknown][] {
  // Names are looked up with every request.
  const { hostnames: _, ...server } = config.server;
  const of = (section: string, options: object): [string, unknown][] =>
    Object.entries(options).map(([key, value]) => [`${section}.${key}`, value]);
  return [
    ...of("server", server),
    ["data_dir", config.data_dir],
    ["recordings.path", config.recordings.path],
    ...of("auth", config.auth),
    ...of("log", config.log),
    ["network.allow", config.network.allow.join()],
    // Its password is compared, too, and not shown.
    ["mqtt", JSON.stringify(config.mqtt)],
  ];
}
