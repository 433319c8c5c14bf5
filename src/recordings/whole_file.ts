// Writes a file that is there as a whole or not at all, and stays through a power cut.
import { syncFolder } from "./files.ts";

/** Writes it beside its place, brings it to the disk and gives it its name. The folder must be there. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await writeSynced(`${path}.part`, bytes);
  await Deno.rename(`${path}.part`, path);
  await syncFolder(path.slice(0, path.lastIndexOf("/")));
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  await file.sync();
}
