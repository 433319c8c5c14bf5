// Stand-in webcams for tests: nodes, links and tools as a real V4L2 device shows them, with faults on demand.
// The real thing is tested in a virtual machine (tests/vm); this runs everywhere that a mount namespace can be made.
import { Buffer } from "node:buffer";

/** How a stand-in webcam looks. */
export interface StandInOptions {
  /** Number of its capture node: 0 is /dev/video0. */
  number: number;
  card?: string;
  serial?: string;
  /** Sizes that it offers as JPEG; a clip is made for each. */
  mjpeg?: string[];
  /** Sizes that it offers as YUYV. */
  yuyv?: string[];
  fps?: number[];
  /** ffmpeg filter that draws the clip for a size. */
  picture?: string;
  /** ffmpeg's `-q:v` for the clip. */
  clipQuality?: number;
  /** Lines of `v4l2-ctl -L`. */
  controls?: string;
}

const HERE = new URL(".", import.meta.url).pathname;
const TWO_CONTROLS = `
User Controls

                     brightness 0x00980900 (int)    : min=0 max=255 step=1 default=128 value=128
        white_balance_automatic 0x0098090c (bool)   : default=1 value=1
           power_line_frequency 0x00980918 (menu)   : min=0 max=2 default=1 value=1 (50 Hz)
				0: Disabled
				1: 50 Hz
				2: 60 Hz
      white_balance_temperature 0x0098091a (int)    : min=2000 max=6500 step=1 default=4000 value=4000 flags=inactive

Camera Controls

                   pan_absolute 0x009a0908 (int)    : min=-36000 max=36000 step=3600 default=0 value=0
                  tilt_absolute 0x009a0909 (int)    : min=-36000 max=36000 step=3600 default=0 value=0
                  zoom_absolute 0x009a090d (int)    : min=100 max=500 step=1 default=100 value=100
`;

/** A folder that `enter.sh` shows to a command as its /dev and /sys/class. */
export class StandInBus {
  readonly dir: string;
  /** What to put before the command. */
  readonly prefix: string[];

  private constructor(dir: string) {
    this.dir = dir;
    this.prefix = [`${HERE}enter.sh`, dir];
  }

  static async create(): Promise<StandInBus> {
    const dir = await Deno.makeTempDir({ prefix: "stand-in-" });
    for (const folder of ["dev", "class/video4linux", "bin", "devices"]) {
      await Deno.mkdir(`${dir}/${folder}`, { recursive: true });
    }
    for (const tool of ["ffmpeg", "v4l2-ctl"]) {
      await Deno.copyFile(`${HERE}bin/${tool}`, `${dir}/bin/${tool}`);
    }
    return new StandInBus(dir);
  }

  /** Makes a webcam, not yet plugged in. */
  async webcam(options: StandInOptions): Promise<StandInWebcam> {
    const webcam = new StandInWebcam(this.dir, options);
    await webcam.make();
    return webcam;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.dir, { recursive: true });
  }
}

export type StandInFault = "EBUSY" | "EACCES" | "ENOSPC" | "EXIT";

/** One webcam with a capture node and, as UVC cameras have, a metadata node. */
export class StandInWebcam {
  readonly node: string;
  readonly link: string;
  readonly #dir: string;
  readonly #options: Required<StandInOptions>;

