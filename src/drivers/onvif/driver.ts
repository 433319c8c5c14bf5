// Cameras that speak ONVIF: found by WS-Discovery, opened with the services that they say they have.
import { HubError, toHubError } from "../../base/errors.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";
import { Secret } from "../../base/secret.ts";
import { AccountGuard } from "../../devices/account_guard.ts";
import type { Device, Video, VideoMode } from "../../devices/device.ts";
import type { AccountCheck, CameraContext, Discovered, Driver, DriverContext } from "../../devices/driver.ts";
import { networkVideo } from "../../devices/network_video.ts";
import { OnvifLink } from "../../devices/onvif_link.ts";
import { assertReachable, watchReachable } from "../../devices/reachable.ts";
import { checkResult, checkStream } from "../../devices/stream_check.ts";
import { StreamGuards } from "../../devices/stream_guards.ts";
import type { OnvifDevice } from "../../protocols/onvif/device.ts";
import { discoverOnvif } from "../../protocols/onvif/discovery.ts";
import type { OnvifProfile } from "../../protocols/onvif/media.ts";
import { otherSources } from "../../protocols/onvif/observation_source.ts";
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
    const profiles = await device.profiles(signal);
    const { main, sub } = chooseProfiles(profiles, options.profile);
    link.others = otherSources(profiles, main);
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
          await Promise.race([watchReachable(target, context, watching.signal), link.refused]);
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

function guardOf(options: OnvifOptions, context: Context): AccountGuard | undefined {
  const { username, password } = options;
  if (username === undefined) return undefined;
  const account = { username, password: new Secret(password ?? "") };
  return new AccountGuard({ device: deviceOf(options), account: "camera", ...account }, context);
}

function deviceOf({ host, port }: OnvifOptions): string {
  return `onvif ${host.toLowerCase()}:${port}`;
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
  options: OnvifOptions,
  device: OnvifDevice,
  { main, sub, context, guard, signal }: VideoParts,
): Promise<Video> {
  const { username, password, transport, audio } = options;
  const account = username === undefined ? {} : { username, password: new Secret(password ?? "") };
  // Without an account of its own a camera may still hand out addresses with passwords in them.
  const guards = new StreamGuards(deviceOf(options), context);
  const stream = async (profile: OnvifProfile, name: string) => {
    const url = parseCameraUrl(await device.streamUri(profile.token, signal), ["rtsp", "rtsps"]);
    const codec = profile.encoding === "h265" ? "h265" as const : "h264" as const;
    const video = { ...account, name, url, transport, codec, ...modesOf(profile) };
    return { video, parts: { ...context, guard: guard ?? guards.of(url, account) } };
  };
  const name = `camera ${context.cameraId}`;
  const large = await stream(main, name);
  const small = sub && await stream(sub, `${name} (small)`);
  const smaller = small && networkVideo({ ...small.video, audio: false }, small.parts);
  return networkVideo({ ...large.video, audio, sub: smaller }, large.parts);
}

function modesOf({ width = 0, height = 0, fps, encoding }: OnvifProfile): { modes?: VideoMode[] } {
  if (width <= 0) return {};
  const mode = { format: (encoding ?? "").toUpperCase(), width, height };
  return { modes: [{ ...mode, fps: fps === undefined ? [] : [fps] }] };
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
