// A whole Tapo camera at one address: control, RTSP and ONVIF, whose picture follows what its control does.
import { OnvifEmulator } from "../onvif/emulator.ts";
import { RtspEmulator, type RtspMount } from "../rtsp/rtsp_emulator.ts";
import { TapoEmulator, type TapoOptions } from "../tapo/emulator.ts";
import type { View } from "../tapo/view.ts";

export const CLOUD_PASSWORD = "cloud-secret-7";
export const CAMERA_ACCOUNT = { username: "viewer", password: "camera-secret-7" };

/** What a rig is made of. */
export interface RigOptions extends Omit<TapoOptions, "cloudPassword" | "cameraAccount"> {
  cloudPassword?: string;
  cameraAccount?: { username: string; password: string };
  mounts?: RtspMount[];
  maxSessions?: number;
  /** False: a camera without ONVIF, as with Third-Party Compatibility off. */
  onvif?: boolean;
}

/** Small pictures: tests share two cores. */
const MOUNTS: RtspMount[] = [
  { path: "/stream1", width: 640, height: 360, fps: 15, gop: 15 },
  { path: "/stream2", width: 320, height: 184, fps: 10, gop: 10, audio: "none" },
];

/** The parts, started together. */
export class TapoRig implements AsyncDisposable {
  readonly tapo: TapoEmulator;
  readonly rtsp: RtspEmulator;
  readonly onvif: OnvifEmulator | undefined;
  readonly #half: { pan: number; tilt: number };
  #unsubscribe = () => {};
  #isFollowing = false;

  private constructor(tapo: TapoEmulator, rtsp: RtspEmulator, onvif: OnvifEmulator | undefined) {
    this.tapo = tapo;
    this.rtsp = rtsp;
    this.onvif = onvif;
    const range = tapo.device.motor?.range;
    this.#half = {
      pan: Math.max(Math.abs(range?.pan[0] ?? 180), Math.abs(range?.pan[1] ?? 180)),
      tilt: Math.max(Math.abs(range?.tilt[0] ?? 57), Math.abs(range?.tilt[1] ?? 57)),
    };
  }

  static async start(options: RigOptions): Promise<TapoRig> {
    const { mounts = MOUNTS, maxSessions, onvif: hasOnvif = true, ...rest } = options;
    const host = options.host ?? "127.0.0.1";
    const account = options.cameraAccount ?? CAMERA_ACCOUNT;
    const rtsp = await RtspEmulator.start({
      host,
      port: options.rtspPort ?? 0,
      users: { [account.username]: account.password },
      mounts,
      ...(maxSessions === undefined ? {} : { maxSessions }),
    });
    const onvif = hasOnvif
      ? OnvifEmulator.start({
        hostname: host,
        port: options.onvifPort ?? 0,
        ...account,
        flavour: "tapo",
        rtspBase: `rtsp://${host}:${rtsp.port}`,
        ptz: options.model.motor !== undefined,
      })
      : undefined;
    const tapo = await TapoEmulator.start({
      cloudPassword: CLOUD_PASSWORD,
      cameraAccount: account,
      ...rest,
      rtspPort: rtsp.port,
      ...(onvif ? { onvifPort: onvif.port } : {}),
    });
    const rig = new TapoRig(tapo, rtsp, onvif);
    rig.#unsubscribe = tapo.onViewChange((view) => void rig.#follow(view));
    return rig;
  }

  /** What the hub's driver is given. */
  get options(): Record<string, unknown> {
    const { cloudPassword, cameraAccount } = this.tapo.options;
    return {
      host: this.tapo.host,
      port: this.tapo.port,
      rtsp_port: this.rtsp.port,
      ...(this.onvif ? { onvif_port: this.onvif.port } : {}),
      cloud_password: cloudPassword,
      ...cameraAccount,
    };
  }

  /** Pulls the plug. */
  async offline(): Promise<void> {
    await Promise.all([this.tapo.offline(), this.rtsp.offline(), this.onvif?.offline()]);
  }

  /** Puts the plug back. */
  async online(): Promise<void> {
    this.onvif?.online();
    await Promise.all([this.tapo.online(), this.rtsp.online()]);
    await this.#follow(this.tapo.view);
  }

  /** Tells over ONVIF that something moves, or no longer does. */
  motion(isMoving: boolean): void {
    this.onvif?.emit("tns1:RuleEngine/CellMotionDetector/Motion", "IsMotion", isMoving);
  }

  /** Draws the newest view; while one is being told to the picture, those between are left out. */
  async #follow(_view: View): Promise<void> {
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    try {
      let drawn = "";
      for (
        let view = this.tapo.view;
        this.rtsp.isOnline && JSON.stringify(view) !== drawn;
        view = this.tapo.view
      ) {
        drawn = JSON.stringify(view);
        const pan = view.panDegrees / this.#half.pan;
        const tilt = view.tiltDegrees / this.#half.tilt;
        this.onvif?.place({ pan, tilt });
        await this.rtsp.view({ pan, tilt, privacy: view.privacy, flip: view.flip, night: view.night });
      }
    } catch (error) {
      // The camera may be unplugged in the middle of it.
      if (this.rtsp.isOnline) throw error;
    } finally {
      this.#isFollowing = false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#unsubscribe();
    await this.tapo[Symbol.asyncDispose]();
    await this.onvif?.[Symbol.asyncDispose]();
    await this.rtsp[Symbol.asyncDispose]();
  }
}
