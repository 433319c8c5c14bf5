// What the tests with emulated network cameras share: configurations that reach them, and looks at what comes out.
import type { RtspMount } from "../emulators/rtsp/rtsp_emulator.ts";
import type { HttpClient } from "../tools/http_client.ts";
import { HubProcess, type HubStart } from "../tools/hub_process.ts";

/** Short waits, so that tests need not wait long. */
export const QUICK = { linger_s: 0.5, retry_first_s: 0.2, retry_max_s: 1 };

/** Streams with many key frames: a picture is there soon after it is asked for. */
export const MOUNTS: RtspMount[] = [
  { path: "/stream1", width: 640, height: 360, fps: 15, gop: 5 },
  { path: "/stream2", width: 320, height: 184, fps: 10, gop: 5, audio: "none" },
];

/** An address of this run alone: two runs on one machine must not find each other's cameras. */
export function ownHost(last: number): string {
  return `127.${1 + Deno.pid % 250}.${Math.floor(Deno.pid / 250) % 250}.${last}`;
}

/** A configuration that may reach the emulators. JSON is YAML too, and quotes what has to be quoted. */
export function configOf(
  cameras: readonly Record<string, unknown>[],
  options: {
    allow?: readonly string[];
    streams?: Record<string, number>;
    alerts?: unknown;
    /** Other sections of the file. */
    sections?: Record<string, unknown>;
  } = {},
): string {
  const { allow = ["127.0.0.0/8"], streams, alerts = {}, sections } = options;
  return JSON.stringify({
    network: { allow },
    streams: { ...QUICK, ...streams },
    webcams: { auto: false },
    alerts,
    // A camera that tells of no motion would be read all the time.
    motion: { detector: "off" },
    cameras,
    ...sections,
  });
}

/** Starts a hub with these cameras and logs in. */
export async function startHub(
  cameras: readonly Record<string, unknown>[],
  options: Parameters<typeof configOf>[1] & Omit<HubStart, "config"> = {},
): Promise<HubProcess> {
  const { allow, streams, alerts, sections, ...start } = options;
  const config = configOf(cameras, {
    ...(allow ? { allow } : {}),
    ...(streams ? { streams } : {}),
    ...(sections ? { sections } : {}),
    ...(alerts ? { alerts } : {}),
  });
  const hub = await HubProcess.start({ ...start, config });
  await hub.login();
  return hub;
}

/** A data folder in which one hub runs after the other. */
export class Home implements AsyncDisposable {
  #hub: HubProcess | undefined;

  /** Stops the hub that runs here, if any, and starts the next with what that one has left. */
  async start(
    cameras: readonly Record<string, unknown>[],
    options: Parameters<typeof startHub>[1] = {},
  ): Promise<HubProcess> {
    const before = this.#hub;
    await before?.stop();
    if (before?.configPath) await Deno.remove(before.configPath);
    this.#hub = await startHub(cameras, { ...options, ...(before ? { dataDir: before.dataDir } : {}) });
    return this.#hub;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#hub?.[Symbol.asyncDispose]();
  }
}

/** A camera as it stands in the list: nothing is asked of the device. */
// deno-lint-ignore no-explicit-any -- tests look into answers of every shape
export async function row(hub: HubProcess, id: string): Promise<any> {
  const { cameras } = await hub.client.json("/api/cameras");
  return cameras.find((camera: { id: string }) => camera.id === id);
}

/** Waits until a camera has the status; returns its row then. */
// deno-lint-ignore no-explicit-any -- tests look into answers of every shape
export async function awaitStatus(hub: HubProcess, id: string, status: string): Promise<any> {
  // deno-lint-ignore no-explicit-any -- the same
  let found: any;
  await hub.waitFor(async () => {
    found = await row(hub, id);
    return found?.status === status;
  }, `camera ${id} to be ${status}`);
  return found;
}

/** Names of the programs that the hub runs now, sorted. */
export async function processNames(hub: HubProcess): Promise<string[]> {
  const { processes } = await hub.client.json("/api/status");
  return processes.map(({ name }: { name: string }) => name).sort();
}

/** Mean colour, 0–255. */
export interface Colour {
  red: number;
  green: number;
  blue: number;
}

