// Opens the database in the data folder, or, when that cannot be written, one in memory, and says so.
import { explainFileError, HubError } from "../base/errors.ts";
import { makeDataFolder } from "./data_folder.ts";
import { Database } from "./database.ts";

/** An open store. */
export interface Store {
  database: Database;
  dataDir: string;
  /** Why nothing outlives this run; undefined when all is well. */
  volatileBecause: HubError | undefined;
}

/**
 * Opens `hub.sqlite` in the folder, which is made if need be (readable for its owner only). On a full or
 * read-only disk the hub must still show its cameras: it then keeps users and added cameras in memory.
 * @throws HubError for a damaged database: starting empty over it could hide what it holds; `invalid_input` where no
 * folder can be.
 */
export async function openStore(dataDir: string, worker?: URL): Promise<Store> {
  try {
    await makeDataFolder(dataDir);
    return {
      database: await Database.open(`${dataDir}/hub.sqlite`, worker),
      dataDir,
      volatileBecause: undefined,
    };
  } catch (error) {
    const explained = explainFileError(error, dataDir);
    const isBearable = explained instanceof HubError &&
      ["storage_full", "forbidden"].includes(explained.kind);
    if (!isBearable) throw explained;
    return { database: await Database.open(":memory:", worker), dataDir, volatileBecause: explained };
  }
}
