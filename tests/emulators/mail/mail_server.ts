// Debian's SMTP server aiosmtpd, which keeps what it takes and answers as the test says. Deno cannot serve STARTTLS.
import type { ServerIdentity } from "../../tools/certificate_authority.ts";
import { JsonLines } from "../rtsp/json_lines.ts";

/** One mail that was taken. */
export interface TakenMail {
  to: string[];
  /** As it came over the wire. */
  raw: string;
}

export interface MailServerOptions {
  /** With it, it offers STARTTLS, or speaks TLS from the first byte (`isSecure`). */
  identity?: ServerIdentity;
  isSecure?: boolean;
  /** Left out: everybody is let in without a login. */
  account?: { user: string; password: string };
}

/** What it answers to a step of a mail; left out: yes. */
export interface Answers {
  login?: string;
  /** By address. */
  recipients?: Readonly<Record<string, string>>;
  data?: string;
  /** True: it never answers to the mail itself. */
  hangs?: boolean;
}

const PROGRAM = new URL("server.py", import.meta.url).pathname;

/** Listens on a free port of the loopback interface. */
export class MailServer implements AsyncDisposable {
  readonly #process: JsonLines;
  readonly port: number;

  private constructor(process: JsonLines, port: number) {
    this.#process = process;
    this.port = port;
  }

  static async start({ identity, isSecure = false, account }: MailServerOptions = {}): Promise<MailServer> {
    // Not `python3`: that may be one without Debian's packages.
    const process = new JsonLines("/usr/bin/python3", ["-B", PROGRAM], 20_000);
    const folder = await Deno.makeTempDir({ prefix: "mail-" });
    const files = { cert: `${folder}/cert.pem`, key: `${folder}/key.pem` };
    try {
      for (const name of ["cert", "key"] as const) {
        if (identity) await Deno.writeTextFile(files[name], identity[name]);
      }
      const { port } = await process.ask({
        ...identity ? files : {},
        secure: isSecure,
        account: account && [account.user, account.password],
      });
      return new MailServer(process, Number(port));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }

  /** Answers so from now on. */
  async answer(answers: Answers): Promise<void> {
    await this.#process.ask({ cmd: "answers", answers });
  }

  /** What was taken, in order. */
  async mails(): Promise<TakenMail[]> {
    return (await this.#process.ask({ cmd: "mails" }))["mails"] as TakenMail[];
  }

  /** How many mails were handed over, taken or not. */
  async begun(): Promise<number> {
    return Number((await this.#process.ask({ cmd: "mails" }))["begun"]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stop();
  }
}
