// A TLS server of OpenSSL's own, as a process of its own: the other implementation to talk to.
import { assert } from "@std/assert";
import type { Identity } from "./certificates.ts";

const MAX_OUTPUT_CHARS = 100_000;

/** How `openssl s_server` is started. */
export interface ServerOptions {
  readonly identity: Identity;
  /** OpenSSL's names of the cipher suites; weak ones are allowed. */
  readonly ciphers: string;
  /** Version of TLS, and what the server does: `-rev`, `-WWW`, … */
  readonly args: readonly string[];
  readonly cwd?: string;
}

/** A running `openssl s_server` on a free port of the loopback interface; killed when it is left. */
export class OpensslServer implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reading: Promise<void>;
  readonly #watchers = new Set<() => void>();
  /** What the server has printed. */
  output = "";
  port = 0;

  private constructor(options: ServerOptions) {
    const { identity, ciphers, args } = options;
    const files = ["-cert", identity.certificateFile, "-key", identity.keyFile];
    this.#child = new Deno.Command("openssl", {
      args: ["s_server", "-accept", "127.0.0.1:0", ...files, "-cipher", `${ciphers}:@SECLEVEL=0`, ...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
      ...options.cwd === undefined ? {} : { cwd: options.cwd },
    }).spawn();
    this.#stdin = this.#child.stdin.getWriter();
    this.#reading = this.#readOutput();
  }

  static async start(options: ServerOptions): Promise<OpensslServer> {
    const server = new OpensslServer(options);
    await server.untilOutput(/ACCEPT \S+:(\d+)\n/);
    server.port = Number(/ACCEPT \S+:(\d+)\n/.exec(server.output)?.[1]);
    return server;
  }

  /** Types a line at the server's console. */
  async type(line: string): Promise<void> {
    await this.#stdin.write(new TextEncoder().encode(line));
  }

  /** Waits until the server has printed something; fails when it ends before. */
  async untilOutput(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.output)) {
      const isOver = await Promise.race([
        this.#reading.then(() => true),
        new Promise<false>((resolve) => this.#watchers.add(() => resolve(false))),
      ]);
      assert(!isOver || pattern.test(this.output), `openssl ended without ${pattern}: ${this.output}`);
    }
  }

  /** Stops the process where it is, so that it takes in nothing more. */
  freeze(): void {
    this.#child.kill("SIGSTOP");
  }

  async kill(): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch (error) {
      // It may have ended by itself.
      if (!(error instanceof TypeError)) throw error;
    }
    await this.#child.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.#reading;
    await this.#stdin.abort().catch(() => {/* the process is gone */});
  }

  async #readOutput(): Promise<void> {
    for await (const chunk of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      this.output = (this.output + chunk).slice(-MAX_OUTPUT_CHARS);
      for (const wake of this.#watchers) wake();
      this.#watchers.clear();
    }
  }
}
