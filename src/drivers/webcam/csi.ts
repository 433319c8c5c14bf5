// Raspberry Pi cameras on the CSI ribbon: their V4L2 nodes give raw sensor data, so rpicam-vid makes the JPEGs.
import { HubError } from "../../base/errors.ts";
import { aborted } from "../../base/scope.ts";
import type { Device } from "../../devices/device.ts";
import type { CameraContext, Discovered, DriverContext } from "../../devices/driver.ts";
import { runCommand } from "../../process/command.ts";
import type { ProcessExit, Program } from "../../process/launcher.ts";
import { RPICAM_LIST_ARGS, rpicamArgs } from "../../process/rpicam_args.ts";
import type { WebcamOptions } from "./options.ts";

/** A camera that `rpicam-hello --list-cameras` names. */
export interface CsiCamera {
  index: number;
  sensor: string;
  /** Place in the device tree; stays the same over restarts. */
  path: string;
  modes: { width: number; height: number; fps: number }[];
}

interface CsiPrograms {
  list: Program;
  stream: Program;
}

/** Present names first; Raspberry Pi OS 11 has the older ones. */
const PROGRAM_PAIRS: readonly CsiPrograms[] = [
  { list: "rpicam-hello", stream: "rpicam-vid" },
  { list: "libcamera-hello", stream: "libcamera-vid" },
];

/** Reads the list of cameras that `rpicam-hello --list-cameras` prints. */
export function parseCsiList(text: string): CsiCamera[] {
  const cameras: CsiCamera[] = [];
  for (const line of text.split("\n")) {
    const head = /^(\d+) : (\S+) \[.*\] \((.+)\)\s*$/.exec(line);
    if (head) cameras.push({ index: Number(head[1]), sensor: head[2] ?? "", path: head[3] ?? "", modes: [] });
    const mode = /(\d+)x(\d+) \[([\d.]+) fps/.exec(line);
    if (mode && !head) {
      cameras.at(-1)?.modes.push({ width: Number(mode[1]), height: Number(mode[2]), fps: Number(mode[3]) });
    }
  }
  return cameras;
}

/** Lists the cameras and the programs that serve them; undefined where neither generation is installed. */
async function listCsi(
  context: DriverContext,
  signal: AbortSignal,
): Promise<{ programs: CsiPrograms; cameras: CsiCamera[] } | undefined> {
  for (const programs of PROGRAM_PAIRS) {
    const result = await runCommand(
      { name: "csi list", program: programs.list, args: RPICAM_LIST_ARGS },
      { ...context, signal, deadlineMs: 10_000, maxBytes: 1 << 20 },
    ).catch((error) => {
      if (error instanceof HubError && error.details?.program === programs.list) return undefined;
      throw error;
    });
    // Some versions print the list on stderr.
    if (result) {
      const text = new TextDecoder().decode(result.stdout) + "\n" + result.stderr.join("\n");
      return { programs, cameras: parseCsiList(text) };
    }
  }
  return undefined;
}

/** Finds the Pi's own cameras. */
export async function discoverCsi(context: DriverContext, signal: AbortSignal): Promise<Discovered[]> {
  const found = await listCsi(context, signal);
  return (found?.cameras ?? []).map((camera) => ({
    title: `Pi camera ${camera.sensor}`,
    suggestedId: `csi-${camera.index}-${camera.sensor}`.toLowerCase(),
    options: { device: `csi:${camera.index}` },
    identity: `csi:${camera.index}`,
    details: { sensor: camera.sensor, path: camera.path },
  }));
}

/** Opens a camera named `csi:N`. */
export async function openCsi(
  index: number,
  options: WebcamOptions,
  context: CameraContext,
  signal: AbortSignal,
): Promise<Device> {
  const found = await listCsi(context, signal);
  if (!found) {
    throw new HubError("unavailable", "Neither rpicam-vid nor libcamera-vid is installed", {
      hint: "Install it with: sudo apt install rpicam-apps-lite",
    });
  }
  const camera = found.cameras.find((each) => each.index === index);
  if (!camera) {
    throw new HubError("unavailable", `There is no camera number ${index} on the CSI ports`, {
      hint: "Check the ribbon cable, with the Pi switched off",
    });
  }
  const mode = { width: options.width ?? 1280, height: options.height ?? 720, fps: options.fps ?? 30 };
  const spec = {
    name: `camera ${context.cameraId}`,
    program: found.programs.stream,
    args: rpicamArgs(index, mode, options.quality),
  };
  return {
    info: { model: camera.sensor, connection: "CSI", path: camera.path },
    capabilities: {
      video: {
        codec: "mjpeg",
        framing: "jpeg",
        modes: camera.modes.map(({ fps, ...size }) => ({ format: "MJPG", ...size, fps: [fps] })),
        spec: () => Promise.resolve(spec),
        explain: explainCsi,
      },
    },
    run: aborted,
  };
}

function explainCsi(exit: ProcessExit): HubError {
  const text = exit.stderr.join("\n");
  if (/acquire|in use|busy/i.test(text)) {
    return new HubError("unavailable", "The Pi camera is in use by another program", {
      hint: "Close the program that holds the camera; the hub tries again by itself",
    });
  }
  return new HubError("unavailable", "rpicam-vid ended", {
    hint: exit.stderr.at(-1),
    details: { exit_code: exit.code, stderr: exit.stderr },
  });
}
