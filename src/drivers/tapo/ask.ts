// What a Tapo device is asked when it is opened: who it is, what it can do, and who is to be asked from then on.
import type { Power } from "../../devices/capabilities.ts";
import type { ChildCamera } from "../../devices/device.ts";
import type { CameraContext } from "../../devices/driver.ts";
import { readChildComponents, readChildren } from "../../protocols/tapo/children.ts";
import { hasFeature, readComponents, type TapoComponents } from "../../protocols/tapo/components.ts";
import { readDeviceInfo, type TapoDeviceInfo } from "../../protocols/tapo/device.ts";
import { hasSecondLens } from "../../protocols/tapo/video.ts";
import { RestingCamera } from "./battery.ts";
import { noteBattery } from "./battery_presence.ts";
import { childCameras, ChildWatch, findChild, RestfulCaller } from "./child.ts";
import { deviceKey } from "./connection.ts";
import type { CameraSession } from "./device_sessions.ts";
import { GatheredCaller, type TapoCallers } from "./gathered_caller.ts";
import type { TapoOptions } from "./options.ts";
import { readStreamSizes, type StreamSizes } from "./streams.ts";

/** What asking the device brought. */
export interface Known {
  info: TapoDeviceInfo;
  components: TapoComponents;
  callers: TapoCallers;
  sizes: StreamSizes;
  children: ChildCamera[];
  /** Of a device on batteries, which is not watched. */
  power?: Power;
  /** Nobody else knows whether it is there: it is not even looked for. */
  isLeftInPeace?: boolean;
}

/** @throws HubError when it does not answer, or refuses. */
export async function askDevice(
  session: CameraSession,
  options: TapoOptions,
  context: CameraContext,
  signal: AbortSignal,
): Promise<Known> {
  if (options.child_id !== undefined) return await askChild(session, options.child_id, context, signal);
  const resting = new RestingCamera(session, context.clock);
  const { commands } = resting.callers;
  const [info, components] = await Promise.all([
    readDeviceInfo(commands, signal),
    readComponents(commands, signal),
  ]);
  const isOnBattery = hasFeature(components, "battery");
  await noteBattery(deviceKey(options), isOnBattery, context);
  if (isOnBattery) {
    const { callers } = resting;
    const power = resting.powerOver(callers.questions);
    return { info, components, callers, power, isLeftInPeace: true, sizes: {}, children: [] };
  }
  const caller = new GatheredCaller(session);
  const callers = { questions: caller, commands: caller };
  const isHub = /HUB/i.test(info.type ?? "");
  if (isHub) {
    const children = childCameras(await readChildren(session, signal));
    return { info, components, callers, sizes: {}, children };
  }
  const [sizes, hasTele] = await Promise.all([
    readStreamSizes(caller, signal),
    hasSecondLens(caller, signal),
  ]);
  const isMain = options.lens === "main";
  const tele = {
    title: `${info.name ?? info.model ?? "Tapo"}: second lens`,
    suggestedId: `${context.cameraId.slice(0, 58)}-tele`,
    options: { lens: "tele" },
  };
  return { info, components, callers, sizes, children: hasTele && isMain ? [tele] : [] };
}

async function askChild(
  session: CameraSession,
  id: string,
  context: CameraContext,
  signal: AbortSignal,
): Promise<Known> {
  const state = await findChild(session, id, signal);
  const components = await readChildComponents(session, id, signal);
  const child = session.child(id);
  const commands = new GatheredCaller(child);
  const known = { info: state.info, components, sizes: {}, children: [] };
  if (!state.isOnBattery) return { ...known, callers: { questions: commands, commands } };
  const watch = new ChildWatch(session, state, context.clock);
  return {
    ...known,
    power: watch.power,
    callers: { questions: new GatheredCaller(new RestfulCaller(child, watch)), commands },
  };
}
