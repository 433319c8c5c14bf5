// Clips with known motion, drawn by ffmpeg, as the small grey pictures that the hub's detector looks at.
import { grayFromJpegArgs } from "../../src/process/motion_args.ts";
import { PIXELS } from "../../src/motion/picture.ts";
import { ffmpeg } from "../unit/tools/jpegs.ts";

/** Pictures a second. */
export const FPS = 5;
/** Every clip begins with so many seconds in which the detector can learn the scene. */
export const LEAD_S = 8;

/** One clip. Times are seconds from its beginning; in `motion` something moves that should be told. */
export interface Clip {
  name: string;
  /** What a user sees. */
  what: string;
  seconds: number;
  /** From, to; empty: nothing must be told. */
  motion: readonly [number, number][];
  /** A filter graph of ffmpeg with one output; 640 by 360 pixels, 25 pictures a second. */
  graph: string;
}

/** A still scene: soft shades, fine detail, and the edges of furniture. */
export function still(width: number): string {
  const furniture = Array.from({ length: width / 40 }, (_, index) => {
    const x = index * 40 + index * 17 % 23;
    const y = 30 + index * 83 % 240;
    const shade = 60 + index * 67 % 150;
    const color = `0x${shade.toString(16).padStart(2, "0").repeat(3)}`;
    return `drawbox=x=${x}:y=${y}:w=${14 + index * 13 % 30}:h=${20 + index * 29 % 70}:color=${color}:t=fill`;
  });
  return `mandelbrot=size=${width}x360:rate=25:start_scale=0.9:end_scale=0.9:maxiter=300,format=gray,` +
    `lutyuv=y='40+val*0.6',trim=duration=0.04,${furniture.join(",")},loop=loop=-1:size=1,setpts=N/25/TB`;
}
/** The scene of most clips, 640 by 360 pixels. */
export const SCENE = still(640);

function scene(seconds: number, filters = "null"): string {
  return `${SCENE},trim=duration=${seconds},${filters}`;
}

/** A noisy sensor. */
export const noise = (strength: number) => `noise=alls=${strength}:allf=t`;

/** A box of one brightness that moves; `x` and `y` may use the time `t`. */
function box(
  options: { size: [number, number]; x: string; y: string; level: number; from: number; to: number },
) {
  const { size: [width, height], x, y, level, from, to } = options;
  const color = `0x${level.toString(16).padStart(2, "0").repeat(3)}`;
  return {
    source: `color=${color}:size=${width}x${height}:rate=25`,
    at: `x='${x}':y='${y}':enable='between(t,${from},${to})'`,
  };
}

/** A box over a scene. */
function withBox(seconds: number, filters: string, options: Parameters<typeof box>[0]): string {
  const { source, at } = box(options);
  return `${scene(seconds)}[a];${source}[b];[a][b]overlay=${at}:shortest=1,${filters}`;
}

/** A thing that crosses the picture once. */
function crossing(
  name: string,
  [width, height]: [number, number],
  crossS: number,
  extra: { level?: number; noise?: number } = {},
): Clip {
  const from = LEAD_S, to = LEAD_S + crossS, seconds = Math.ceil(to) + 6;
  const x = `-${width}+(640+${width})*(t-${from})/${crossS}`;
  const graph = withBox(seconds, noise(extra.noise ?? 4), {
    size: [width, height],
    x,
    y: `${Math.round(200 - height / 2)}`,
    level: extra.level ?? 230,
    from,
    to,
  });
  return {
    name,
    what: `${width}×${height} px of 640×360 crosses in ${crossS} s`,
    seconds,
    motion: [[from, to]],
    graph,
  };
}

/** A thing that comes, stands for a while and goes. */
function stopping(): Clip {
  const x = `if(lt(t,10),-60+180*(t-8),if(lt(t,20),300,300+180*(t-20)))`;
  const graph = withBox(28, noise(4), { size: [60, 110], x, y: "140", level: 220, from: 8, to: 22.2 });
  return {
    name: "comes, stands, goes",
    what: "a person comes, stands for 10 s and goes on",
    seconds: 28,
    motion: [[8, 10], [20, 22.2]],
    graph,
  };
}

function quiet(name: string, what: string, seconds: number, graph: string): Clip {
  return { name, what, seconds, motion: [], graph };
}

/** Brightness over time by an expression of `T`. */
const lit = (expression: string) => `geq=lum='clip(p(X,Y)*(${expression}),0,255)':cb=128:cr=128`;

const swaying = `${scene(40, "crop=560:300:x='40+3*sin(2*PI*t/1.7)':y=30,scale=200:200")}[a];${
  scene(40)
}[b];[b][a]overlay=x=400:y=60,${noise(4)}`;

const pan = `${still(1280)},trim=duration=24,` +
  `crop=640:360:x='if(lt(t,8),100,if(lt(t,13),100+90*(t-8),550))':y=0,${noise(4)}`;

/** Specks of light over the scene, elsewhere in each picture. @param grid how many across and down, @param level their brightness. */
const specks = (grid: string, level: number, soften: string) =>
  `${scene(30, noise(4))}[a];color=black:size=${grid}:rate=25,noise=alls=100:allf=t,` +
  `lutyuv=y='if(gt(val,112),${level},0)',scale=640:360:flags=neighbor,${soften},format=gray[r];` +
  "[a][r]blend=all_mode=lighten:shortest=1";

