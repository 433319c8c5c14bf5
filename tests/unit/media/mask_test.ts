// Which parts of a picture a mask covers, and what ffmpeg makes of it.
import { assert, assertEquals } from "@std/assert";
import type { Zone } from "../../../src/config/camera_rules.ts";
import { maskOf } from "../../../src/media/mask.ts";
import { maskSpec } from "../../../src/media/masked.ts";
import { maskPictureArgs } from "../../../src/process/mask_args.ts";
import { ffmpeg } from "../tools/jpegs.ts";

type Corner = [x: number, y: number];

const zone = (...corners: Corner[]): Zone => ({ points: corners.map(([x, y]) => ({ x, y })) });
const rectangle = (left: number, top: number, right: number, bottom: number): Zone =>
  zone([left, top], [right, top], [right, bottom], [left, bottom]);

/** The mask as text, a character a block. */
function drawn(zones: Zone[], size: { width: number; height: number }): string[] {
  const { width, pixels } = maskOf(zones, size);
  const text = [...pixels].map((value) => value === 0 ? "." : value === 255 ? "#" : "?").join("");
  return text.match(new RegExp(`.{${width}}`, "g")) ?? [];
}

Deno.test("[PRIVACY-MASK] a rectangle covers its blocks and one more on every side", () => {
  assertEquals(drawn([rectangle(0.4, 0.4, 0.6, 0.6)], { width: 40, height: 40 }), [
    "..........",
    "..........",
    "..........",
    "...#####..",
    "...#####..",
    "...#####..",
    "...#####..",
    "...#####..",
    "..........",
    "..........",
  ]);
});

Deno.test("[PRIVACY-MASK] no zone covers nothing, the whole picture is covered to its last column and row", () => {
  assert(maskOf([], { width: 641, height: 361 }).pixels.every((value) => value === 0));
  const whole = maskOf([rectangle(0, 0, 1, 1)], { width: 641, height: 361 });
  assertEquals([whole.width, whole.height], [161, 91]);
  assert(whole.pixels.every((value) => value === 255));
});

/** Whether a point lies in a polygon, by the angles under which its edges are seen: another way than the mask's. */
function isInside({ points }: Zone, x: number, y: number): boolean {
  let angle = 0;
  points.forEach((from, i) => {
    const to = points[(i + 1) % points.length]!;
    const turn = Math.atan2(to.y - y, to.x - x) - Math.atan2(from.y - y, from.x - x);
    angle += turn > Math.PI ? turn - 2 * Math.PI : turn < -Math.PI ? turn + 2 * Math.PI : turn;
  });
  return Math.abs(angle) > 1;
}

