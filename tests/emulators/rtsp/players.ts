// What the tests of the RTSP camera look with: ffmpeg and ffprobe, and a bare player that counts bytes.

/** How a program ended, and what it printed. */
export interface Ended {
  code: number;
  stdout: Uint8Array<ArrayBuffer>;
  stderr: string;
}

async function run(program: string, args: string[]): Promise<Ended> {
  const common = ["-v", "error", "-rtsp_transport", "tcp", "-timeout", "5000000", "-fpsprobesize", "0"];
  const output = await new Deno.Command(program, { args: [...common, ...args], stdin: "null" }).output();
  return { code: output.code, stdout: output.stdout, stderr: new TextDecoder().decode(output.stderr) };
}

/** Names of the codecs of a stream, sorted; throws what ffprobe says if it cannot be read. */
export async function codecsOf(url: string): Promise<string[]> {
  const { code, stdout, stderr } = await tryProbe(url);
  if (code !== 0) throw new Error(stderr);
  return new TextDecoder().decode(stdout).trim().split(/\s+/).sort();
}

/** Asks ffprobe for the codecs of a stream, whatever comes of it. */
export async function tryProbe(url: string): Promise<Ended> {
  return await run("ffprobe", ["-show_entries", "stream=codec_name", "-of", "csv=p=0", url]);
}

/** Mean colour, 0–255. */
export interface Colour {
  red: number;
  green: number;
  blue: number;
}

/** Mean colour of one picture of a stream. */
export async function meanColour(url: string): Promise<Colour> {
  const filter = [
    "-an",
    "-frames:v",
    "1",
    "-vf",
    "scale=1:1:flags=area",
    "-f",
    "rawvideo",
    "-pix_fmt",
    "rgb24",
  ];
  const { stdout, stderr } = await run("ffmpeg", ["-i", url, ...filter, "-"]);
  const [red, green, blue] = stdout;
  if (red === undefined || green === undefined || blue === undefined) throw new Error(stderr);
  return { red, green, blue };
}

/** A running ffmpeg that copies a stream to nowhere but here. */
export class Player implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #output: Promise<void>;
  #news = Promise.withResolvers<void>();
  /** Bytes of media that came so far. */
  bytes = 0;

  constructor(url: string) {
    const source = ["-v", "error", "-nostdin", "-rtsp_transport", "tcp", "-fpsprobesize", "0", "-i", url];
    const args = [...source, "-map", "0:v:0", "-c", "copy", "-f", "nut", "-"];
    this.#child = new Deno.Command("ffmpeg", { args, stdin: "null", stdout: "piped", stderr: "null" })
      .spawn();
    this.#output = this.#read();
  }

  /** Waits for more bytes; throws when the stream ends instead. */
  async more(): Promise<void> {
    await this.#news.promise;
  }

  /** Waits until the stream ends by itself; returns ffmpeg's exit code. */
  async ended(): Promise<number> {
    await this.#output;
    return (await this.#child.status).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    await this.ended();
  }

  async #read(): Promise<void> {
    for await (const chunk of this.#child.stdout) {
      this.bytes += chunk.byteLength;
      const news = this.#news;
      this.#news = Promise.withResolvers();
      news.resolve();
    }
    this.#news.promise.catch(() => {});
    this.#news.reject(new Error("The stream has ended"));
  }
}
