// Cameras that speak ONVIF: found by WS-Discovery, opened with the services that they say they have.
import { HubError, toHubError } from "../../base/errors.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";
import { Secret } from "../../base/secret.ts";
import { AccountGuard } from "../../devices/account_guard.ts";
import type { Device, Video } from "../../devices/device.ts";
import type { AccountCheck, CameraContext, Discovered, Driver, DriverContext } from "../../devices/driver.ts";
import { networkVideo } from "../../devices/network_video.ts";
import { OnvifLink } from "../../devices/onvif_link.ts";
import { assertReachable, watchReachable } from "../../devices/reachable.ts";
import { checkResult, checkStream } from "../../devices/stream_check.ts";
import type { OnvifDevice } from "../../protocols/onvif/device.ts";
import { discoverOnvif } from "../../protocols/onvif/discovery.ts";
import type { OnvifProfile } from "../../protocols/onvif/media.ts";
import type { OnvifFinding } from "../../protocols/onvif/probe.ts";
import { parseCameraUrl } from "../../protocols/rtsp/camera_url.ts";
import { onvifPresets, onvifPtz, onvifSettings } from "./controls.ts";
import { type OnvifOptions, onvifOptions } from "./options.ts";
import { chooseProfiles } from "./profiles.ts";

type Context = DriverContext & Pick<CameraContext, "isAsked">;

/** The driver of type `onvif`. */
export const onvifDriver: Driver = {
  id: "onvif",
  title: "ONVIF camera",
  summary: "IP cameras of most brands: picture, moving, presets, picture adjustments, events",
  options: onvifOptions,
  secrets: ["password"],
  identify: ({ host, port, profile }) =>
    Promise.resolve(`${String(host).toLowerCase()}:${port ?? 80} ${profile ?? ""}`.trim()),
  addressOf: ({ host }) => String(host).toLowerCase(),
  discover: async ({ network, clock }, signal) => {
    const interfaces = network.includesLoopback ? ["127.0.0.1"] : [];
    const searches = [
      discoverOnvif({ signal, clock }),
      ...interfaces.map((own) => discoverOnvif({ signal, clock, interfaces: [own] })),
    ];
    return (await Promise.all(searches)).flat().flatMap(toDiscovered);
  },
  check: (raw, context, signal) => check(onvifOptions.parse(raw), { ...context, isAsked: true }, signal),
  open: (raw, context, signal) => open(onvifOptions.parse(raw), context, signal),
};

function toDiscovered({ address, xaddrs, scopes, urn }: OnvifFinding): Discovered[] {
  const service = xaddrs.map((text) => URL.parse(text)).find((url) => url?.protocol === "http:");
  if (!service) return [];
  const port = Number(service.port || 80);
  const path = service.pathname === "/onvif/device_service" ? {} : { path: service.pathname };
  const details = { address, ...scopes, urn };
  return [{
    title: scopes.name ?? scopes.hardware ?? `ONVIF camera at ${address}`,
    suggestedId: `onvif-${address.replace(/[^0-9a-z]+/gi, "-")}`,
    options: { host: address, port, ...path },
    needs: ["username", "password"],
    address,
    identity: `${address}:${port}`,
    details: Object.fromEntries(
      Object.entries(details).filter(([, text]) => text !== undefined && text !== ""),
    ),
  }];
}

