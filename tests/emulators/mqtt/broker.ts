// A real broker (Debian's mosquitto) on a free port, and its command-line clients.
import type { ServerIdentity } from "../../tools/certificate_authority.ts";
import { until } from "../../unit/tools/processes.ts";
import { freePort } from "../../tools/free_port.ts";

export interface BrokerOptions {
  /** Left out: nobody has to log in. */
  account?: { user: string; password: string };
  /** What it proves itself with, and who vouches for that. */
  identity?: ServerIdentity & { ca: string };
}

/** One message as `mosquitto_sub` tells it. */
export interface Heard {
  topic: string;
  payload: string;
  /** The same, for what is no text. */
  bytes: Uint8Array;
  isRetained: boolean;
  qos: number;
}

/** Retained at every broker: who has heard it has been sent all that is retained elsewhere. */
const MARK = "mark/here";

/** A broker in a folder of its own. `stop` and `start` play a restart; what is retained then is gone, as in RAM. */
export class Broker implements AsyncDisposable {
  readonly port: number;
  readonly #folder: string;
  readonly #options: BrokerOptions;
  readonly #followers: Follower[] = [];
  #process: Deno.ChildProcess | undefined;

  private constructor(port: number, folder: string, options: BrokerOptions) {
    this.port = port;
    this.#folder = folder;
    this.#options = options;
  }

  static async start(options: BrokerOptions = {}): Promise<Broker> {
    const folder = await Deno.makeTempDir({ prefix: "broker-" });
    const broker = new Broker(freePort(), folder, options);
    await broker.#configure();
    await broker.start();
    return broker;
  }

  get url(): string {
    return `${this.#options.identity ? "mqtts" : "mqtt"}://127.0.0.1:${this.port}`;
  }

  /** Starts it (again), on the same port. */
  async start(): Promise<void> {
    const path = "/usr/sbin:/usr/bin:/bin";
    this.#process = new Deno.Command("mosquitto", {
      args: ["-c", `${this.#folder}/mosquitto.conf`],
      env: { PATH: path },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    await until(() => listens(this.port), "the broker");
    await this.publish(MARK, "here", { retain: true });
  }

  /** Ends it at once: who was connected is told nothing. */
  async stop(): Promise<void> {
    this.#process?.kill("SIGKILL");
    await this.#process?.status;
    this.#process = undefined;
  }

  /** Follows topics as another client does, until the broker is disposed of or restarted. */
  async follow(...topics: string[]): Promise<Follower> {
    const follower = new Follower([...this.#arguments(), ...topics.flatMap((topic) => ["-t", topic])]);
    this.#followers.push(follower);
    await follower.ready();
    return follower;
  }

  /** What the broker has kept below the topics: it sends that in the order of the subscriptions, the mark last. */
  async retained(...topics: string[]): Promise<Map<string, string>> {
    const heard = await this.#retained(topics);
    return new Map(heard.map(({ topic, payload }) => [topic, payload]));
  }

  /** A picture that the broker has kept; undefined: none. */
  async retainedPicture(topic: string): Promise<Uint8Array | undefined> {
    return (await this.#retained([topic]))[0]?.bytes;
  }

  async #retained(topics: readonly string[]): Promise<Heard[]> {
    const follower = await this.follow(...topics);
    await follower.stop();
    return follower.heard.filter(({ isRetained }) => isRetained);
  }

  /** Publishes as another client does. */
  async publish(topic: string, payload: string, { retain = false } = {}): Promise<void> {
    const { success, stderr } = await new Deno.Command("mosquitto_pub", {
      args: [...this.#arguments(), "-t", topic, "-m", payload, "-q", "1", ...(retain ? ["-r"] : [])],
      stdin: "null",
    }).output();
    if (!success) throw new Error(`mosquitto_pub: ${new TextDecoder().decode(stderr)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const follower of this.#followers) await follower.stop();
    await this.stop();
    await Deno.remove(this.#folder, { recursive: true });
  }

  #arguments(): string[] {
    const { account, identity } = this.#options;
    return [
      ...["-h", "127.0.0.1", "-p", String(this.port)],
      ...(account ? ["-u", account.user, "-P", account.password] : []),
      ...(identity ? ["--cafile", `${this.#folder}/ca.pem`] : []),
    ];
  }

  async #configure(): Promise<void> {
    const { account, identity } = this.#options;
    const folder = this.#folder;
    const lines = [`listener ${this.port} 127.0.0.1`, `allow_anonymous ${account === undefined}`];
    // Otherwise it becomes the user mosquitto, who may not read the folder.
    lines.push("user root", "persistence false", "max_queued_messages 0", "set_tcp_nodelay true");
    if (account) {
      await run("mosquitto_passwd", "-b", "-c", `${folder}/users`, account.user, account.password);
      lines.push(`password_file ${folder}/users`);
    }
    if (identity) {
      for (const name of ["cert", "key", "ca"] as const) {
        await Deno.writeTextFile(`${folder}/${name}.pem`, identity[name]);
      }
      lines.push(`certfile ${folder}/cert.pem`, `keyfile ${folder}/key.pem`);
    }
    await Deno.writeTextFile(`${folder}/mosquitto.conf`, `${lines.join("\n")}\n`);
  }
}

/** `mosquitto_sub`, and what it has printed. */
export class Follower {
  readonly heard: Heard[] = [];
  readonly #child: Deno.ChildProcess;
  readonly #output: Promise<void>;
  #isReady = false;

  constructor(args: string[]) {
    this.#child = new Deno.Command("mosquitto_sub", {
      // Payloads in hexadecimal: pictures are no text.
      args: [...args, "-t", MARK, "-q", "1", "-F", "heard %r %q %t %x"],
      env: { LC_ALL: "C" },
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#output = this.#read();
  }

  /** Resolves when the broker has taken the subscription. */
  async ready(): Promise<void> {
    await until(() => this.#isReady, "the subscription");
  }

  /** Payloads of one topic, in order. */
  payloads(topic: string): string[] {
    return this.heard.filter((each) => each.topic === topic).map(({ payload }) => payload);
  }

  /** Waits until the newest of a topic is so. */
  async waitFor(topic: string, payload: string): Promise<void> {
    try {
      await until(() => this.payloads(topic).at(-1) === payload, `${topic} = ${payload}`);
    } catch (error) {
      throw new Error(`${(error as Error).message}; there was ${JSON.stringify(this.heard.slice(-20))}`);
    }
  }

  async stop(): Promise<void> {
    try {
      this.#child.kill("SIGTERM");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    await this.#child.status;
    await this.#output;
  }

  async #read(): Promise<void> {
    let rest = "";
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#take(line);
    }
  }

  #take(line: string): void {
    const [, retained, qos, topic = "", hex = ""] = /^heard (\d) (\d) (\S+) ?([0-9a-f]*)$/.exec(line) ?? [];
    if (retained === undefined) return;
    if (topic === MARK) return void (this.#isReady = true);
    const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
    const payload = new TextDecoder().decode(bytes);
    this.heard.push({ topic, payload, bytes, isRetained: retained === "1", qos: Number(qos) });
  }
}

async function run(program: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args, stdin: "null" }).output();
  if (!success) throw new Error(`${program}: ${new TextDecoder().decode(stderr)}`);
}

async function listens(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return false;
    throw error;
  }
}
