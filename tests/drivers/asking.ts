// A hub that has only what recording and taking pictures need, asked as assistants ask it.
import type { Role } from "../../src/auth/roles.ts";
import { systemClock } from "../../src/base/clock.ts";
import { Logger } from "../../src/base/log.ts";
import { RecentPictures } from "../../src/media/recent_pictures.ts";
import type { Hub } from "../../src/operations/hub.ts";
import { OPERATIONS } from "../../src/operations/index.ts";
import { invoke } from "../../src/operations/invoke.ts";
import type { Progress } from "../../src/operations/operation.ts";
import { SnapshotFiles } from "../../src/recordings/snapshot_files.ts";
import type { Studio } from "./studio.ts";

/** Such a hub; pictures that are kept go into a folder. */
export function hubOf(studio: Studio, dataDir = "/nowhere"): Hub {
  return {
    ...studio,
    clock: systemClock,
    pictures: new RecentPictures(systemClock),
    snapshots: new SnapshotFiles(dataDir, {
      clock: systemClock,
      freeSpace: () => Promise.resolve(undefined),
      log: new Logger(() => {}, "error"),
    }),
    audit: () => {},
    origin: () => "http://pi.local:7777",
  } as unknown as Hub;
}

/** Asks it, as an operator where nothing else is said. `more` is what else the hub has. */
export function asking(studio: Studio, dataDir?: string, more: Partial<Hub> = {}) {
  const hub = { ...hubOf(studio, dataDir), ...more };
  return (
    name: string,
    input: object = {},
    { signal = new AbortController().signal, report = (_: Progress) => {}, role = "operator" as Role } = {},
    // deno-lint-ignore no-explicit-any -- tests look into answers of every shape
  ): Promise<any> =>
    invoke(OPERATIONS.get(name)!, { hub, principal: { user: role, role }, signal, report }, input);
}
