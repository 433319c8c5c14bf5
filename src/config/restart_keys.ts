// Which options of the configuration take effect only after a restart.
import type { Config } from "./schema.ts";

/** Options whose change takes effect only after a restart. */
export function restartKeys(before: Config, after: Config): string[] {
  const fixed = (config: Config) => {
    // Names are looked up with every request.
    const { hostnames: _, ...server } = config.server;
    return Object.entries({
      ...server,
      data_dir: config.data_dir,
      "recordings.path": config.recordings.path,
      ...config.auth,
      ...config.log,
      allow: config.network.allow.join(),
      mqtt: JSON.stringify(config.mqtt),
    });
  };
  const old = new Map(fixed(before));
  return fixed(after).filter(([key, value]) => old.get(key) !== value).map(([key]) => key);
}
