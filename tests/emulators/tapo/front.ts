// What stands at the camera's HTTPS port: TLS as new cameras speak it, or only the suites of old ones.
import type { Certificate } from "./certificate.ts";

/** `modern`: ECDHE suites. `old`: TLS 1.2 with static RSA only, which Deno cannot speak itself. */
export type TlsAge = "modern" | "old";

/** A listener that hands out connections whose TLS is already taken off. */
export interface Front {
  readonly port: number;
  /** @throws Deno.errors.BadResource once closed. */
  accept(): Promise<Deno.Conn>;
  close(): Promise<void>;
}

export interface FrontOptions {
  host: string;
  /** 0: any free one. */
  port: number;
  tls: TlsAge;
  certificate: Certificate;
}

/** Opens the port. */
export function openFront(options: FrontOptions): Promise<Front> {
  return options.tls === "old" ? OldFront.open(options) : Promise.resolve(new ModernFront(options));
}

class ModernFront implements Front {
  readonly #listener: Deno.TlsListener;

  constructor({ host, port, certificate: { cert, key } }: FrontOptions) {
    this.#listener = Deno.listenTls({ hostname: host, port, cert, key });
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  accept(): Promise<Deno.Conn> {
    return this.#listener.accept();
  }

  close(): Promise<void> {
    this.#listener.close();
    return Promise.resolve();
  }
}

const OLD_SUITES = "AES256-GCM-SHA384:AES256-SHA:@SECLEVEL=0";

/** socat takes off the TLS and passes plain bytes on to a listener of ours. */
class OldFront implements Front {
  private constructor(
    readonly port: number,
    readonly listener: Deno.TcpListener,
    readonly socat: Deno.ChildProcess,
    readonly drained: Promise<void>,
    readonly folder: string,
  ) {}

  static async open({ host, port, certificate }: FrontOptions): Promise<OldFront> {
    const folder = await Deno.makeTempDir({ prefix: "tapo-old-tls-" });
    await Deno.writeTextFile(`${folder}/both.pem`, certificate.key + certificate.cert, { mode: 0o600 });
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const socat = startSocat([
      "-d",
      "-d",
      `OPENSSL-LISTEN:${port},bind=${host},reuseaddr,fork,verify=0,cert=${folder}/both.pem,` +
      `openssl-max-proto-version=TLS1.2,cipher='${OLD_SUITES}'`,
      `TCP:127.0.0.1:${listener.addr.port}`,
    ]);
    const ready = Promise.withResolvers<number>();
    const drained = readLog(socat.stderr, ready);
    try {
      return new OldFront(await ready.promise, listener, socat, drained, folder);
    } catch (error) {
      listener.close();
      await socat.status;
      await Deno.remove(folder, { recursive: true });
      throw error;
    }
  }

  accept(): Promise<Deno.Conn> {
    return this.listener.accept();
  }

  async close(): Promise<void> {
    this.listener.close();
    try {
      this.socat.kill("SIGTERM");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // it has ended by itself
    }
    await this.socat.status;
    await this.drained;
    await Deno.remove(this.folder, { recursive: true });
  }
}

function startSocat(args: string[]): Deno.ChildProcess {
  try {
    return new Deno.Command("socat", { args, stdin: "null", stdout: "null", stderr: "piped" }).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error("socat is needed to emulate a camera with old TLS: apt-get install socat", {
      cause: error,
    });
  }
}

/** Reads socat's log to its end: the first line that names a port tells that it listens. */
async function readLog(
  stream: ReadableStream<Uint8Array>,
  ready: PromiseWithResolvers<number>,
): Promise<void> {
  let seen = "";
  for await (const bytes of stream) {
    if (seen.length > 20_000) continue;
    seen += new TextDecoder().decode(bytes);
    const port = /listening on AF=2 [\d.]+:(\d+)/.exec(seen)?.[1];
    if (port !== undefined) ready.resolve(Number(port));
  }
  ready.reject(new Error(`socat did not listen: ${seen}`));
}
