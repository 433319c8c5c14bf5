// The built hub as a process in the guest: starts it with a configuration, logs in, ends or kills it.
import { HubClient } from "./hub_client.ts";
import { eventually, note } from "./tap.ts";

const START_LIMIT_MS = 90_000;
let nextPort = 8080;

export class HubProcess {
  readonly #child: Deno.ChildProcess;
  readonly #output: string[] = [];
  private constructor(child: Deno.ChildProcess, readonly port: number) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) void this.#collect(stream);
  }

  static async start(
    config: string,
    options: { uid?: number } = {},
  ): Promise<{ hub: HubProcess; client: HubClient }> {
    const port = nextPort++;
    const folder = await Deno.makeTempDir({ dir: "/tmp" });
    await Deno.writeTextFile(`${folder}/config.yaml`, config);
    const command = [
      Deno.env.get("HUB")!,
      "serve",
      "--config",
      `${folder}/config.yaml`,
      "--host",
      "127.0.0.1",
    ];
    command.push("--port", `${port}`, "--metrics-port", "0", "--data", `${folder}/data`);
    if (options.uid !== undefined) {
      await Deno.chown(folder, options.uid, options.uid);
      const ids = ["--reuid", `${options.uid}`, "--regid", `${options.uid}`, "--clear-groups"];
      command.unshift("setpriv", ...ids, "env", `HOME=${folder}`);
    }
    const began = performance.now();
    const child = new Deno.Command(command[0]!, {
      args: command.slice(1),
      cwd: folder,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const hub = new HubProcess(child, port);
    const link = await eventually("the login link", START_LIMIT_MS, () => Promise.resolve(hub.#link()))
      .catch(async (error) => {
        await hub.kill();
        throw new Error(`${error.message}\n${hub.log(20)}`);
      });
    note(`hub ready after ${((performance.now() - began) / 1000).toFixed(1)} s`);
    return { hub, client: await HubClient.login(link.value) };
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** The last lines it wrote. */
  log(lines: number): string {
    return this.#output.join("").split("\n").slice(-lines).join("\n");
  }

  async kill(): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await this.#child.status;
  }

  #link(): string | undefined {
    return new RegExp(`http://127\\.0\\.0\\.1:${this.port}/\\?token=[^\\s"]+`).exec(this.#output.join(""))
      ?.[0];
  }

  async #collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) this.#output.push(text);
  }
}
