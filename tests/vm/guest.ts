// What the tests do to the guest machine itself: plug and pull the webcam, ask its devices, look at processes.
import { eventually } from "./tap.ts";

const controlUrl = Deno.env.get("CONTROL_URL") ?? "";
const usbipPort = Deno.env.get("USBIP_PORT") ?? "";
export const HOST = "10.0.2.2";

export async function run(command: string, ...args: string[]): Promise<string> {
  const { success, code, stdout, stderr } = await new Deno.Command(command, { args, stdin: "null" }).output();
  const text = new TextDecoder().decode(stdout);
  if (!success) {
    throw new Error(`${command} ${args.join(" ")} gave ${code}: ${text}${new TextDecoder().decode(stderr)}`);
  }
  return text;
}

/** The value of a control as the kernel reads it from the device. */
export async function deviceControl(device: string, control: string): Promise<number> {
  const text = await run("v4l2-ctl", "-d", device, "-C", control);
  return Number(text.split(":")[1]);
}

/** The emulated webcam's own idea of its controls. */
export async function webcamControls(): Promise<Record<string, number>> {
  return (await (await fetch(`${controlUrl}/status`)).json()).controls;
}

export async function webcamHashes(size: string): Promise<Set<string>> {
  return new Set(await (await fetch(`${controlUrl}/hashes/${size}`)).json() as string[]);
}

/** Gives the emulated webcam an order, such as "huffman/off"; see its control_server.ts. */
export async function webcam(order: string): Promise<void> {
  const response = await fetch(`${controlUrl}/${order}`, { method: "POST" });
  if (!response.ok) throw new Error(`the emulated webcam refused ${order}: ${await response.text()}`);
  await response.body?.cancel();
}

/** Plugs the webcam in and waits for its by-id link; returns the link of the capture node. */
export async function plug(): Promise<string> {
  await run("usbip", "--tcp-port", usbipPort, "attach", "-r", HOST, "-b", "1-1");
  return (await eventually("the webcam's by-id link", 30_000, () => captureLink())).value;
}

export async function captureLink(): Promise<string | undefined> {
  try {
    for await (const { name } of Deno.readDir("/dev/v4l/by-id")) {
      if (name.endsWith("-video-index0")) return `/dev/v4l/by-id/${name}`;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** The node of the kernel's vivid driver, a camera that gives raw pictures only. */
export async function vividNode(): Promise<string> {
  for await (const { name } of Deno.readDir("/sys/class/video4linux")) {
    const title = await Deno.readTextFile(`/sys/class/video4linux/${name}/name`);
    if (title.includes("vid-cap")) return `/dev/${name}`;
  }
  throw new Error("the vivid driver has no capture node");
}

/** Command lines of the running processes of that name. */
export async function processes(name: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name: pid } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      if ((await Deno.readTextFile(`/proc/${pid}/comm`)).trim() !== name) continue;
      const line = (await Deno.readTextFile(`/proc/${pid}/cmdline`)).replaceAll("\0", " ").trim();
      // A zombie has no command line any more.
      if (line !== "") found.push(line);
    } catch {
      // The process ended while it was looked at.
    }
  }
  return found;
}

export async function sha256(bytes: Uint8Array): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes.slice())).toHex();
}

/** Throws when ffmpeg finds anything wrong with the JPEG picture. */
export async function decode(picture: Uint8Array): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: ".jpg" });
  await Deno.writeFile(path, picture);
  const said = await new Deno.Command("ffmpeg", {
    args: ["-v", "error", "-nostdin", "-xerror", "-f", "mjpeg", "-i", path, "-f", "null", "-"],
  }).output();
  await Deno.remove(path);
  const errors = new TextDecoder().decode(said.stderr).trim();
  if (!said.success || errors !== "") throw new Error(`ffmpeg cannot decode the picture: ${errors}`);
}
