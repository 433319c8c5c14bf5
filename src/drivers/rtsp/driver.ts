// Cameras known by the address of their stream only: RTSP, RTMP, or MJPEG over HTTP.
import { distinctAddress, shownAddress } from "../../base/address_secrets.ts";
import { HubError } from "../../base/errors.ts";
import { Secret } from "../../base/secret.ts";
import type { Device, Video } from "../../devices/device.ts";
import type { CameraContext, Driver, DriverContext } from "../../devices/driver.ts";
import { networkVideo } from "../../devices/network_video.ts";
import { assertReachable, type Target, watchReachable } from "../../devices/reachable.ts";
import { checkStream } from "../../devices/stream_check.ts";
import { StreamGuards } from "../../devices/stream_guards.ts";
import { type CameraUrl, formatCameraUrl, parseCameraUrl } from "../../protocols/rtsp/camera_url.ts";
import { type RtspOptions, rtspOptions, STREAM_SCHEMES } from "./options.ts";

const PORTS: Readonly<Record<string, number>> = {
  rtsp: 554,
  rtsps: 322,
  rtmp: 1935,
  rtmps: 443,
  http: 80,
  https: 443,
};

/** The driver of type `rtsp`. */
export const rtspDriver: Driver = {
  id: "rtsp",
  title: "Network stream",
  summary: "Any camera with an RTSP, RTMP or MJPEG address",
  options: rtspOptions,
  secrets: ["password"],
  addresses: ["stream_url", "sub_stream_url"],
  normalise: (options) => withoutCredentials(withoutCredentials(options, "stream_url"), "sub_stream_url"),
  identify: (options) => {
    const url = parse(options.stream_url);
    const port = url?.port ?? PORTS[url?.scheme ?? ""] ?? 554;
    return Promise.resolve(url ? distinctAddress(formatCameraUrl({ ...bare(url), port })) : "");
  },
  addressOf: (options) => parse(options.stream_url)?.host,
  check: async (raw, context, signal) => {
    const options = rtspOptions.parse(raw);
    return [await checkStream(openVideo(options, { ...context, isAsked: true }, "check"), context, signal)];
  },
  open: async (raw, context, signal) => {
    const options = rtspOptions.parse(raw);
    const url = parseCameraUrl(options.stream_url, STREAM_SCHEMES);
    const address = await context.network.resolve(url.host, signal);
    const target: Target = { address, port: url.port ?? PORTS[url.scheme] ?? 554 };
    await assertReachable(target, signal);
    const device: Device = {
      info: { address: shownAddress(formatCameraUrl(bare(url))) },
      capabilities: { video: openVideo(options, context, context.cameraId) },
      run: (own) => watchReachable(target, context, own),
    };
    return device;
  },
};

function openVideo(
  options: RtspOptions,
  context: DriverContext & Pick<CameraContext, "isAsked">,
  cameraId: string,
): Video {
  const url = parseCameraUrl(options.stream_url, STREAM_SCHEMES);
  const { username, transport, audio, max_sessions: max, sub_width: width } = options;
  const account = username === undefined ? {} : { username, password: new Secret(options.password ?? "") };
  const device = `rtsp ${url.host}:${url.port ?? PORTS[url.scheme]}`;
  const guards = new StreamGuards(device, context);
  const guard = guards.of(url, account);
  const common = { ...account, transport, ...(max === undefined ? {} : { limit: { device, max } }) };
  const small = options.sub_stream_url === undefined
    ? undefined
    : parseCameraUrl(options.sub_stream_url, STREAM_SCHEMES);
  const sub = small && networkVideo({
    ...common,
    name: `camera ${cameraId} (small)`,
    url: small,
    audio: false,
    modes: [{ format: "", width, height: 0, fps: [] }],
  }, { ...context, guard: guards.of(small, account) });
  return networkVideo({ ...common, name: `camera ${cameraId}`, url, audio, sub }, { ...context, guard });
}

function parse(text: unknown): CameraUrl | undefined {
  try {
    return parseCameraUrl(String(text ?? ""), STREAM_SCHEMES);
  } catch (error) {
    if (error instanceof HubError) return undefined;
    throw error;
  }
}

function bare({ username: _user, password: _password, ...url }: CameraUrl): CameraUrl {
  return url;
}

/**
 * User and password in an address are moved into their own options, where they are kept secret. Those of the main
 * stream replace what stood there: whoever writes another address means them.
 */
function withoutCredentials(options: Record<string, unknown>, key: string): Record<string, unknown> {
  const url = parse(options[key]);
  if (!url || url.username === undefined) return options;
  const { username, password } = url;
  const bareOptions = { ...options, [key]: formatCameraUrl(bare(url)) };
  if (key !== "stream_url" && options.username !== undefined) return bareOptions;
  return { ...bareOptions, username, ...(password === undefined ? {} : { password }) };
}
