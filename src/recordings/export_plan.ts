// Which pieces of which files make up an export, and why they could not be put together.
import { HubError } from "../base/errors.ts";
import { isoTime } from "../base/clock.ts";
import type { FilePiece } from "../process/footage_args.ts";
import { decoderSetup } from "../protocols/fmp4/decoder_setup.ts";
import { scanFmp4File } from "../protocols/fmp4/file_scan.ts";
import type { StoredGap, StoredRecording } from "../store/recordings_table.ts";
import { readAt, type RecordingFiles } from "./files.ts";

/** What is to be put together. */
export interface ExportPlan {
  pieces: FilePiece[];
  isH265: boolean;
  /** How long the file will be, about: it begins with a key frame, up to a few seconds earlier. */
  coveredMs: number;
  /** How large it will be, about. */
  sizeBytes: number;
  /** Time between from and to of which there is no picture. */
  gaps: Omit<StoredGap, "reason">[];
}

/** Shorter pauses between files are no gaps. */
const LEAST_GAP_MS = 2000;

/**
 * Plans an export of files in the order of their beginnings.
 * @throws HubError `not_found` where there is nothing; `conflict` where the picture or sound changes in between.
 */
export async function planExport(
  recordings: readonly StoredRecording[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
  files: Pick<RecordingFiles, "locate" | "open">,
): Promise<ExportPlan> {
  const plan: ExportPlan = { pieces: [], isH265: false, coveredMs: 0, sizeBytes: 0, gaps: [] };
  let reachedMs = fromMs;
  let setup: string | undefined;
  for (const recording of recordings) {
    const path = await files.locate(recording.path);
    // Where files overlap, the later one goes on where the earlier ends.
    const piece = pieceOf(recording, Math.max(fromMs, reachedMs), toMs);
    if (path === undefined || piece === undefined) continue;
    const own = await setupOf(recording, files);
    if (setup !== undefined && own !== setup) throw changes(recording);
    setup = own;
    noteGap(plan, reachedMs, recording.startedAtMs);
    plan.pieces.push({ path, fromMs: piece.fromMs, toMs: piece.toMs });
    plan.coveredMs += piece.lengthMs;
    plan.sizeBytes += recording.sizeBytes * piece.lengthMs / recording.durationMs;
    plan.isH265 = recording.codec === "h265";
    reachedMs = Math.max(reachedMs, recording.endedAtMs);
  }
  if (plan.pieces.length === 0) throw nothing(fromMs, toMs);
  noteGap(plan, reachedMs, toMs);
  return plan;
}

function noteGap({ gaps }: ExportPlan, fromMs: number, toMs: number): void {
  if (toMs - fromMs > LEAST_GAP_MS) gaps.push({ fromMs, toMs });
}

interface Piece extends Omit<FilePiece, "path"> {
  lengthMs: number;
}

/** What of a file lies in that time, in its own time; undefined for nothing. */
function pieceOf(
  { startedAtMs, durationMs }: StoredRecording,
  fromMs: number,
  toMs: number,
): Piece | undefined {
  const [begin, end] = [Math.max(0, fromMs - startedAtMs), Math.min(durationMs, toMs - startedAtMs)];
  if (end <= begin) return undefined;
  return {
    fromMs: begin > 0 ? begin : undefined,
    toMs: end < durationMs ? end : undefined,
    lengthMs: end - begin,
  };
}

/** What a decoder is told at the file's beginning. */
async function setupOf({ id, path }: StoredRecording, files: Pick<RecordingFiles, "open">): Promise<string> {
  using file = await files.open(path);
  if (!file) throw new HubError("not_found", `The file of recording "${id}" is gone from the disk`);
  const { size } = await file.stat();
  // The beginning is enough, and never longer.
  const { init } = await scanFmp4File((at, length) => readAt(file, at, length), Math.min(size, HEAD_BYTES));
  if (!init) throw new HubError("internal", `Recording "${id}" cannot be read`);
  return decoderSetup(init.bytes).join("\n");
}

const HEAD_BYTES = 64 * 1024;

function changes({ camera, startedAtMs }: StoredRecording): HubError {
  const at = isoTime(startedAtMs);
  return new HubError(
    "conflict",
    `Picture or sound of "${camera}" changes at ${at}: one file cannot hold both`,
    {
      hint: `Export the time up to ${at} and the time from then on by themselves`,
      details: { changes_at: at },
    },
  );
}

function nothing(fromMs: number, toMs: number): HubError {
  return new HubError("not_found", `Nothing was recorded from ${isoTime(fromMs)} to ${isoTime(toMs)}`, {
    hint:
      "Choose a time in which something was recorded (get_timeline tells it); what is being recorded can be exported once its file is closed",
  });
}
