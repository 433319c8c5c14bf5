// Takes a disk away that a test has mounted.
import { until } from "../unit/tools/processes.ts";

/** A file that was just closed, or an ffmpeg that was just killed, may keep it busy for a moment. */
export async function unmount(folder: string): Promise<void> {
  let why = "";
  const isGone = async () => {
    const { success, stderr } = await new Deno.Command("umount", { args: [folder] }).output();
    why = new TextDecoder().decode(stderr);
    return success;
  };
  await until(isGone, "a disk to be free").catch((error) => {
    throw new Error(`${error.message}: ${why}`);
  });
}