const TO_ONE_PIXEL = ["-vf", "scale=1:1:flags=area", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"];

/** Mean colour of a JPEG. */
export async function meanColour(jpeg: Uint8Array): Promise<Colour> {
  const stdout = await runOn(["ffmpeg", "-v", "error", "-f", "mjpeg", "-i", "-", ...TO_ONE_PIXEL], jpeg);
  const [red = -1, green = -1, blue = -1] = stdout;
  return { red, green, blue };
}

/** Gives a program bytes on stdin and returns what it prints; fails when it complains. */
export async function runOn(command: string[], input: Uint8Array): Promise<Uint8Array> {
  const [program = "", ...args] = command;
  const child = new Deno.Command(program, { args, stdin: "piped", stdout: "piped", stderr: "piped" }).spawn();
  const feeding = feed(child.stdin, input);
  const { code, stdout, stderr } = await child.output();
  await feeding;
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${new TextDecoder().decode(stderr)}`);
  return stdout;
}

/** A program may have seen enough before it has read everything. */
async function feed(stdin: WritableStream<Uint8Array>, input: Uint8Array): Promise<void> {
  const writer = stdin.getWriter();
  try {
    await writer.write(input);
    await writer.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/** The newest picture of a camera. */
export async function snapshot(hub: HubProcess, id: string, query = ""): Promise<Uint8Array> {
  const response = await hub.client.fetch(`/api/cameras/${id}/snapshot${query}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (response.status !== 200) throw new Error(`snapshot: ${new TextDecoder().decode(bytes)}`);
  return bytes;
}

/** Waits until the mean colour of the picture is as wanted; returns it. */
export async function awaitColour(
  hub: HubProcess,
  id: string,
  isSo: (colour: Colour) => boolean,
): Promise<Colour> {
  let colour: Colour = { red: -1, green: -1, blue: -1 };
  await hub.waitFor(async () => {
    colour = await meanColour(await snapshot(hub, id));
    return isSo(colour);
  }, `the picture of ${id}`).catch((error) => {
    throw new Error(`The mean colour is ${JSON.stringify(colour)}`, { cause: error });
  });
  return colour;
}

/** Left in the emulators' room is red, right is blue; privacy mode is a dark card without colour. */
export const isReddish = ({ red, blue }: Colour): boolean => red > blue + 20;
export const isBluish = ({ red, blue }: Colour): boolean => blue > red + 20;
export const isDark = ({ red, green, blue }: Colour): boolean => Math.max(red, green, blue) < 45;

/** A WebSocket of the hub that keeps every text it hears. */
export class Listening implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly #closed: Promise<unknown>;
  // deno-lint-ignore no-explicit-any -- messages of every shape
  readonly texts: any[] = [];
  pictures = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => this.#hear(data);
    this.#closed = new Promise((resolve) => socket.onclose = resolve);
  }

  /** Connects with the login of the client. */
  static async open(client: HttpClient, path: string): Promise<Listening> {
    // Deno's own option; the DOM's types, which the islands need, do not know it.
    const options = { headers: { cookie: client.cookie, origin: client.origin } } as unknown as string[];
    const socket = new WebSocket(client.origin.replace("http", "ws") + path, options);
    const listening = new Listening(socket);
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onerror = (event) => reject(new Error((event as ErrorEvent).message));
    });
    return listening;
  }

  say(message: Record<string, unknown>): void {
    this.#socket.send(JSON.stringify(message));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await this.#closed;
  }

  /** Live pictures are acknowledged at once, as a browser does. */
  #hear(data: string | ArrayBuffer): void {
    if (typeof data === "string") {
      this.texts.push(JSON.parse(data));
      return;
    }
    this.pictures++;
    const facts = this.texts.findLast((each) => each.op === "frame");
    this.say({ op: "ack", camera: facts.camera, seq: facts.seq });
  }
}

/** Watches a camera's MJPEG stream until it is disposed of, and counts the pictures. */
export class Watching implements AsyncDisposable {
  readonly #leave = new AbortController();
  readonly #ended: Promise<void>;
  bytes = 0;
  /** True once the stream has ended, whoever ended it. */
  isOver = false;

  private constructor(response: Response) {
    this.#ended = this.#read(response);
  }

  /** Begins; resolves with the first picture. Fails with what the hub says instead. */
  static async start(client: HttpClient, path: string): Promise<Watching> {
    const response = await client.fetch(path);
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return new Watching(response);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leave.abort();
    await this.#ended;
  }

  async #read(response: Response): Promise<void> {
    const reader = response.body?.getReader();
    const left = new Promise<{ done: true; value?: undefined }>((resolve) =>
      this.#leave.signal.addEventListener("abort", () => resolve({ done: true }), { once: true })
    );
    for (;;) {
      const read = await Promise.race([reader?.read() ?? left, left]);
      if (read.done) break;
      this.bytes += read.value?.length ?? 0;
    }
    this.isOver = true;
    await reader?.cancel();
  }
}
