// USB webcams and other V4L2 cameras, and the Pi's own on the CSI ribbon.
import { HubError } from "../../base/errors.ts";
import type { Device } from "../../devices/device.ts";
import type { CameraContext, Discovered, Driver, DriverContext } from "../../devices/driver.ts";
import { checkDevicePath, v4l2Args } from "../../process/ffmpeg_args.ts";
import { isCaptureNode, parseModes } from "../../protocols/v4l2/parse.ts";
import { chooseMode } from "./choose_mode.ts";
import { openPtz, openSettings } from "./controls.ts";
import { discoverCsi, openCsi } from "./csi.ts";
import { askNode, listWebcams, nodeInfo, realPath, type WebcamNode } from "./enumerate.ts";
import { explainNodeError, unplugged } from "./explain.ts";
import { FIRST_FOUND } from "../../devices/driver.ts";
import { type WebcamOptions, webcamOptions } from "./options.ts";
import { watchNodes, watchPath } from "./presence.ts";

/** The driver of type `webcam`. */
export const webcamDriver: Driver = {
  id: "webcam",
  title: "USB webcam or Pi camera",
  summary: "A camera on USB (V4L2) or on the Raspberry Pi's CSI ribbon",
  options: webcamOptions,
  plugAndPlay: true,
  discover: async (context, signal) => {
    const nodes = await listWebcams(context, signal);
    try {
      return [...nodes.map(describe), ...await discoverCsi(context, signal)];
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      context.log.warn("The Pi's own cameras could not be listed", { error });
      return nodes.map(describe);
    }
  },
  identify: async (options) => {
    const device = String(options.device ?? FIRST_FOUND);
    return device.startsWith("/dev/") ? await realPath(device) ?? device : device;
  },
  watch: (context, onChange, signal) => watchNodes(context.clock, onChange, signal),
  open: async (raw, context, signal) => {
    const options = webcamOptions.parse(raw);
    const csi = /^csi:(\d)$/.exec(options.device ?? "")?.[1];
    if (csi !== undefined) return await openCsi(Number(csi), options, context, signal);
    return await openNode(options, context, signal);
  },
};

function describe(found: WebcamNode): Discovered {
  const title = found.info.card.split(":")[0]?.trim() || found.info.card;
  return {
    title,
    suggestedId: idFromPath(found.path),
    options: { device: found.path },
    identity: found.node,
    details: { node: found.node, bus: found.info.busInfo, driver: found.info.driver },
  };
}

/** `/dev/v4l/by-id/usb-Acme_Cam_SN1-video-index0` becomes `acme-cam-sn1`. */
export function idFromPath(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/^usb-/, "").replace(/-video-index\d+$/, "");
  const index = /-video-index([1-9]\d*)$/.exec(path)?.[1];
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 56);
  const base = slug || "webcam";
  return index === undefined ? base : `${base}-${index}`;
}

async function openNode(
  options: WebcamOptions,
  context: CameraContext,
  signal: AbortSignal,
): Promise<Device> {
  const path = options.device === undefined
    ? await firstWebcam(context, signal)
    : checkDevicePath(options.device);
  const node = await realPath(path);
  if (node === undefined) throw unplugged(path);
  const info = await nodeInfo(node, context, signal);
  if (!isCaptureNode(info)) {
    throw new HubError("unsupported", `${path} gives no pictures`, {
      hint: "Choose the camera's other node: a webcam has one for pictures and one for metadata",
    });
  }
  const ask = (args: readonly string[], own: AbortSignal) => askNode(node, args, context, own);
  const modes = parseModes(await ask(["--list-formats-ext"], signal));
  const mode = chooseMode(modes, options);
  const settings = await openSettings(ask, signal);
  const ptz = await openPtz(ask, signal);
  const spec = {
    name: `camera ${context.cameraId}`,
    program: "ffmpeg" as const,
    args: v4l2Args({ device: node, ...mode }, options.quality),
  };
  return {
    info: { model: info.card, driver: info.driver, bus: info.busInfo, node, path },
    capabilities: {
      video: {
        codec: "mjpeg",
        framing: "mpjpeg",
        modes,
        spec: () => Promise.resolve(spec),
        explain: (exit) => explainNodeError(path, exit),
      },
      ...(settings ? { settings } : {}),
      ...(ptz ? { ptz } : {}),
    },
    run: async (own) => {
      await watchPath(path, context.clock, own);
      if (!own.aborted) throw unplugged(path);
    },
  };
}

async function firstWebcam(context: DriverContext, signal: AbortSignal): Promise<string> {
  const first = (await listWebcams(context, signal))[0];
  if (first) return first.path;
  throw new HubError("unavailable", "No USB webcam is plugged in", {
    hint: "Plug one in; the hub goes on by itself",
  });
}