  constructor(dir: string, options: StandInOptions) {
    this.#dir = dir;
    this.#options = {
      card: "Acme Cam: Acme Cam",
      serial: `SN${options.number}`,
      mjpeg: ["640x360"],
      yuyv: [],
      fps: [30, 15],
      picture: "testsrc2=size={size}:rate=30",
      clipQuality: 5,
      controls: TWO_CONTROLS,
      ...options,
    };
    this.node = `/dev/video${options.number}`;
    this.link = `/dev/v4l/by-id/usb-Acme_Cam_${this.#options.serial}-video-index0`;
  }

  get #device(): string {
    return `${this.#dir}/devices/video${this.#options.number}`;
  }

  async make(): Promise<void> {
    const { number, card, mjpeg, yuyv, fps, controls } = this.#options;
    const metadata = `${this.#dir}/devices/video${number + 1}`;
    for (const folder of [this.#device, metadata]) await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(`${this.#device}/info`, info(card, number, 0x04200001));
    await Deno.writeTextFile(`${metadata}/info`, info(card, number, 0x04a00000));
    await Deno.writeTextFile(`${this.#device}/formats`, formats({ MJPG: mjpeg, YUYV: yuyv }, fps));
    await Deno.writeTextFile(`${this.#device}/controls`, controls);
    for (const size of mjpeg) await this.#makeClip(size);
  }

  /** Puts in the cable. */
  async plug(): Promise<void> {
    const { number } = this.#options;
    for (const each of [number, number + 1]) {
      await Deno.writeTextFile(`${this.#dir}/dev/video${each}`, "");
      await Deno.mkdir(`${this.#dir}/class/video4linux/video${each}`, { recursive: true });
    }
    await Deno.mkdir(`${this.#dir}/dev/v4l/by-id`, { recursive: true });
    await Deno.symlink(`../../video${number}`, `${this.#dir}${this.link}`);
  }

  /** Pulls the cable. */
  async unplug(): Promise<void> {
    const { number } = this.#options;
    await Deno.remove(`${this.#dir}${this.link}`);
    for (const each of [number, number + 1]) {
      await Deno.remove(`${this.#dir}/dev/video${each}`);
      await Deno.remove(`${this.#dir}/class/video4linux/video${each}`);
    }
  }

  /** Makes every further opening fail; undefined heals it. */
  async fail(fault: StandInFault | undefined): Promise<void> {
    if (fault) await Deno.writeTextFile(`${this.#device}/fault`, fault);
    else await Deno.remove(`${this.#device}/fault`);
  }

  /** The value that a control has in the device. */
  async control(name: string): Promise<number> {
    const text = await Deno.readTextFile(`${this.#device}/controls`);
    return Number(new RegExp(`^ *${name} 0x.* value=(-?\\d+)`, "m").exec(text)?.[1]);
  }

  /** The command lines with which the device was read. */
  async calls(): Promise<string[]> {
    return (await Deno.readTextFile(`${this.#device}/calls`)).trim().split("\n");
  }

  /** The command lines that would have read the device while another did. */
  async clashes(): Promise<string[]> {
    try {
      return (await Deno.readTextFile(`${this.#device}/clashes`)).trim().split("\n");
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  }

  /** Whether the picture is one of those that the device plays in this size, byte for byte. */
  async shows(size: string, picture: Uint8Array): Promise<boolean> {
    const isJpeg = picture[0] === 0xff && picture[1] === 0xd8;
    return isJpeg && Buffer.from(await this.clip(size)).includes(Buffer.from(picture));
  }

  /** The JPEG stream that the device plays. */
  clip(size: string): Promise<Uint8Array<ArrayBuffer>> {
    return Deno.readFile(`${this.#device}/clip-${size}.mjpeg`);
  }

  async #makeClip(size: string): Promise<void> {
    const { picture, clipQuality } = this.#options;
    const target = `${this.#device}/clip-${size}.mjpeg`;
    const source = picture.replaceAll("{size}", size);
    const encode = [
      "-c:v",
      "mjpeg",
      "-q:v",
      String(clipQuality),
      "-huffman",
      "default",
      "-pix_fmt",
      "yuvj422p",
    ];
    const { success, stderr } = await new Deno.Command("ffmpeg", {
      args: [
        "-v",
        "error",
        "-y",
        "-f",
        "lavfi",
        "-i",
        source,
        "-frames:v",
        "60",
        ...encode,
        "-f",
        "mjpeg",
        target,
      ],
    }).output();
    if (!success) throw new Error(`The clip could not be made: ${new TextDecoder().decode(stderr)}`);
  }
}

function info(card: string, number: number, caps: number): string {
  return `Driver Info:
	Driver name      : uvcvideo
	Card type        : ${card}
	Bus info         : usb-0000:01:00.0-${number}
	Driver version   : 6.1.21
	Capabilities     : 0x84a00001
	Device Caps      : 0x${caps.toString(16).padStart(8, "0")}
`;
}

function formats(sizes: Record<string, string[]>, fps: number[]): string {
  const lines = ["ioctl: VIDIOC_ENUM_FMT", "\tType: Video Capture", ""];
  for (
    const [index, [format, list]] of Object.entries(sizes).filter(([, each]) => each.length > 0).entries()
  ) {
    lines.push(`\t[${index}]: '${format}' (${format})`);
    for (const size of list) {
      lines.push(`\t\tSize: Discrete ${size}`);
      for (const rate of fps) {
        lines.push(`\t\t\tInterval: Discrete ${(1 / rate).toFixed(3)}s (${rate.toFixed(3)} fps)`);
      }
    }
  }
  return lines.join("\n") + "\n";
}
