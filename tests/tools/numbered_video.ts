// Recordings whose pictures carry their own number, so that a test can tell which one it sees.
import type { Locator } from "playwright-core";

export const RATE = 25;
const BITS = 16;
const SIZE = { width: 320, height: 180, strip: 20 };

/**
 * Writes a recording as the hub does: fragments of a second, a key frame every four. Picture N has the bits of N as black
 * and white fields along its upper edge.
 */
export async function writeNumberedMp4(
  path: string,
  { seconds, bitrate = "200k" }: { seconds: number; bitrate?: string },
): Promise<void> {
  const { width, height, strip } = SIZE;
  const bits = `geq=lum='235*mod(floor(N/pow(2,floor(X*${BITS}/W))),2)+16':cb=128:cr=128`;
  const graph = `testsrc2=s=${width}x${height}:r=${RATE},format=yuv420p[a];` +
    `color=s=${width}x${strip}:r=${RATE},format=yuv420p,${bits}[b];[a][b]overlay=0:0:format=yuv420`;
  const { success, stderr } = await new Deno.Command("ffmpeg", {
    args: [
      ...["-loglevel", "error", "-y", "-filter_complex", graph, "-f", "lavfi", "-i", "sine=r=16000"],
      ...["-t", String(seconds), "-c:v", "libx264", "-preset", "ultrafast", "-g", String(RATE * 4)],
      ...["-b:v", bitrate, "-minrate", bitrate, "-maxrate", bitrate, "-bufsize", bitrate],
      ...["-x264-params", "nal-hrd=cbr", "-c:a", "aac", "-b:a", "48k", "-f", "mp4"],
      ...["-movflags", "empty_moov+default_base_moof+frag_keyframe+delay_moov"],
      ...["-frag_duration", "1000000", `file:${path}`],
    ],
    stdin: "null",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** Shows a moment in a video of the page; returns the number of the picture that is then seen. */
export async function numberAt(video: Locator, seconds: number): Promise<number> {
  return await video.evaluate(async (element, { at, bits, strip, height }) => {
    const player = element as HTMLVideoElement;
    await new Promise<void>((resolve, reject) => {
      player.onseeked = () => resolve();
      player.onerror = () => reject(new Error(player.error?.message));
      player.currentTime = at;
    });
    for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [player.videoWidth, player.videoHeight];
    const context = canvas.getContext("2d")!;
    context.drawImage(player, 0, 0);
    const row = context.getImageData(0, Math.round(strip / 2 * canvas.height / height), canvas.width, 1).data;
    let number = 0;
    for (let bit = 0; bit < bits; bit++) {
      const x = Math.floor((bit + 0.5) * canvas.width / bits);
      if (row[x * 4]! > 127) number += 2 ** bit;
    }
    return number;
  }, { at: seconds, bits: BITS, strip: SIZE.strip, height: SIZE.height });
}
