// Opens a Tapo device: asks what it can do, and gives it the capabilities that it says it has.
import type { Clock } from "../../base/clock.ts";
import { toHubError } from "../../base/errors.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";
import { aborted } from "../../base/scope.ts";
import { Secret } from "../../base/secret.ts";
import type { Capabilities, Device } from "../../devices/device.ts";
import type { CameraContext } from "../../devices/driver.ts";
import { OnvifLink } from "../../devices/onvif_link.ts";
import { type Target, watchReachable } from "../../devices/reachable.ts";
import type { TapoDeviceInfo } from "../../protocols/tapo/device.ts";
import { assertPresent, lookOnce } from "./battery_presence.ts";
import { controlCapabilities, type ControlParts } from "./capabilities.ts";
import { cameraGuard, connectTapo, deviceKey, type TapoConnection } from "./connection.ts";
import { keepControl, untilReopened } from "./keep_control.ts";
import type { TapoOptions } from "./options.ts";
import { TapoObservations } from "./observations.ts";
import { tapoVideo } from "./streams.ts";
import { askDevice, type Known } from "./ask.ts";

/** @throws HubError when it is not there, or refuses and there is no picture to be had either. */
export async function openTapo(
  options: TapoOptions,
  context: CameraContext,
  signal: AbortSignal,
): Promise<Device> {
  const address = await context.network.resolve(options.host, signal);
  const target = { address, port: options.port };
  await assertPresent(
    target,
    { device: deviceKey(options), isChild: options.child_id !== undefined },
    context,
    signal,
  );
  const connection = connectTapo(options, address, context);
  try {
    const known = connection && await askOrDoWithout(connection, options, context, signal);
    connection?.opened();
    const device = assemble({ options, context, target, connection, known });
    if (known?.isLeftInPeace) await lookOnce(device.capabilities, signal);
    return device;
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
    return await askDevice(connection.session, options, context, signal);
  } catch (error) {
    // The picture has an account of its own, but for cameras behind a hub.
    if (options.username === undefined || options.child_id !== undefined) throw error;
    if (!connection.impairment.explains(error)) throw error;
    context.log.warn("The camera's control is refused; going on with the picture", {
      error: toHubError(error),
    });
    return undefined;
  }
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
  const hasStreams = !isChild && !isHub && !known?.isLeftInPeace;
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
  const parts = { options, clock: context.clock, onvif, isHub, observations };
  const capabilities: Capabilities = {
    ...(video ? { video } : {}),
    ...(known && options.lens === "main"
      ? controlCapabilities(known.callers, known.components, { ...parts, ...powerParts(known) })
      : {}),
    ...(observations && !known ? { observations } : {}),
  };
  return {
    info: infoOf(known?.info, options),
    capabilities,
    ...(known?.children.length ? { children: known.children } : {}),
    get notices() {
      const { notice } = observations ?? {};
      return [...noticesOf(options, known, isHub), ...(notice === undefined ? [] : [notice])];
    },
    ...(connection
      ? { impairment: known ? connection.impairment : untilReopened(connection.impairment) }
      : {}),
    run: (signal) => watch({ target, context, connection, known, onvif }, signal),
  };
}

/** Watches the device, and ends what is open of it. @throws HubError when it is gone, or somebody else. */
async function watch(
  { target, context, connection, known, onvif }: Omit<Parts, "options"> & {
    onvif: OnvifLink | undefined;
  },
  signal: AbortSignal,
): Promise<void> {
  using own = new LinkedSignal(signal);
  const watching = known?.isLeftInPeace
    ? [aborted(own.signal)]
    : [watchReachable(target, context, own.signal)];
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
}

/** What a device on batteries may be asked, and for what. */
function powerParts({ power, callers, isLeftInPeace }: Known): Pick<ControlParts, "power" | "searcher"> {
  return { power, searcher: isLeftInPeace ? callers.commands : callers.questions };
}

/** A hub sees nothing, and a camera on batteries is left in peace. */
function observationsOf(
  known: Known | undefined,
  onvif: OnvifLink | undefined,
  clock: Clock,
): TapoObservations | undefined {
  const isWatched = !known?.power && !/HUB/i.test(known?.info.type ?? "");
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

function noticesOf(options: TapoOptions, known: Known | undefined, isHub: boolean): string[] {
  const notices: string[] = [];
  if (known?.isLeftInPeace) {
    notices.push(
      "It runs on a battery: there is no picture here yet, and the hub does not wake it to look. What is shown is what " +
        "it said last; that it is switched off is noticed only when something is wanted of it",
    );
  } else if (options.child_id !== undefined) {
    notices.push("Cameras behind a Tapo hub give no RTSP stream, so there is no picture here yet");
  } else if (!isHub && options.username === undefined) {
    notices.push("No camera account: there is no picture. Make one in the Tapo app and enter it here");
  }
  if (options.cloud_password === undefined) {
    notices.push("No TP-Link password: the camera can be seen, but not moved or switched");
  }
  return notices;
}
