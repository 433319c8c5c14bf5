// Puts the pieces of an export together: one ffmpeg that copies, and tells how far it is.
import { HubError } from "../base/errors.ts";
import { Secret } from "../base/secret.ts";
import { concatList, joinFilesArgs } from "../process/footage_args.ts";
import { explainLaunchFailure, type Launcher, type ProcessExit } from "../process/launcher.ts";
import type { ExportPlan } from "./export_plan.ts";

/** What is told while it runs. */
export interface JobProgress {
  writtenMs: number;
  sizeBytes: number;
}

/**
 * Writes the file, which must not be there yet.
 * @returns False where the signal aborted meanwhile.
 * @throws HubError `storage_full`, `unavailable` without ffmpeg, `internal`.
 */
export async function runExport(
  { plan, path, camera }: { plan: ExportPlan; path: string; camera: string },
  { launcher, onProgress }: { launcher: Launcher; onProgress(progress: JobProgress): void },
  signal: AbortSignal,
): Promise<boolean> {
  const child = launcher.spawn({
    name: `export of ${camera}`,
    program: "ffmpeg",
    args: joinFilesArgs(path, plan),
    input: new Secret(concatList(plan.pieces)),
  });
  const onAbort = () => void child.stop();
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    await readProgress(child.stdout, onProgress);
    const exit = await child.exited;
    if (signal.aborted) return false;
    if (exit.code !== 0) throw explain(exit, path);
    return true;
  } finally {
    signal.removeEventListener("abort", onAbort);
    await child.stop();
  }
}

async function readProgress(
  stdout: ReadableStream<Uint8Array<ArrayBuffer>>,
  tell: (progress: JobProgress) => void,
): Promise<void> {
  const values = new Map<string, string>();
  let rest = "";
  for await (const text of stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const [name = "", value = ""] = line.split("=", 2);
      values.set(name, value.trim());
      if (name !== "progress") continue;
      const [writtenMs, sizeBytes] = [
        Number(values.get("out_time_us")) / 1000,
        Number(values.get("total_size")),
      ];
      // Both are "N/A" before the first packet.
      if (Number.isFinite(writtenMs) && Number.isFinite(sizeBytes)) tell({ writtenMs, sizeBytes });
    }
  }
}

function explain(exit: ProcessExit, path: string): HubError {
  const failure = explainLaunchFailure("ffmpeg", exit);
  if (failure) return failure;
  const details = { stderr: exit.stderr };
  if (exit.stderr.some((line) => /No space left|Disk quota/.test(line))) {
    return new HubError("storage_full", `No space is left for ${path}`, {
      hint: "Free some space on that disk, or export less at a time",
      details,
    });
  }
  return new HubError("internal", "The recordings could not be put together", { details });
}
