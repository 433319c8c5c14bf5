// Opens a Tapo device: asks what it can do, and gives it the capabilities that it says it has.
import type { Clock } from "../../base/clock.ts";
import { HubError, toHubError } from "../../base/errors.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";
import { Secret } from "../../base/secret.ts";
import type { Capabilities, ChildCamera, Device } from "../../devices/device.ts";
import type { CameraContext } from "../../devices/driver.ts";
import { OnvifLink } from "../../devices/onvif_link.ts";
import { assertReachable, type Target, watchReachable } from "../../devices/reachable.ts";
import { readChildComponents, readChildren } from "../../protocols/tapo/children.ts";
import { hasSecondLens } from "../../protocols/tapo/video.ts";
import { readComponents, type TapoComponents } from "../../protocols/tapo/components.ts";
import { readDeviceInfo, type TapoDeviceInfo } from "../../protocols/tapo/device.ts";
import { controlCapabilities, type ControlParts } from "./capabilities.ts";
import { childCameras, ChildWatch, findChild, RestfulCaller } from "./child.ts";
import { cameraGuard, connectTapo, type TapoConnection } from "./connection.ts";
import { GatheredCaller, type TapoCallers } from "./gathered_caller.ts";
import { keepControl, untilReopened } from "./keep_control.ts";
import type { TapoOptions } from "./options.ts";
import { TapoObservations } from "./observations.ts";
import { readStreamSizes, type StreamSizes, tapoVideo } from "./streams.ts";

/** What asking the device brought. */
interface Known {
  info: TapoDeviceInfo;
  components: TapoComponents;
  callers: TapoCallers;
  sizes: StreamSizes;
  children: ChildCamera[];
  watch?: ChildWatch;
}

/** @throws HubError when it is not there, or refuses and there is no picture to be had either. */
export async function openTapo(
  options: TapoOptions,
  context: CameraContext,
  signal: AbortSignal,
): Promise<Device> {
  const address = await context.network.resolve(options.host, signal);
  const target = { address, port: options.port };
  await assertReachable(target, signal);
  const connection = connectTapo(options, address, context);
  try {
    const known = connection && await askOrDoWithout(connection, options, context, signal);
    connection?.opened();
    return assemble({ options, context, target, connection, known });
  } catch (error) {
    connection?.close();
    throw error;
  }
}

/** A camera whose control is refused still gives its picture, if it has an account for that. */
async function askOrDoWithout(
  connection: TapoConnection,
  options: TapoOptions,
  context: CameraContext,
  signal: AbortSignal,
): Promise<Known | undefined> {
  try {
    return await ask(connection.session, options, context, signal);
  } catch (error) {
    // Firmware with the newest login alone: the picture has an account of its own.
    if (error instanceof HubError && error.kind === "unsupported") connection.impairment.note(error);
    const isRefused = connection.impairment.error !== undefined;
    if (!isRefused || options.username === undefined || options.child_id !== undefined) throw error;
    context.log.warn("The camera's control is refused; going on with the picture", {
      error: toHubError(error),
    });
    return undefined;
  }
}

async function ask(
  session: TapoConnection["session"],
  options: TapoOptions,
  context: CameraContext,
  signal: AbortSignal,
): Promise<Known> {
  if (options.child_id !== undefined) return await askChild(session, options.child_id, context, signal);
  const caller = new GatheredCaller(session);
  const callers = { questions: caller, commands: caller };
  const [info, components] = await Promise.all([
    readDeviceInfo(caller, signal),
    readComponents(caller, signal),
  ]);
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
  session: TapoConnection["session"],
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
    watch,
    callers: { questions: new GatheredCaller(new RestfulCaller(child, watch)), commands },
  };
}

interface Parts {
  options: TapoOptions;
  context: CameraContext;
  target: Target;
  connection: TapoConnection | undefined;
  known: Known | undefined;
}

function assemble({ options, context, target, connection, known }: Parts): Device {
  const guard = cameraGuard(options, context);
  const isChild = options.child_id !== undefined;
  const isHub = /HUB/i.test(known?.info.type ?? "");
  const hasStreams = !isChild && !isHub;
  const { username, password } = options;
  const onvif = hasStreams && username !== undefined && password !== undefined
    ? new OnvifLink({
      address: target.address,
      port: options.onvif_port,
      username,
      password: new Secret(password),
      guard,
      clock: context.clock,
    })
    : undefined;
  const video = hasStreams
    ? tapoVideo(options, context.cameraId, { context, guard, sizes: known?.sizes ?? {} })
    : undefined;
  const observations = observationsOf(known, onvif, context.clock);
  const parts: ControlParts = { options, clock: context.clock, onvif, isHub, observations };
  const capabilities: Capabilities = {
    ...(video ? { video } : {}),
    ...(known && options.lens === "main"
      ? controlCapabilities(known.callers, known.components, { ...parts, watch: known.watch })
      : {}),
    ...(observations && !known ? { observations } : {}),
  };
  return {
    info: infoOf(known?.info, options),
    capabilities,
    ...(known?.children.length ? { children: known.children } : {}),
    get notices() {
      const { notice } = observations ?? {};
      return [...noticesOf(options, isChild, isHub), ...(notice === undefined ? [] : [notice])];
    },
    ...(connection
      ? { impairment: known ? connection.impairment : untilReopened(connection.impairment) }
      : {}),
    run: async (signal) => {
      using own = new LinkedSignal(signal);
      const watching = [watchReachable(target, context.clock, own.signal)];
      if (connection) {
        watching.push(
          connection.distrusted,
          keepControl(connection, { isWithoutControl: !known, clock: context.clock }, own.signal),
        );
      }
      try {
        await Promise.race(watching);
      } finally {
        own.abort();
        connection?.close();
        await onvif?.close();
      }
    },
  };
}

/** A hub sees nothing, and a camera on batteries is left in peace. */
function observationsOf(
  known: Known | undefined,
  onvif: OnvifLink | undefined,
  clock: Clock,
): TapoObservations | undefined {
  const isWatched = !known?.watch && !/HUB/i.test(known?.info.type ?? "");
  const alarms = known && isWatched ? { caller: known.callers.questions, clock } : undefined;
  return isWatched && (onvif || alarms) ? new TapoObservations({ onvif, alarms }) : undefined;
}

function infoOf(info: TapoDeviceInfo | undefined, { host }: TapoOptions): Record<string, string> {
  const { name, model, type, mac, firmware, hardware, region } = info ?? {};
  const facts = { name, model, type, mac, firmware, hardware, region, address: host };
  return Object.fromEntries(
    Object.entries(facts).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function noticesOf(options: TapoOptions, isChild: boolean, isHub: boolean): string[] {
  const notices: string[] = [];
  if (isChild) notices.push("Cameras behind a Tapo hub give no RTSP stream, so there is no picture here yet");
  else if (!isHub && options.username === undefined) {
    notices.push("No camera account: there is no picture. Make one in the Tapo app and enter it here");
  }
  if (options.cloud_password === undefined) {
    notices.push("No TP-Link password: the camera can be seen, but not moved or switched");
  }
  return notices;
}
