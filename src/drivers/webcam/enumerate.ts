// Finds the V4L2 nodes that give pictures, and the stable name of each.
import { HubError } from "../../base/errors.ts";
import { ifThere } from "../../base/if_there.ts";
import type { DriverContext } from "../../devices/driver.ts";
import { runCommand } from "../../process/command.ts";
import { isCaptureNode, parseInfo, type V4l2Info } from "../../protocols/v4l2/parse.ts";
import { explainNodeError } from "./explain.ts";

const SYSFS = "/sys/class/video4linux";
/** Links that udev makes, the most stable first: by serial number, then by the port it is plugged into. */
const LINK_FOLDERS = ["/dev/v4l/by-id", "/dev/v4l/by-path"] as const;
const TOOL_DEADLINE_MS = 10_000;
const TOOL_MAX_BYTES = 1 << 20;

/** Beside a CSI camera a Pi shows raw sensor, image processor and decoder nodes, which are no webcams. */
const PI_NODES = /unicam|rp1-cfe|bcm2835-(isp|codec)|pispbe|rpi-hevc/;

/** A node that gives pictures. */
export interface WebcamNode {
  /** For example `/dev/video0`; may be another one after the next plugging in. */
  node: string;
  /** Stable path: below by-id, else by-path, else the node itself. */
  path: string;
  info: V4l2Info;
}

/** Lists all nodes that give pictures. A node that cannot be asked is passed over and logged. */
export async function listWebcams(context: DriverContext, signal: AbortSignal): Promise<WebcamNode[]> {
  const nodes = await nodeNames();
  const links = await stableLinks();
  const found: WebcamNode[] = [];
  for (const node of nodes) {
    try {
      const info = await nodeInfo(node, context, signal);
      if (isCaptureNode(info) && !PI_NODES.test(info.driver)) {
        found.push({ node, path: links.get(node) ?? node, info });
      }
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      context.log.debug("A video node could not be asked", { node, error });
    }
  }
  return found;
}

/** Asks one node what it is. @throws HubError with the reason when it cannot be asked. */
export async function nodeInfo(node: string, context: DriverContext, signal: AbortSignal): Promise<V4l2Info> {
  const info = parseInfo(await askNode(node, ["--info"], context, signal));
  if (info) return info;
  throw new HubError("unsupported", `${node} is not a video device`);
}

/** Runs v4l2-ctl on a node and returns what it printed. @throws HubError with the reason in words. */
export async function askNode(
  node: string,
  args: readonly string[],
  context: DriverContext,
  signal: AbortSignal,
): Promise<string> {
  const spec = { name: `v4l2 ${node}`, program: "v4l2-ctl" as const, args: ["-d", node, ...args] };
  const bounds = { deadlineMs: TOOL_DEADLINE_MS, maxBytes: TOOL_MAX_BYTES };
  const result = await runCommand(spec, { ...context, signal, ...bounds });
  if (result.code === 0) return new TextDecoder().decode(result.stdout);
  throw explainNodeError(node, result);
}

async function nodeNames(): Promise<string[]> {
  const names = await folderNames(SYSFS);
  return names
    .filter((name) => /^video\d+$/.test(name))
    .sort((a, b) => Number(a.slice(5)) - Number(b.slice(5)))
    .map((name) => `/dev/${name}`);
}

/** From node to its most stable link. */
async function stableLinks(): Promise<Map<string, string>> {
  const links = new Map<string, string>();
  for (const folder of LINK_FOLDERS) {
    for (const name of (await folderNames(folder)).sort()) {
      const path = `${folder}/${name}`;
      const node = await realPath(path);
      if (node && !links.has(node)) links.set(node, path);
    }
  }
  return links;
}

/** Where a path leads; undefined when nothing is there. */
export async function realPath(path: string): Promise<string | undefined> {
  return await ifThere(Deno.realPath(path));
}

async function folderNames(folder: string): Promise<string[]> {
  return (await ifThere(Array.fromAsync(Deno.readDir(folder))))?.map((entry) => entry.name) ?? [];
}
