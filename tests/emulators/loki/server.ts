// A receiver that takes what Loki takes at /loki/api/v1/push (grafana.com/docs/loki/latest/reference/loki-http-api)
// and refuses what it refuses. With faults.
import { LoopbackHttp } from "../loopback_http.ts";

/** A line as a query would give it back. */
export interface LokiEntry {
  labels: Record<string, string>;
  /** Nanoseconds since 1970. */
  at: bigint;
  line: string;
  tenant: string | undefined;
}

/** What it answers in place of taking a push; `stall`: nothing at all. */
export type LokiFault = { status: number; headers?: Record<string, string> } | "stall";

/** How far behind the newest line of its stream a line may be: half of max_chunk_age's default of two hours. */
const TOO_FAR_BEHIND = 3_600_000_000_000n;

export class LokiServer extends LoopbackHttp {
  readonly entries: LokiEntry[] = [];
  /** Pushes in all, those refused included. */
  requests = 0;
  fault: LokiFault | undefined;
  readonly #token: string | undefined;
  readonly #newest = new Map<string, bigint>();
  readonly #stalled: PromiseWithResolvers<Response>[] = [];

  constructor(token?: string) {
    super();
    this.#token = token;
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    for (const { resolve } of this.#stalled) resolve(new Response(null, { status: 500 }));
    await super[Symbol.asyncDispose]();
  }

  protected override async answer(request: Request): Promise<Response> {
    this.requests++;
    const text = await request.text();
    if (new URL(request.url).pathname !== "/loki/api/v1/push" || request.method !== "POST") {
      return new Response("404 page not found\n", { status: 404 });
    }
    if (this.fault === "stall") {
      const stalled = Promise.withResolvers<Response>();
      this.#stalled.push(stalled);
      return stalled.promise;
    }
    if (this.fault) return new Response("Ingestion rate limit exceeded\n", this.fault);
    const { headers } = request;
    if (this.#token !== undefined && headers.get("authorization") !== `Bearer ${this.#token}`) {
      return new Response("unauthorized\n", { status: 401 });
    }
    if (!headers.get("content-type")?.startsWith("application/json")) {
      return new Response("snappy: corrupt input\n", { status: 400 });
    }
    return this.#take(text, headers.get("x-scope-orgid") ?? undefined);
  }

  #take(text: string, tenant: string | undefined): Response {
    const pushed: unknown = JSON.parse(text);
    const refused: string[] = [];
    for (const { labels, values } of streamsOf(pushed)) {
      const key = JSON.stringify(Object.entries(labels).sort());
      for (const [time, line] of values) {
        const at = BigInt(time);
        const newest = this.#newest.get(key) ?? at;
        if (newest - at > TOO_FAR_BEHIND) {
          refused.push("entry too far behind");
          continue;
        }
        this.#newest.set(key, at > newest ? at : newest);
        // The same line at the same time of a stream is one entry.
        const isKnown = this.entries.some((each) =>
          each.at === at && each.line === line && JSON.stringify(Object.entries(each.labels).sort()) === key
        );
        if (!isKnown) this.entries.push({ labels, at, line, tenant });
      }
    }
    return refused.length > 0
      ? new Response(`${refused[0]}, total ignored: ${refused.length}\n`, { status: 400 })
      : new Response(null, { status: 204 });
  }
}

/** The streams of a push. @throws where it is not of the documented shape. */
function streamsOf(pushed: unknown): { labels: Record<string, string>; values: [string, string][] }[] {
  const { streams } = pushed as { streams: { stream: Record<string, string>; values: [string, string][] }[] };
  return streams.map(({ stream, values }) => {
    const labels = Object.entries(stream);
    const isRight = labels.length > 0 && labels.length <= 15 &&
      labels.every(([name, value]) => /^[A-Za-z_]\w*$/.test(name) && typeof value === "string") &&
      values.every(([time, line]) => /^\d{19}$/.test(time) && typeof line === "string");
    if (!isRight) throw new Error(`Loki does not take this stream: ${JSON.stringify({ stream, values })}`);
    return { labels: stream, values };
  });
}
