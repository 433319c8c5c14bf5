// Starts the product as its users do and talks to it from outside.
import { HttpClient } from "./http_client.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
export const BINARY = `${ROOT}dist/tapo-camera-mcp`;

/** How to start a hub. */
export interface HubStart {
  args?: string[];
  /** Text of a configuration file. */
  config?: string;
  env?: Record<string, string>;
  /** What stands before the command, for example a namespace. */
  prefix?: string[];
  /** A data folder to use again. */
  dataDir?: string;
  binary?: string;
}

/** A running hub with its own data folder and port. */
export class HubProcess {
  readonly dataDir: string;
  readonly configPath: string | undefined;
  readonly child: Deno.ChildProcess;
  readonly #output: Promise<void>;
  /** Everything it printed, stdout and stderr. */
  text = "";
  client!: HttpClient;
  link = "";

  private constructor(child: Deno.ChildProcess, dataDir: string, configPath: string | undefined) {
    this.child = child;
    this.dataDir = dataDir;
    this.configPath = configPath;
    this.#output = Promise.all([this.#collect(child.stdout), this.#collect(child.stderr)]).then(() => {});
  }

  /** Starts a hub on a free port and waits until it serves. */
  static async start(options: HubStart = {}): Promise<HubProcess> {
    const hub = await HubProcess.launch(options);
    await hub.waitFor(() => /http:\/\/\S+/.test(hub.text) && hub.text.includes("The hub serves"));
    hub.link = /http:\/\/\S+/.exec(hub.text)?.[0] ?? "";
    hub.client = new HttpClient(new URL(hub.link).origin);
    return hub;
  }

  /** Starts the command without waiting for anything. */
  static async launch(options: HubStart): Promise<HubProcess> {
    const dataDir = options.dataDir ?? await Deno.makeTempDir({ prefix: "hub-data-" });
    let configPath: string | undefined;
    if (options.config !== undefined) {
      configPath = await Deno.makeTempFile({ prefix: "hub-", suffix: ".yaml" });
      await Deno.writeTextFile(configPath, options.config);
    }
    const args = ["--host", "127.0.0.1", "--port", "0", "--metrics-port", "0", "--data", dataDir];
    if (configPath) args.push("--config", configPath);
    const command = [...(options.prefix ?? []), options.binary ?? BINARY, ...args, ...(options.args ?? [])];
    const [program = "", ...rest] = command;
    const child = new Deno.Command(program, {
      args: rest,
      env: options.env ?? {},
      cwd: dataDir,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    return new HubProcess(child, dataDir, configPath);
  }

  /** Logs in through the printed link. */
  async login(): Promise<this> {
    const response = await this.client.fetch(new URL(this.link).pathname + new URL(this.link).search);
    await response.body?.cancel();
    if (response.status !== 303) throw new Error(`The link answered ${response.status}`);
    return this;
  }

  /** Waits until it is so; fails after 30 s with what the hub printed. */
  async waitFor(isSo: () => boolean | Promise<boolean>, what = "the hub"): Promise<void> {
    const deadline = Date.now() + 30_000;
    while (!await isSo()) {
      if (Date.now() > deadline) throw new Error(`Waited too long for ${what}; it printed:\n${this.text}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** Sends a signal and waits for the end; returns the exit code. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<number> {
    try {
      this.child.kill(signal);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    return await this.ended();
  }

  /** Waits for the end; returns the exit code. */
  async ended(): Promise<number> {
    const { code } = await this.child.status;
    await this.#output;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await Deno.remove(this.dataDir, { recursive: true });
    if (this.configPath) await Deno.remove(this.configPath);
  }

  async #collect(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) this.text += decoder.decode(chunk, { stream: true });
  }
}

/** Ids of processes whose command line holds the text. */
export async function processesWith(text: string): Promise<number[]> {
  const found: number[] = [];
  for await (const entry of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(entry.name) || Number(entry.name) === Deno.pid) continue;
    try {
      if ((await Deno.readTextFile(`/proc/${entry.name}/cmdline`)).includes(text)) {
        found.push(Number(entry.name));
      }
    } catch (error) {
      // A process may end while it is looked at.
      if (!(error instanceof Deno.errors.NotFound) && !/os error 3/.test(String(error))) throw error;
    }
  }
  return found;
}
