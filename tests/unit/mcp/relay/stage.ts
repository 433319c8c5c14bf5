// A client at the relay's two ends, and the fake hub that it talks to.
// deno-lint-ignore-file no-explicit-any -- messages of every shape
import { Secret } from "../../../../src/base/secret.ts";
import { HubLink } from "../../../../src/mcp/relay/hub_link.ts";
import { relay } from "../../../../src/mcp/relay/relay.ts";

const SCRIPT = new URL("./fake_hub.ts", import.meta.url).pathname;

/** The fake hub, which can be killed and started again at the same places. */
export class FakeHub {
  readonly path: string;
  port = 0;
  /** What it said it did, over all its lives. */
  readonly said: any[] = [];
  #child: Deno.ChildProcess | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.path = path;
  }

  async start(): Promise<void> {
    const args = [
      "run",
      "--quiet",
      "--no-config",
      "--no-check",
      "--allow-all",
      SCRIPT,
      this.path,
      String(this.port),
    ];
    const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped" }).spawn();
    this.#child = child;
    const ready = Promise.withResolvers<void>();
    this.#reading = (async () => {
      let rest = "";
      for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines.map((each) => JSON.parse(each))) {
          if (line.port === undefined) this.said.push(line);
          else {
            this.port = line.port;
            ready.resolve();
          }
        }
      }
    })();
    await ready.promise;
  }

  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#child?.status;
    await this.#reading;
    this.#child = undefined;
  }

  /** How often it did what the name says. */
  count(name: string): number {
    return this.said.filter(({ did }) => did === name).length;
  }
}

/** What a client sends and gets. */
export class Peer {
  readonly got: any[] = [];
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #over: Promise<void>;
  #id = 0;

  constructor(link: HubLink) {
    const input = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>();
    this.#writer = input.writable.getWriter();
    const decoder = new TextDecoder();
    const output = new WritableStream<Uint8Array>({
      write: (bytes) =>
        void this.got.push(...decoder.decode(bytes).trimEnd().split("\n").map((line) => JSON.parse(line))),
    });
    this.#over = relay(link, { input: input.readable, output });
  }

  async raw(text: string): Promise<void> {
    await this.#writer.write(new TextEncoder().encode(text));
  }

  async notify(method: string, params: unknown = {}): Promise<void> {
    await this.raw(`${JSON.stringify({ jsonrpc: "2.0", method, params })}\n`);
  }

  /** Sends a request and returns its id at once. */
  async ask(method: string, params: unknown = {}): Promise<number> {
    const id = ++this.#id;
    await this.raw(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    return id;
  }

  answerOf(id: number): any {
    return this.got.find((message) => message.id === id && message.method === undefined);
  }

  /** Sends a request and waits for its answer. */
  async request(method: string, params: unknown = {}): Promise<any> {
    const id = await this.ask(method, params);
    await until(() => this.answerOf(id) !== undefined, `the answer to ${method}`);
    return this.answerOf(id);
  }

  notices(method: string): any[] {
    return this.got.filter((message) => message.method === method);
  }

  async close(): Promise<void> {
    await this.#writer.close();
    await this.#over;
  }
}

/** Waits until it is so; fails after 15 s. */
export async function until(isSo: () => boolean, what: string): Promise<void> {
  for (const end = performance.now() + 15_000; !isSo();) {
    if (performance.now() > end) throw new Error(`Waited too long for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export const ERAS = ["2025-11-25", "2026-07-28"] as const;
export type Era = typeof ERAS[number];
export const WAYS = ["socket", "url"] as const;

/** The parameters of a request in an era. */
export function of(era: Era, params: Record<string, unknown> = {}): Record<string, unknown> {
  if (era === "2025-11-25") return params;
  return { ...params, _meta: { "io.modelcontextprotocol/protocolVersion": era } };
}

/** Opens what the era opens, and subscribes to one resource. */
export async function begin(peer: Peer, era: Era, uri: string): Promise<void> {
  if (era === "2026-07-28") {
    await peer.ask(
      "subscriptions/listen",
      of(era, { notifications: { resourceSubscriptions: [uri], toolsListChanged: true } }),
    );
    return;
  }
  await peer.request("initialize", { protocolVersion: era, capabilities: {}, clientInfo: { name: "test" } });
  await peer.notify("notifications/initialized");
  await peer.request("resources/subscribe", { uri });
}

/** Runs the work with a hub that runs and a client that has not said anything yet. */
export async function withRelay(
  way: typeof WAYS[number],
  work: (stage: { hub: FakeHub; peer: Peer }) => Promise<void>,
  options: { token?: string; patienceMs?: number; isAway?: boolean; path?: string } = {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const hub = new FakeHub(`${folder}/hub.sock`);
  try {
    await hub.start();
    if (options.isAway) await hub.kill();
    const address = way === "socket" ? { url: "http://localhost/mcp", socket: hub.path } : {
      url: `http://127.0.0.1:${hub.port}${options.path ?? "/mcp"}`,
      token: new Secret(options.token ?? "good"),
    };
    const peer = new Peer(new HubLink(address, { patienceMs: options.patienceMs ?? 10_000 }));
    await work({ hub, peer });
    await peer.close();
  } finally {
    await hub.kill();
    await Deno.remove(folder, { recursive: true });
  }
}
