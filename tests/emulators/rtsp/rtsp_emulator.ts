// An RTSP camera for tests: wraps server.py, which serves a picture that follows the view, with faults on demand.
import { JsonLines } from "./json_lines.ts";

const SERVER = new URL("server.py", import.meta.url).pathname;
const DEADLINE_MS = 20_000;

/** One stream of the camera. What is left out: /stream1, 640x360 at 15 fps, GOP 30, 800 kbit/s, h264, pcma. */
export interface RtspMount {
  path?: string;
  /** Pixels; a multiple of 8. */
  width?: number;
  /** Pixels; a multiple of 2, of 8 for MJPEG. */
  height?: number;
  fps?: number;
  /** Frames from one key frame to the next. */
  gop?: number;
  bitrateKbps?: number;
  codec?: "h264" | "h265" | "mjpeg";
  audio?: "pcma" | "aac" | "none";
  /** Written into the picture; A–Z, 0–9, `-./:`. */
  title?: string;
}

export interface RtspOptions {
  /** 127.0.0.1 by default. */
  host?: string;
  /** 0, the default: any free one. */
  port?: number;
  /** Name → password. None by default: everybody may look. */
  users?: Record<string, string>;
  /** `digest` by default. */
  auth?: "digest" | "basic" | "none";
  /** /stream1 and the smaller /stream2 by default. */
  mounts?: RtspMount[];
  /** How many may play at once; one more is answered 453. No limit by default. */
  maxSessions?: number;
  /** How RTP may travel; another wish is answered 461. Both by default. */
  transports?: ("tcp" | "udp")[];
  /** `rtsps` with this certificate, in PEM; needs `users`. */
  tls?: { cert: string; key: string };
}

/** Where the camera looks: −1…1, + is right and up; zoom 0…1. `flip` turns the picture upside down. */
export interface RtspView {
  pan?: number;
  tilt?: number;
  zoom?: number;
  privacy?: boolean;
  flip?: boolean;
  night?: boolean;
}

/** What the camera has seen since it came online. */
export interface RtspCounts {
  /** Connections that play now, are open now; the most that ever played at once; all that ever began to. */
  sessions: number;
  clients: number;
  peak: number;
  openedTotal: number;
  /** Requests whose credentials were wrong. */
  authFailures: number;
  /** Encoders that run now: one for each mount with a client, however many they are. */
  media: number;
}

export type RtspMethod = "DESCRIBE" | "SETUP" | "PLAY";

const DEFAULT_MOUNTS: readonly RtspMount[] = [
  { path: "/stream1" },
  { path: "/stream2", width: 320, height: 180, fps: 10, gop: 20, bitrateKbps: 200, title: "CAMERA SUB" },
];

/** An RTSP camera on the loopback network; there from `start` until it is disposed of. */
export class RtspEmulator implements AsyncDisposable {
  readonly options: Readonly<RtspOptions>;
  /** Stays the same when the camera goes off and on. */
  port: number;
  #process: JsonLines | undefined;

  private constructor(options: RtspOptions) {
    this.options = options;
    this.port = options.port ?? 0;
  }

  /** Starts the camera and waits until it listens; throws what server.py says if it cannot. */
  static async start(options: RtspOptions = {}): Promise<RtspEmulator> {
    const camera = new RtspEmulator(options);
    await camera.online();
    return camera;
  }

  get host(): string {
    return this.options.host ?? "127.0.0.1";
  }

  /** True until `offline`. */
  get isOnline(): boolean {
    return this.#process !== undefined;
  }

  /** The address of a mount, with the credentials of a user, percent-encoded, if one is named. */
  url(path: string = "/stream1", user: string | undefined = undefined): string {
    const password = user === undefined ? "" : this.options.users?.[user] ?? "";
    const credentials = user === undefined ? "" : `${escape(user)}:${escape(password)}@`;
    return `rtsp${this.options.tls ? "s" : ""}://${credentials}${this.host}:${this.port}${path}`;
  }

  /** Looks elsewhere; what is not named stays. Streams show it with their next picture. */
  async view(view: RtspView): Promise<void> {
    await this.#command({ cmd: "view", ...view });
  }

  /** Stops the flow of data, or lets it go on; connections stay open, and new ones are answered. */
  async stall(on: boolean): Promise<void> {
    await this.#command({ cmd: "stall", on });
  }

  /** Answers a method with a status such as 401, 404, 453, 461 or 503 from now on; null: as usual again. */
  async reject(method: RtspMethod, code: number | null): Promise<void> {
    await this.#command({ cmd: "reject", method, code });
  }

  /** Closes all connections. */
  async drop(): Promise<void> {
    await this.#command({ cmd: "drop" });
  }

  /** Changes a mount for the sessions to come; who plays keeps what he has. */
  async change(path: string, mount: RtspMount): Promise<void> {
    await this.#command({ cmd: "codec", ...mount, path });
  }

  /** What was counted since the camera came online. */
  async sessions(): Promise<RtspCounts> {
    return await this.#command({ cmd: "sessions" });
  }

  /** Hangs the whole camera: connections are accepted, nothing is ever answered. No command works meanwhile. */
  freeze(on: boolean): void {
    this.#process?.kill(on ? "SIGSTOP" : "SIGCONT");
  }

  /** Ends the camera as if its plug were pulled: connections break, new ones are refused. */
  async offline(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    await process?.stop();
  }

  /** Starts the camera again on the same port, with everything as it was at first. */
  async online(): Promise<void> {
    if (this.#process) return;
    const { tls } = this.options;
    // Not `python3`: that may be one without gi.
    const process = new JsonLines("/usr/bin/python3", ["-B", SERVER], DEADLINE_MS);
    try {
      const answer = await process.ask({
        host: this.host,
        port: this.port,
        users: this.options.users ?? null,
        auth: this.options.auth ?? "digest",
        mounts: this.options.mounts ?? DEFAULT_MOUNTS,
        max_sessions: this.options.maxSessions ?? null,
        transports: this.options.transports ?? null,
        tls: tls ? `${tls.cert}\n${tls.key}` : null,
      });
      this.port = Number(answer.port);
      this.#process = process;
    } finally {
      if (!this.#process) await process.stop();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.offline();
  }

  async #command(command: Record<string, unknown>): Promise<RtspCounts> {
    if (!this.#process) throw new Error("The RTSP camera is offline");
    const { sessions, clients, peak, opened_total, auth_failures, media } = await this.#process.ask(command);
    return {
      sessions: Number(sessions),
      clients: Number(clients),
      peak: Number(peak),
      openedTotal: Number(opened_total),
      authFailures: Number(auth_failures),
      media: Number(media),
    };
  }
}

/** Percent-encodes for the user part of an address; encodeURIComponent leaves the apostrophe alone. */
function escape(text: string): string {
  return encodeURIComponent(text).replaceAll("'", "%27");
}
