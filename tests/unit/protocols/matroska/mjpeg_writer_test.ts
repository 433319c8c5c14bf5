// JPEGs with times, read back by ffprobe and ffmpeg.
import { assertEquals } from "@std/assert";
import { keepJpegArgs, recordJpegArgs } from "../../../../src/process/record_args.ts";
import { matroskaFrame, matroskaHead } from "../../../../src/protocols/matroska/mjpeg_writer.ts";

const TIMES = [0, 40, 41, 3500, 3_600_000];

async function run(
  program: string,
  args: string[],
  input?: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const child = new Deno.Command(program, { args, stdin: "piped", stdout: "piped", stderr: "piped" }).spawn();
  const writer = child.stdin.getWriter();
  if (input) await writer.write(input);
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return stdout;
}

async function stream(): Promise<Uint8Array<ArrayBuffer>> {
  const source = ["-f", "lavfi", "-i", "testsrc2=size=66x50", "-frames:v", "1", "-f", "mjpeg", "pipe:1"];
  const jpeg = await run("ffmpeg", ["-loglevel", "error", ...source]);
  const parts = [matroskaHead({ width: 66, height: 50 }), ...TIMES.map((at) => matroskaFrame(jpeg, at))];
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

async function probed(path: string): Promise<{ codec: string; size: string; times: number[] }> {
  const entries = "stream=codec_name,width,height:packet=pts_time";
  const text = await run("ffprobe", ["-v", "error", "-show_entries", entries, "-of", "json", path]);
  const { streams: [video], packets } = JSON.parse(new TextDecoder().decode(text));
  return {
    codec: video.codec_name,
    size: `${video.width}x${video.height}`,
    times: packets.map(({ pts_time }: { pts_time: string }) => Math.round(Number(pts_time) * 1000)),
  };
}

Deno.test("[REC-CLOCK] JPEGs as Matroska: pictures and times are read as they were written, kept and encoded alike", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const input = await stream();
    await Deno.writeFile(`${folder}/a.mkv`, input);
    assertEquals(await probed(`${folder}/a.mkv`), { codec: "mjpeg", size: "66x50", times: TIMES });
    await run("ffmpeg", keepJpegArgs({ maxS: 1 }, `${folder}/kept.mp4`), input);
    assertEquals(await probed(`${folder}/kept.mp4`), { codec: "mjpeg", size: "66x50", times: TIMES });
    await run("ffmpeg", recordJpegArgs({ maxS: 1, encoder: "libx264" }, `${folder}/encoded.mp4`), input);
    const encoded = await probed(`${folder}/encoded.mp4`);
    // The encoder puts pictures behind one another that need one another: all of them begin a little later.
    const shown = encoded.times.toSorted((a, b) => a - b);
    assertEquals({ ...encoded, times: shown.map((at) => at - shown[0]!) }, {
      codec: "h264",
      size: "66x50",
      times: TIMES,
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
