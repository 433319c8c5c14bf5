// Makes the data folder.
import { HubError } from "../base/errors.ts";

/**
 * Makes the folder if need be, readable for its owner only.
 * @throws HubError `invalid_input` where no folder can be; for want of rights or space what the system throws.
 */
export async function makeDataFolder(dataDir: string): Promise<void> {
  try {
    await Deno.mkdir(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { AlreadyExists, NotADirectory, NotFound } = Deno.errors;
    if (![AlreadyExists, NotADirectory, NotFound].some((kind) => error instanceof kind)) throw error;
    const why = error instanceof NotFound
      ? "the system makes no folders there"
      : "it, or a part of its path, is there and is no folder";
    throw new HubError("invalid_input", `${dataDir} cannot be the data folder: ${why}`, {
      hint: "Choose another with --data, or with data_dir in the configuration file",
      cause: error,
    });
  }
}
