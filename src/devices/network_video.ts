// The stream of a camera on the network as ffmpeg reads it: RTSP, RTMP or MJPEG over HTTP, with its account guarded.
import { type Clock, systemClock } from "../base/clock.ts";
import { HubError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import type { Network } from "../base/network.ts";
import { Secret } from "../base/secret.ts";
import { explainIngest, type IngestFault } from "../process/ingest_errors.ts";
import { ingestArgs, ingestList, mjpegIngestArgs, type RtpTransport } from "../process/ingest_args.ts";
import type { ProcessExit, ProcessSpec } from "../process/launcher.ts";
import { assertFits, type CameraUrl, formatCameraUrl } from "../protocols/rtsp/camera_url.ts";
import type { AccountGuard } from "./account_guard.ts";
import type { SessionLimit, Video, VideoMode } from "./device.ts";

/** What to read, and as whom. */
export interface NetworkVideoOptions {
  /** Name of the process, for example `camera front`. */
  name: string;
  /** Without user and password. */
  url: CameraUrl;
  username?: string | undefined;
  password?: Secret | undefined;
  transport: RtpTransport | "auto";
  audio: boolean;
  codec?: Video["codec"];
  modes?: readonly VideoMode[];
  limit?: SessionLimit;
  sub?: Video | undefined;
}

/** What reading needs. */
export interface NetworkVideoContext {
  network: Network;
  log: Logger;
  /** Of the account; undefined for a stream without one. */
  guard: AccountGuard | undefined;
  clock?: Clock;
}

/** ffmpeg's own limit, above the hub's stall limit: it only ends what the hub no longer watches. */
const TIMEOUT_MS = 10_000;

/** Returns the video of a camera on the network. */
export function networkVideo(options: NetworkVideoOptions, context: NetworkVideoContext): Video {
  const reader = new Reader(options, context);
  const isMjpeg = options.url.scheme.startsWith("http");
  return {
    codec: isMjpeg ? "mjpeg" : options.codec ?? "h264",
    framing: isMjpeg ? "mpjpeg" : "mp4",
    ...(options.modes ? { modes: options.modes } : {}),
    ...(options.limit ? { limit: options.limit } : {}),
    ...(options.sub ? { sub: options.sub } : {}),
    spec: (signal) => reader.spec(signal),
    begun: () => reader.begun(),
    explain: (exit) => reader.explain(exit),
    ended: () => reader.ended(),
  };
}

/** Keeps what one failure taught for the next start. */
class Reader {
  readonly #options: NetworkVideoOptions;
  readonly #context: NetworkVideoContext;
  #transport: RtpTransport;
  #hasAudio: boolean;
  /** Ends the login that is under way, if one is. */
  #loginOver = () => {};
  /** What became of the last login, being written down; never rejects. */
  #noting: Promise<void> = Promise.resolve();

  constructor(options: NetworkVideoOptions, context: NetworkVideoContext) {
    this.#options = options;
    this.#context = context;
    this.#transport = options.transport === "udp" && !isEncrypted(options) ? "udp" : "tcp";
    this.#hasAudio = options.audio;
  }

  async spec(signal: AbortSignal): Promise<ProcessSpec> {
    const { name, url, username, password } = this.#options;
    if (username !== undefined) assertFits(username, password?.reveal() ?? "");
    this.#loginOver = await this.#context.guard?.begin("stream", signal) ?? this.#loginOver;
    const host = await this.#context.network.resolve(url.host, signal).catch((error) => {
      this.#loginOver();
      throw error;
    });
    const full = formatCameraUrl({
      ...url,
      host,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password: password.reveal() }),
    });
    const args = url.scheme.startsWith("http") ? mjpegIngestArgs() : ingestArgs({ audio: this.#hasAudio });
    const input = ingestList({
      url: new Secret(full),
      transport: this.#transport,
      timeoutMs: TIMEOUT_MS,
    });
    return { name, program: "ffmpeg", args, input };
  }

  /** A picture: the account is the right one. */
  begun(): void {
    const { guard } = this.#context;
    if (guard) this.#note(guard.accepted("stream"));
    this.#loginOver();
  }

  ended(): Promise<void> {
    this.#loginOver();
    return this.#noting;
  }

  explain(exit: ProcessExit): HubError {
    const fault = explainIngest(exit, (this.#context.clock ?? systemClock).now());
    this.#learn(fault);
    const isFixed = fault.cause === "transport" && !this.#mayChange;
    return isFixed ? this.#otherTransport(fault.error) : fault.error;
  }

  get #mayChange(): boolean {
    return this.#options.transport === "auto" && !isEncrypted(this.#options);
  }

  #otherTransport({ kind, message, details }: HubError): HubError {
    const wanted = this.#transport.toUpperCase();
    const hint = isEncrypted(this.#options)
      ? "Streams over rtsps are read by TCP only; set the camera to that, or give its rtsp address"
      : `It was asked for ${wanted} only; set the camera to that, or use auto here`;
    return new HubError(kind, message, { hint, details });
  }

  #learn({ cause, error }: IngestFault): void {
    const { guard } = this.#context;
    if (cause === "refused" && guard) this.#note(guard.refused("stream", error));
    else if (cause === "denied" && guard) this.#note(guard.denied("stream", error));
    else if (cause === "transport" && this.#mayChange) {
      this.#transport = this.#transport === "tcp" ? "udp" : "tcp";
    } else if (cause === "sound") {
      this.#hasAudio = false;
    }
  }

  #note(noting: Promise<void>): void {
    this.#noting = noting.catch((error) =>
      this.#context.log.error("What became of a login could not be noted", { error })
    );
  }
}

/** ffmpeg reads `rtsps` interleaved, whatever it is asked for. */
function isEncrypted({ url }: NetworkVideoOptions): boolean {
  return url.scheme === "rtsps";
}
