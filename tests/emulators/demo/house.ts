// The emulated house of `make demo`: which cameras stand where.
import { DiscoveryResponder, probeMatch } from "../onvif/discovery_responder.ts";
import { OnvifEmulator } from "../onvif/emulator.ts";
import { RtspEmulator, type RtspMount } from "../rtsp/rtsp_emulator.ts";
import { CAMERA_ACCOUNT, TapoRig } from "../rig/tapo_rig.ts";
import { TapoDiscoveryResponder } from "../tapo/discovery.ts";
import { C110, C210, C220, C520WS, H200 } from "../tapo/models/index.ts";

const PRIVILEGED = { port: 443, rtspPort: 554 };
const ORDINARY = { port: 8443, rtspPort: 8554 };
/** What a camera shows, with its name in it. */
const pictures = (name: string): RtspMount[] => [
  {
    path: "/stream1",
    width: 1280,
    height: 720,
    fps: 15,
    gop: 30,
    bitrateKbps: 1500,
    title: name.toUpperCase(),
  },
  { path: "/stream2", width: 640, height: 360, fps: 10, gop: 20, audio: "none", title: name.toUpperCase() },
];

/** A camera that can be unplugged. */
export interface Pluggable {
  name: string;
  offline(): Promise<void>;
  online(): Promise<void>;
  motion?(isMoving: boolean): void;
}

/** Everything that runs. */
export interface House extends AsyncDisposable {
  cameras: Pluggable[];
  /** Configuration of the hub: cameras that it knows already. */
  config: string;
  /** Told to the person at the keyboard. */
  hints: string[];
}

/** Ports below 1024 are the real ones, where they may be had. */
function choosePorts(): typeof PRIVILEGED {
  try {
    Deno.listen({ hostname: "127.0.1.9", port: PRIVILEGED.rtspPort }).close();
    return PRIVILEGED;
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.AddrInUse) {
      return ORDINARY;
    }
    throw error;
  }
}

/** Starts every camera. What they must still have at the next start is kept in the folder. */
export async function startHouse(folder: string): Promise<House> {
  const stack = new AsyncDisposableStack();
  try {
    return await build(stack, choosePorts(), folder);
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function build(stack: AsyncDisposableStack, ports: typeof PRIVILEGED, folder: string): Promise<House> {
  const common = { ...ports, onvifPort: 2020, maxSessions: 2 };
  const rig = async (
    name: string,
    last: number,
    options: Pick<Parameters<typeof TapoRig.start>[0], "model" | "tls" | "onvif">,
  ) => {
    const camera = stack.use(
      await TapoRig.start({
        ...common,
        ...options,
        mounts: pictures(name),
        certificateFile: `${folder}/${name}.json`,
        name,
        host: `127.0.1.${last}`,
      }),
    );
    if (camera.tapo.device.motor) camera.tapo.device.motor.speedDegreesPerS = 90;
    return { name, rig: camera };
  };
  const rigs = [
    await rig("Living room", 11, { model: C220 }),
    await rig("Front door", 12, { model: C110 }),
    await rig("Garden", 13, { model: C520WS, tls: "old" }),
    await rig("Garage", 14, { model: C210 }),
    await rig("Tapo hub", 15, { model: H200, onvif: false }),
  ];
  const yard = await startYard(stack, ports.rtspPort);
  stack.use(await TapoDiscoveryResponder.start({ emulators: rigs.map((each) => each.rig.tapo) }));
  const cameras: Pluggable[] = rigs.map(({ name, rig }) => ({
    name,
    offline: () => rig.offline(),
    online: () => rig.online(),
    ...(rig.onvif ? { motion: (isMoving: boolean) => rig.motion(isMoving) } : {}),
  }));
  return {
    cameras: [...cameras, yard],
    config: configOf(rigs.filter(({ name }) => name !== "Garage")),
    hints: [
      `The Tapo camera "Garage" waits to be found: camera account ${CAMERA_ACCOUNT.username}, password ` +
      `${CAMERA_ACCOUNT.password}, TP-Link password ${rigs[0]?.rig.options.cloud_password}` +
      (ports === PRIVILEGED ? "" : `, RTSP port ${ports.rtspPort} (under "by hand")`),
      `The ONVIF camera "Yard" too: user admin, password yard-secret`,
    ],
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** A camera of another brand, with ONVIF and nothing else. */
async function startYard(stack: AsyncDisposableStack, rtspPort: number): Promise<Pluggable> {
  const host = "127.0.1.21";
  const account = { username: "admin", password: "yard-secret" };
  const rtsp = stack.use(
    await RtspEmulator.start({
      host,
      port: rtspPort,
      users: { admin: account.password },
      mounts: pictures("Yard"),
    }),
  );
  const onvif = stack.use(OnvifEmulator.start({
    ...account,
    hostname: host,
    port: 8080,
    rtspBase: rtsp.url("").replace(/\/$/, ""),
    view: ({ pan, tilt, zoom }) => void (rtsp.isOnline && rtsp.view({ pan, tilt, zoom })),
  }));
  const responder = await DiscoveryResponder.start({
    port: 3702,
    from: host,
    answers: (id) => [
      probeMatch(id, {
        urn: "urn:uuid:5f5a69c2-e0ae-504f-829b-00fcdab1f021",
        xaddrs: [onvif.xaddr],
        scopes: ["onvif://www.onvif.org/name/Yard", "onvif://www.onvif.org/hardware/Emulated"],
      }),
    ],
  });
  stack.use(responder);
  return {
    name: "Yard",
    offline: async () => void await Promise.all([onvif.offline(), rtsp.offline()]),
    online: async () => {
      onvif.online();
      await rtsp.online();
    },
    motion: (isMoving) => onvif.emit("tns1:VideoSource/MotionAlarm", "State", isMoving),
  };
}

function configOf(rigs: readonly { name: string; rig: TapoRig }[]): string {
  const cameras = rigs.map(({ name, rig }) => ({
    id: name.toLowerCase().replaceAll(" ", "-"),
    name,
    type: "tapo",
    ...rig.options,
  }));
  // JSON is YAML too, and quotes what has to be quoted.
  return JSON.stringify({ network: { allow: ["127.0.0.0/8"] }, cameras }, null, 2);
}
