// A camera that sends JPEGs over HTTP (multipart/x-mixed-replace), as older and cheap ones do, with faults on demand.
import { drawPictures } from "../../unit/tools/jpegs.ts";
import { challenge, isRight, type LoginOptions } from "./login.ts";

export interface HttpMjpegOptions {
  /** Nobody is asked for a login by default. */
  login?: LoginOptions;
  /** False leaves the length of each part out. */
  lengths?: boolean;
  /** Of each part; image/jpeg by default. */
  partType?: string;
  /** How its pictures are drawn, as options of ffmpeg; 320×184 by default. */
  drawing?: string[];
  /** What it shows at first; some pictures that differ by default. */
  pictures?: readonly Uint8Array<ArrayBuffer>[];
  /** Milliseconds from one picture to the next; 100 by default. */
  everyMs?: number;
  /** HTTPS with this certificate, in PEM. */
  tls?: { cert: string; key: string };
}

/** What the camera has seen since it was started. */
export interface HttpMjpegCounts {
  /** Streams that were ever opened, are open now. */
  opened: number;
  open: number;
  /** Requests whose credentials were wrong. */
  refused: number;
  /** Requests of all kinds. */
  requests: number;
}

const PICTURES = 5;
const PICTURE_EVERY_MS = 100;
const BOUNDARY = "--camera";

/**
 * There from `start` until it is disposed of. `/video` is the stream, `/picture.jpg` one picture, `/bare` JPEGs
 * without multipart, `/page` a web page, `/moved` a redirect to the stream, `/busy` 503, all else 404.
 */
export class HttpMjpegCamera implements AsyncDisposable {
  readonly counts: HttpMjpegCounts = { opened: 0, open: 0, refused: 0, requests: 0 };
  /** True: connections stay open, nothing more is sent; new requests get headers only. */
  isStalled = false;
  readonly #options: HttpMjpegOptions;
  #pictures: readonly Uint8Array<ArrayBuffer>[];
  #shownAtMs: number | undefined;
  readonly #streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
  #server: Deno.HttpServer<Deno.NetAddr> | undefined;
  #port = 0;

  private constructor(options: HttpMjpegOptions, pictures: readonly Uint8Array<ArrayBuffer>[]) {
    this.#options = options;
    this.#pictures = pictures;
  }

  static async start(options: HttpMjpegOptions = {}): Promise<HttpMjpegCamera> {
    const camera = new HttpMjpegCamera(
      options,
      options.pictures ?? await drawPictures(PICTURES, options.drawing ?? ["-s", "320x184"]),
    );
    camera.online();
    return camera;
  }

  url(path = "/video"): string {
    return `http${this.#options.tls ? "s" : ""}://127.0.0.1:${this.#port}${path}`;
  }

  /** True for one of the camera's own pictures, byte for byte. */
  sent(picture: Uint8Array): boolean {
    return this.#pictures.some((own) =>
      own.length === picture.length && own.every((b, i) => b === picture[i])
    );
  }

  online(): void {
    const where = { hostname: "127.0.0.1", port: this.#port, onListen: () => {}, ...this.#options.tls };
    this.#server = Deno.serve(where, (request) => this.#answer(request));
    this.#port = this.#server.addr.port;
  }

  /** Shows these from now on, one after the other and then from the first again. */
  show(pictures: readonly Uint8Array<ArrayBuffer>[]): void {
    this.#pictures = pictures;
    this.#shownAtMs = undefined;
  }

  /** When the first of what is shown now was sent, milliseconds since 1970. */
  get shownAtMs(): number | undefined {
    return this.#shownAtMs;
  }

  /** Ends all streams, as a camera that restarts its server. */
  drop(): void {
    for (const controller of this.#streams) controller.close();
    this.#streams.clear();
  }

  /** Connections end, new ones are refused. */
  async offline(): Promise<void> {
    this.drop();
    await this.#server?.shutdown();
    this.#server = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.offline();
  }

  #answer({ headers, url }: Request): Response {
    this.counts.requests++;
    const { login } = this.#options;
    const given = headers.get("authorization");
    if (login && !(given && isRight(given, login))) {
      if (given) this.counts.refused++;
      return new Response("", { status: 401, headers: { "www-authenticate": challenge(login.method) } });
    }
    const { pathname, origin } = new URL(url);
    if (pathname === "/video") {
      return reply(this.#stream(true), `multipart/x-mixed-replace;boundary=${BOUNDARY}`);
    }
    if (pathname === "/bare") return reply(this.#stream(false), "video/x-motion-jpeg");
    if (pathname === "/picture.jpg") return reply(this.#pictures[0]!, "image/jpeg");
    if (pathname === "/page") return reply("<html><title>Camera</title></html>", "text/html");
    if (pathname === "/moved") return Response.redirect(`${origin}/video`, 302);
    return new Response("", { status: pathname === "/busy" ? 503 : 404 });
  }

  #stream(isMultipart: boolean): ReadableStream<Uint8Array> {
    const { counts } = this;
    let at = 0;
    let timer = 0;
    let own: ReadableStreamDefaultController<Uint8Array> | undefined;
    const tick = () => {
      if (!own || !this.#streams.has(own)) return end();
      if (this.isStalled) return;
      const picture = this.#pictures[at++ % this.#pictures.length]!;
      this.#shownAtMs ??= Date.now();
      own.enqueue(isMultipart ? this.#part(picture) : picture);
    };
    const end = () => {
      clearInterval(timer);
      counts.open--;
      if (own) this.#streams.delete(own);
    };
    return new ReadableStream({
      start: (controller) => {
        own = controller;
        this.#streams.add(controller);
        counts.opened++;
        counts.open++;
        timer = setInterval(tick, this.#options.everyMs ?? PICTURE_EVERY_MS);
      },
      cancel: end,
    });
  }

  /** The boundary is written as many cameras do: with its dashes in the header already. */
  #part(picture: Uint8Array): Uint8Array {
    const { lengths = true, partType = "image/jpeg" } = this.#options;
    const length = lengths ? `Content-Length: ${picture.length}\r\n` : "";
    const head = new TextEncoder().encode(`${BOUNDARY}\r\nContent-Type: ${partType}\r\n${length}\r\n`);
    return new Uint8Array([...head, ...picture, 13, 10]);
  }
}

function reply(body: BodyInit, type: string): Response {
  return new Response(body, { headers: { "content-type": type } });
}