/** A person crosses while it rains or snows. */
function crossingIn(name: string, weather: string): Clip {
  const { source, at } = box({
    size: [50, 130],
    x: `-50+690*(t-${LEAD_S})/6`,
    y: "135",
    level: 230,
    from: LEAD_S,
    to: LEAD_S + 6,
  });
  const graph = `${weather}[s];${source}[b];[s][b]overlay=${at}:shortest=1,trim=duration=20`;
  return {
    name,
    what: "50×130 px of 640×360 crosses in 6 s",
    seconds: 20,
    motion: [[LEAD_S, LEAD_S + 6]],
    graph,
  };
}

/** All clips of the table in docs/motion.md. */
export const CLIPS: readonly Clip[] = [
  crossing("large and slow", [160, 240], 12),
  crossing("person, walking", [50, 130], 6),
  crossing("person, walking, little contrast", [50, 130], 6, { level: 120 }),
  crossing("person, running", [50, 130], 2),
  crossing("person far away", [18, 40], 10),
  crossing("cat", [40, 24], 4),
  crossing("car", [200, 90], 1.5),
  crossing("very fast", [80, 80], 0.7),
  crossing("very slow", [60, 60], 40),
  crossing("person at night, noise", [50, 130], 6, { level: 150, noise: 30 }),
  crossing("mouse", [14, 10], 4),
  crossing("bird, close and fast", [60, 40], 0.3),
  crossing("person in dark clothes", [50, 130], 6, { level: 84 }),
  crossing("person in the dark, much noise", [50, 130], 6, { level: 130, noise: 60 }),
  crossingIn("person in rain", specks("320x30", 170, "null")),
  crossingIn("person in snow", specks("160x90", 220, "avgblur=2")),
  stopping(),
  quiet("nothing, sensor noise", "noise of a good sensor", 30, scene(30, noise(4))),
  quiet("nothing, night noise", "noise of a sensor in the dark", 30, scene(30, noise(40))),
  quiet(
    "night begins",
    "noise rises at once",
    30,
    scene(30, `noise=alls=4:allf=t:enable='lt(t,12)',noise=alls=40:allf=t:enable='gte(t,12)'`),
  ),
  quiet(
    "light switched on",
    "all of the room becomes twice as bright",
    24,
    scene(24, `${lit("if(lt(T,12),0.5,1)")},${noise(4)}`),
  ),
  quiet(
    "light switched on and off",
    "four times",
    32,
    scene(32, `${lit("if(lt(mod(T,8),4),0.6,1)")},${noise(4)}`),
  ),
  quiet(
    "lamp in a corner",
    "a third of the picture becomes brighter at once",
    24,
    scene(24, `${lit("1+if(lt(T,12),0,0.8*exp(-((X-520)*(X-520)+(Y-100)*(Y-100))/30000))")},${noise(4)}`),
  ),
  quiet(
    "lamp that warms up",
    "the same within a second",
    24,
    scene(24, `${lit("1+clip(T-12,0,1)*0.8*exp(-((X-520)*(X-520)+(Y-100)*(Y-100))/30000)")},${noise(4)}`),
  ),
  quiet(
    "dawn",
    "from dark to bright within 20 s",
    32,
    scene(32, `${lit("0.4+0.6*clip((T-8)/20,0,1)")},${noise(4)}`),
  ),
  quiet(
    "cloud",
    "a shadow passes within 15 s",
    32,
    scene(32, `${lit("1-0.4*exp(-((X-((T-8)*60-150))*(X-((T-8)*60-150)))/60000)")},${noise(4)}`),
  ),
  quiet(
    "patch of sun",
    "a bright patch with sharp edges appears",
    24,
    `${scene(24)},drawbox=x=120:y=200:w=150:h=90:color=0xffffff@0.35:t=fill:enable='gte(t,12)',${noise(4)}`,
  ),
  quiet(
    "flash",
    "lightning, three times",
    24,
    scene(24, `lutyuv=y='clip(val*1.8,0,255)':enable='lt(mod(t,6),0.2)*gte(t,5)',${noise(4)}`),
  ),
  quiet(
    "insect at the lens",
    "a large spot in one picture",
    34,
    withBox(34, noise(4), {
      size: [90, 70],
      x: "100+mod(t*97,380)",
      y: "150",
      level: 235,
      from: 10,
      to: 10.15,
    }),
  ),
  quiet("snow", "flakes of 6 px everywhere", 30, specks("160x90", 220, "avgblur=2")),
  quiet("rain", "streaks of 2 by 12 px everywhere", 30, specks("320x30", 170, "null")),
  quiet("camera pans", "half a picture within 5 s", 24, pan),
  quiet("swaying branches", "a third of the picture moves to and fro", 40, swaying),
  quiet(
    "camera shakes",
    "by a few pixels, in wind",
    30,
    scene(30, `crop=620:340:x='10+if(gt(t,10),4*sin(9*t),0)':y='10+if(gt(t,10),3*sin(7*t),0)',${noise(4)}`),
  ),
];

/** The pictures of a clip, one after the other, through the same scaling as in the hub. */
export async function picturesOf(clip: Clip): Promise<Uint8Array[]> {
  const multipart = await drawJpegs(clip.graph, FPS);
  const gray = await ffmpeg(grayFromJpegArgs(640), multipart);
  return Array.from({ length: Math.floor(gray.length / PIXELS) }, (_, index) => {
    return gray.subarray(index * PIXELS, (index + 1) * PIXELS);
  });
}

/** Draws a graph as JPEGs in multipart. */
export function drawJpegs(graph: string, fps: number): Promise<Uint8Array<ArrayBuffer>> {
  const encode = ["-c:v", "mjpeg", "-q:v", "4", "-threads", "1", "-f", "mpjpeg", "pipe:1"];
  return ffmpeg(["-filter_complex", `${graph},fps=${fps},format=yuvj420p`, ...encode]);
}