/** Numbers that look random, the same in each run. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed;;) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state / 2_147_483_648;
  }
}

Deno.test("[PRIVACY-MASK] every pixel inside of any polygon is covered, crossed outlines and thin ones included", () => {
  const next = numbers(7);
  const random = () => next.next().value as number;
  for (let round = 0; round < 150; round++) {
    const size = { width: 16 + Math.floor(random() * 180), height: 16 + Math.floor(random() * 120) };
    const flat = round % 3 === 0 ? 0.01 : 1;
    const corners = Array.from(
      { length: 3 + Math.floor(random() * 6) },
      (): Corner => [random(), random() * flat],
    );
    const shape = zone(...corners);
    const { width, pixels } = maskOf([shape], size);
    for (let y = 0; y < size.height; y++) {
      for (let x = 0; x < size.width; x++) {
        if (!isInside(shape, (x + 0.5) / size.width, (y + 0.5) / size.height)) continue;
        const at = Math.floor(y / 4) * width + Math.floor(x / 4);
        assertEquals(
          pixels[at],
          255,
          `round ${round}, pixel ${x},${y} of ${JSON.stringify({ size, corners })}`,
        );
      }
    }
  }
});

const SIZES = [[640, 360], [641, 361], [98, 66], [1920, 1080]] as const;
const FORMATS = ["yuvj420p", "yuvj422p", "yuvj444p"] as const;

/** The pixels of a drawn picture whose middle is covered. */
async function masked(
  style: "black" | "blur",
  source: string,
  { width, height, format }: { width: number; height: number; format: string },
  filters = "",
): Promise<Uint8Array> {
  const draw = ["-f", "lavfi", "-i", `${source}=size=${width}x${height}:rate=1${filters}`, "-frames:v", "1"];
  const jpeg = await ffmpeg([
    ...draw,
    "-c:v",
    "mjpeg",
    "-q:v",
    "2",
    "-pix_fmt",
    format,
    "-f",
    "mjpeg",
    "pipe:1",
  ]);
  const spec = maskSpec({ zones: [rectangle(0.25, 0.25, 0.75, 0.75)], style }, { width, height });
  const covered = await ffmpeg(maskPictureArgs(spec, 90), jpeg);
  return await ffmpeg(
    ["-f", "mjpeg", "-i", "pipe:0", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"],
    covered,
  );
}

for (const [width, height] of SIZES) {
  for (const format of FORMATS) {
    Deno.test(`[PRIVACY-MASK] black in ${width}x${height} ${format}: no colour and no brightness is left inside`, async () => {
      const pixels = await masked("black", "testsrc2", { width, height, format });
      const [columns, rows] = [width - width % 2, height - height % 2];
      assertEquals(pixels.length, columns * rows * 3);
      let outside = 0;
      for (let y = 0; y < rows; y++) {
        for (let x = 0; x < columns; x++) {
          const at = (y * columns + x) * 3;
          const most = Math.max(pixels[at] ?? 255, pixels[at + 1] ?? 255, pixels[at + 2] ?? 255);
          const isInside = x >= columns / 4 && x < columns * 3 / 4 && y >= rows / 4 && y < rows * 3 / 4;
          if (isInside) assert(most < 32, `pixel ${x},${y} is ${most}`);
          else if (most > 128) outside++;
        }
      }
      assert(outside > width * height * 0.3, "what is not covered is as it was");
    });
  }
}

Deno.test("[PRIVACY-MASK] two pictures that differ only in small things inside are the same once blurred", async () => {
  // Fine stripes, and the same moved by half a period: whoever could undo the blur could tell them apart.
  const [one, two] = await Promise.all([0, 4].map((shift) => {
    const stripes = `geq=lum='if(lt(mod(X+${shift},8),4),220,40)':cb=128:cr=128`;
    const size = { width: 640, height: 360, format: "yuvj420p" };
    return masked("blur", "nullsrc", size, `,${stripes}`);
  }));
  let most = 0;
  for (let y = 100; y < 260; y++) {
    for (let x = 170; x < 470; x++) {
      const at = (y * 640 + x) * 3;
      most = Math.max(most, Math.abs((one?.[at] ?? 0) - (two?.[at] ?? 255)));
    }
  }
  assert(most <= 6, `the blurred zones differ by up to ${most}`);
});

Deno.test("[PRIVACY-CLOSED] a mask that ffmpeg cannot read lets no picture through", async () => {
  const jpeg = await ffmpeg([
    ...["-f", "lavfi", "-i", "testsrc2=size=96x64:rate=1", "-frames:v", "1"],
    ...["-c:v", "mjpeg", "-f", "mjpeg", "pipe:1"],
  ]);
  const spec = maskSpec({ zones: [rectangle(0, 0, 1, 1)], style: "black" }, { width: 96, height: 64 });
  for (const png of [spec.png.subarray(0, 40), spec.png.with(50, 1), new Uint8Array(), new Uint8Array(100)]) {
    const made = await ffmpeg(maskPictureArgs({ ...spec, png }, 75), jpeg).catch(() => new Uint8Array());
    const isBlack = made.length === 0 ||
      (await ffmpeg(["-f", "mjpeg", "-i", "pipe:0", "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"], made))
        .every((value) => value < 32);
    assert(isBlack, "a picture came out that is not covered");
  }
});
