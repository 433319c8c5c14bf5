// The viewers of the benchmark, in a process of their own: raw sockets, so that they cost as little as can be.
// deno-lint-ignore-file no-console -- its result goes to stdout
// Arguments: PORT PATH COOKIE COUNT SECONDS [BYTES_PER_SECOND]. Prints one line of JSON.

interface Samples {
  frames: number;
  bytes: number;
  agesMs: number[];
}

const [port, path, cookie, count, seconds, rate] = Deno.args;
const limit = rate === undefined ? Infinity : Number(rate);

/** Reads one stream until the time is over. Ages count from the part's time stamp to its last byte. */
async function view(untilMs: number, warmUntilMs: number): Promise<Samples> {
  const samples: Samples = { frames: 0, bytes: 0, agesMs: [] };
  const connection = await Deno.connect({ port: Number(port), hostname: "127.0.0.1" });
  const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  const buffer = new Uint8Array(limit === Infinity ? 1 << 20 : 1 << 14);
  const parser = new Parser((capturedAtMs, sizeBytes) => {
    const nowMs = Date.now();
    if (nowMs < warmUntilMs) return;
    samples.frames++;
    samples.bytes += sizeBytes;
    samples.agesMs.push(nowMs - capturedAtMs);
  });
  const startMs = performance.now();
  let taken = 0;
  while (Date.now() < untilMs) {
    const size = await connection.read(buffer);
    if (size === null) break;
    parser.push(buffer.subarray(0, size));
    taken += size;
    const aheadMs = taken / limit * 1000 - (performance.now() - startMs);
    if (aheadMs > 1) await new Promise((resolve) => setTimeout(resolve, aheadMs));
  }
  connection.close();
  return samples;
}

/** Finds part headers and skips pictures by their length; chunk sizes of HTTP are passed over by resynchronising. */
class Parser {
  readonly #onPart: (capturedAtMs: number, sizeBytes: number) => void;
  #head = "";
  #left = 0;
  #capturedAtMs = 0;
  #size = 0;

  constructor(onPart: (capturedAtMs: number, sizeBytes: number) => void) {
    this.#onPart = onPart;
  }

  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#left > 0) {
        const take = Math.min(this.#left, bytes.length - at);
        this.#left -= take;
        at += take;
        if (this.#left === 0) this.#onPart(this.#capturedAtMs, this.#size);
        continue;
      }
      const from = Math.max(0, this.#head.length - 400);
      const piece = new TextDecoder("latin1").decode(bytes.subarray(at, at + 400));
      const text = this.#head.slice(from) + piece;
      const found = /Content-Length: (\d+)\r\nX-Timestamp: ([\d.]+)\r\n(?:[^\r]+\r\n)*\r\n/.exec(text);
      if (!found) {
        this.#head = text.slice(-400);
        at += Math.min(400, bytes.length - at);
        continue;
      }
      at += found.index + found[0].length - (text.length - piece.length);
      this.#head = "";
      this.#size = this.#left = Number(found[1]);
      this.#capturedAtMs = Number(found[2]) * 1000;
    }
  }
}

const startMs = Date.now();
const warmUntilMs = startMs + 2000;
const untilMs = warmUntilMs + Number(seconds) * 1000;
const all = await Promise.all(Array.from({ length: Number(count) }, () => view(untilMs, warmUntilMs)));
const ages = all.flatMap((each) => each.agesMs).sort((a, b) => a - b);
const at = (share: number) => ages[Math.min(ages.length - 1, Math.floor(ages.length * share))] ?? NaN;
const frames = all.reduce((sum, each) => sum + each.frames, 0);
const fps = all.map((each) => each.frames / Number(seconds)).sort((a, b) => a - b);
console.log(JSON.stringify({
  frames,
  fpsMean: frames / all.length / Number(seconds),
  fpsMin: fps[0],
  p50: at(0.5),
  p95: at(0.95),
  p99: at(0.99),
  max: at(1),
}));
