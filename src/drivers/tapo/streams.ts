// The streams of a Tapo camera: paths, sizes, and how many it serves.
import { Secret } from "../../base/secret.ts";
import type { AccountGuard } from "../../devices/account_guard.ts";
import type { Video, VideoMode } from "../../devices/device.ts";
import type { DriverContext } from "../../devices/driver.ts";
import { networkVideo } from "../../devices/network_video.ts";
import type { TapoCaller } from "../../protocols/tapo/caller.ts";
import { readLargestSizes } from "../../protocols/tapo/video.ts";
import { deviceKey } from "./connection.ts";
import type { TapoOptions } from "./options.ts";

/** Every Tapo camera serves two streams at once, over all its lenses and for everybody together. */
const MAX_SESSIONS = 2;
/** The smaller stream of every model seen; firmware that tells its sizes overrules it. */
const SUB_SIZE = { width: 640, height: 360 };

const PATHS: Readonly<Record<TapoOptions["lens"], { main: string; sub: string }>> = {
  main: { main: "/stream1", sub: "/stream2" },
  tele: { main: "/stream6", sub: "/stream7" },
};

/** Sizes that the camera tells, largest first. */
export interface StreamSizes {
  main?: VideoMode;
  sub?: VideoMode;
}

/** Asks for the sizes of both streams; empty where the camera does not tell. */
export async function readStreamSizes(caller: TapoCaller, signal: AbortSignal): Promise<StreamSizes> {
  const sizes = await readLargestSizes(caller, signal);
  return Object.fromEntries(Object.entries(sizes).map(([role, size]) => [role, { format: "H264", ...size }]));
}

/** Returns the video; undefined without a camera account. */
export function tapoVideo(
  options: TapoOptions,
  cameraId: string,
  parts: { context: DriverContext; guard: AccountGuard | undefined; sizes: StreamSizes },
): Video | undefined {
  const { username, password, host, rtsp_port: port, lens, audio } = options;
  if (username === undefined || password === undefined) return undefined;
  const { context: { network, log, clock }, guard, sizes } = parts;
  const common = {
    username,
    password: new Secret(password),
    transport: "tcp" as const,
    limit: { device: deviceKey(options), max: MAX_SESSIONS },
  };
  const url = (path: string) => ({ scheme: "rtsp", host, port, path });
  const context = { network, log, guard, clock };
  const sub = networkVideo({
    ...common,
    name: `camera ${cameraId} (small)`,
    url: url(PATHS[lens].sub),
    audio: false,
    modes: [sizes.sub ?? { format: "H264", ...SUB_SIZE, fps: [] }],
  }, context);
  return networkVideo({
    ...common,
    name: `camera ${cameraId}`,
    url: url(PATHS[lens].main),
    audio,
    ...(sizes.main ? { modes: [sizes.main] } : {}),
    sub,
  }, context);
}
