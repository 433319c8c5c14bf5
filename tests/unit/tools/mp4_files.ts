// Small files of fragmented MP4, as ffmpeg writes recordings.

/** What is in a file beside its pictures. */
export interface Mp4Kind {
  sound?: boolean;
  /** So much later than the pictures the sound begins. */
  delayS?: number;
  /** How many pictures in a row may need one that comes after them. */
  bFrames?: number;
}

/** So many seconds of a small picture, with sound if that is wanted; made once for each kind. */
export async function mp4File(
  seconds: number,
  { sound = false, delayS = 0, bFrames = 0 }: Mp4Kind = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const path = await Deno.makeTempFile({ suffix: ".mp4" });
  const delay = ["-itsoffset", String(delayS)];
  const tone = sound ? [...delay, "-f", "lavfi", "-i", "sine=r=8000", "-c:a", "aac", "-b:a", "32k"] : [];
  const { success, stderr } = await new Deno.Command("ffmpeg", {
    args: [
      ...["-loglevel", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=160x96:rate=10", ...tone],
      ...["-t", String(seconds), "-c:v", "libx264", "-preset", "ultrafast", "-g", "20"],
      ...["-bf", String(bFrames), "-f", "mp4"],
      ...["-movflags", "empty_moov+default_base_moof+frag_keyframe+delay_moov"],
      ...["-frag_duration", "1000000", path],
    ],
    stdin: "null",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const bytes = await Deno.readFile(path);
  await Deno.remove(path);
  return bytes;
}

/** Where each box at the top of a file begins, with its type. */
export function topBoxes(bytes: Uint8Array): { type: string; at: number; size: number }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const size = view.getUint32(at);
    found.push({ type: String.fromCharCode(...bytes.subarray(at + 4, at + 8)), at, size });
    at += size;
  }
  return found;
}
