// What a JPEG or a video shows in a part of its picture.

/** A part of a picture, in fractions of it. */
export interface Region {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Brightness there, 0 to 255, and how much neighbours in a row differ: text and edges have much, a blur has little. */
export interface Look {
  mean: number;
  detail: number;
}

const COLUMNS = 320;
const ROWS = 180;

/** Looks at parts of a picture, or of the first one of a video. */
export async function looksAt(bytes: Uint8Array, regions: readonly Region[]): Promise<Look[]> {
  const scale = `scale=${COLUMNS}:${ROWS}:flags=area`;
  const args = ["-loglevel", "error", "-i", "pipe:0", "-frames:v", "1", "-vf", scale];
  const pixels = await run([...args, "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"], bytes);
  return regions.map((region) => lookOf(pixels, region));
}

function lookOf(pixels: Uint8Array, { left, top, right, bottom }: Region): Look {
  let [sum, difference, count] = [0, 0, 0];
  for (let y = Math.round(top * ROWS); y < bottom * ROWS; y++) {
    for (let x = Math.round(left * COLUMNS); x < right * COLUMNS; x++) {
      const at = y * COLUMNS + x;
      sum += pixels[at] ?? 0;
      difference += Math.abs((pixels[at + 1] ?? 0) - (pixels[at] ?? 0));
      count++;
    }
  }
  return { mean: sum / count, detail: difference / count };
}

async function run(args: string[], input: Uint8Array): Promise<Uint8Array> {
  const child = new Deno.Command("ffmpeg", { args, stdin: "piped", stdout: "piped", stderr: "piped" })
    .spawn();
  const writer = child.stdin.getWriter();
  const feeding = writer.write(input).then(() => writer.close()).catch(() => {/* it has seen enough */});
  const { stdout, stderr } = await child.output();
  await feeding;
  if (stdout.length === 0) throw new Error(`No picture: ${new TextDecoder().decode(stderr)}`);
  return stdout;
}