async function open(options: OnvifOptions, context: CameraContext, signal: AbortSignal): Promise<Device> {
  const address = await context.network.resolve(options.host, signal);
  const target = { address, port: options.port };
  await assertReachable(target, signal);
  const guard = guardOf(options, context);
  const link = linkTo(options, address, { context, guard });
  try {
    const device = await link.device(signal);
    const { main, sub } = chooseProfiles(await device.profiles(signal), options.profile);
    const [ptz, imaging] = await Promise.all([device.ptz(main, signal), device.imaging(main, signal)]);
    const video = await videoOf(options, device, { main, sub, context, guard, signal });
    return {
      info: { ...known(device.information), address: options.host, profile: main.name },
      capabilities: {
        video,
        ...(ptz && ptz.axes.length > 0
          ? { ptz: onvifPtz(ptz, context.clock), presets: onvifPresets(ptz) }
          : {}),
        ...(imaging ? { settings: onvifSettings(imaging) } : {}),
        ...(device.services.includes("events") ? { observations: link.observations } : {}),
        reboot: (own) => device.reboot(own),
      },
      run: async (own) => {
        using watching = new LinkedSignal(own);
        try {
          await Promise.race([watchReachable(target, context.clock, watching.signal), link.refused]);
        } finally {
          watching.abort();
          await link.close();
        }
      },
    };
  } catch (error) {
    await link.close();
    throw error;
  }
}

function guardOf(
  { host, port, username, password }: OnvifOptions,
  context: Context,
): AccountGuard | undefined {
  if (username === undefined) return undefined;
  const device = `onvif ${host.toLowerCase()}:${port}`;
  return new AccountGuard(
    { device, account: "camera", username, password: new Secret(password ?? "") },
    context,
  );
}

function linkTo(
  { port, path, username, password }: OnvifOptions,
  address: string,
  { context, guard }: { context: Context; guard: AccountGuard | undefined },
): OnvifLink {
  const account = username === undefined ? {} : { username, password: new Secret(password ?? "") };
  return new OnvifLink({ address, port, path, ...account, guard, clock: context.clock });
}

interface VideoParts {
  main: OnvifProfile;
  sub: OnvifProfile | undefined;
  context: CameraContext;
  guard: AccountGuard | undefined;
  signal: AbortSignal;
}

async function videoOf(
  { username, password, transport, audio }: OnvifOptions,
  device: OnvifDevice,
  { main, sub, context, guard, signal }: VideoParts,
): Promise<Video> {
  const account = username === undefined ? {} : { username, password: new Secret(password ?? "") };
  const stream = async (profile: OnvifProfile, name: string, hasAudio: boolean, small?: Video) => {
    const { width = 0, height = 0, fps, encoding } = profile;
    return networkVideo({
      ...account,
      name,
      url: parseCameraUrl(await device.streamUri(profile.token, signal), ["rtsp", "rtsps"]),
      transport,
      audio: hasAudio,
      codec: encoding === "h265" ? "h265" : "h264",
      ...(width > 0
        ? {
          modes: [{
            format: (encoding ?? "").toUpperCase(),
            width,
            height,
            fps: fps === undefined ? [] : [fps],
          }],
        }
        : {}),
      sub: small,
    }, { ...context, guard });
  };
  const name = `camera ${context.cameraId}`;
  const small = sub && await stream(sub, `${name} (small)`, false);
  return await stream(main, name, audio, small);
}

async function check(options: OnvifOptions, context: Context, signal: AbortSignal): Promise<AccountCheck[]> {
  const title = "Camera account";
  try {
    const address = await context.network.resolve(options.host, signal);
    await assertReachable({ address, port: options.port }, signal);
    const guard = guardOf(options, context);
    const link = linkTo(options, address, { context, guard });
    try {
      const device = await link.device(signal);
      const { main } = chooseProfiles(await device.profiles(signal), options.profile);
      const cameraContext = { ...context, cameraId: "check" };
      const video = await videoOf(options, device, {
        main,
        sub: undefined,
        context: cameraContext,
        guard,
        signal,
      });
      const { manufacturer = "", model = "ONVIF camera" } = device.information;
      return [
        { account: "camera", title, state: "ok", message: `${manufacturer} ${model} answered`.trim() },
        await checkStream(video, context, signal),
      ];
    } finally {
      await link.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof HubError)) throw error;
    return [{ account: "camera", title, ...checkResult(toHubError(error)) }];
  }
}

function known(facts: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(facts).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
