// Opens the database in the data folder, or, when that cannot be written, one in memory, and says so.
import { explainFileError, HubError } from "../base/errors.ts";
import { makeDataFolder } from "./data_folder.ts";
import { Database } from "./database.ts";
import { openRecovering, type Recovery } from "./recovery.ts";

/** An open store. */
export interface Store {
  database: Database;
  dataDir: string;
  /** Why nothing outlives this run; undefined when all is well. */
  volatileBecause: HubError | undefined;
  /** What was done about a damaged file; undefined when it was whole. */
  recovery?: Recovery | undefined;
}

/**
 * Opens `hub.sqlite` in the folder, which is made if need be (readable for its owner only). On a full or
 * read-only disk the hub must still show its cameras: it then keeps users and added cameras in memory.
 * @param nowMs given by who holds the folder alone: a damaged file is then kept aside, and its last backup, or a new
 * file, takes its place.
 * @throws HubError for a damaged database where `nowMs` is not given; `invalid_input` where no folder can be.
 */
export async function openStore(dataDir: string, worker?: URL, nowMs?: number): Promise<Store> {
  const path = `${dataDir}/hub.sqlite`;
  try {
    await makeDataFolder(dataDir);
    const { database, recovery } = nowMs === undefined
      ? { database: await Database.open(path, worker), recovery: undefined }
      : await openRecovering({ path, schema: "hub", worker }, nowMs);
    return { database, dataDir, volatileBecause: undefined, recovery };
  } catch (error) {
    const explained = explainFileError(error, dataDir);
    const isBearable = explained instanceof HubError &&
      ["storage_full", "forbidden"].includes(explained.kind);
    if (!isBearable) throw explained;
    const database = await Database.open(":memory:", worker);
    return { database, dataDir, volatileBecause: explained, recovery: undefined };
  }
}
