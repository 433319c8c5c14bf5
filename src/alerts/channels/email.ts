// Alerts as e-mail over SMTP, with the picture of the moment in them.
import { Buffer } from "node:buffer";
import { HubError } from "../../base/errors.ts";
import type { Logger } from "../../base/log.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";
import { Secret } from "../../base/secret.ts";
import type { EmailOptions } from "../../config/channels.ts";
import type { AlertMessage, Channel } from "../channel.ts";
import { Delivered } from "./delivered.ts";
import { explainMailError, type MailServer } from "./email_errors.ts";
import { mailText } from "./email_text.ts";
import { pictureOf } from "./picture.ts";

/** What the channel works with. */
export interface EmailDeps {
  log: Logger;
  /** Longest wait for the server, milliseconds. Default 60 s. */
  deadlineMs?: number;
}

const PORTS = { starttls: 587, tls: 465, none: 25 } as const;
const DEADLINE_MS = 60_000;
/** A server that says nothing at all is given up earlier. */
const CONNECT_MS = 15_000;
const PICTURE = "snapshot";

/** Sends each alert to every recipient once. */
export class EmailChannel implements Channel {
  readonly type = "email";
  readonly id: string;
  readonly #options: Omit<EmailOptions, "password">;
  readonly #password: Secret | undefined;
  readonly #port: number;
  readonly #deps: EmailDeps;
  readonly #delivered = new Delivered();

  constructor(id: string, { password, ...options }: EmailOptions, deps: EmailDeps) {
    this.id = id;
    this.#options = options;
    this.#password = password === undefined ? undefined : new Secret(password);
    this.#port = options.port ?? PORTS[options.tls];
    this.#deps = deps;
  }

  async send(message: AlertMessage, signal: AbortSignal): Promise<void> {
    const picture = await pictureOf(message, { channel: this.id, log: this.#deps.log, signal });
    const to = this.#options.to.filter((each) => !this.#delivered.has(message.id, each));
    const answer = await this.#deliver(message, { to, picture }, signal);
    if (answer.error === undefined) return this.#delivered.forget(message.id);
    this.#delivered.note(message.id, to.filter((each) => !answer.rejected.includes(each)));
    const error = explainMailError(answer.error, this.#server);
    throw new HubError(error.kind, `${answer.rejected.join(", ")}: ${error.message}`, {
      hint: error.hint,
      retryable: error.retryable,
      cause: error.cause,
    });
  }

  get #server(): MailServer {
    const { host, username } = this.#options;
    return { host, port: this.#port, username, password: this.#password?.reveal() };
  }

  /** Hands the mail over. `rejected` are those that the server did not take it for. @throws HubError; AbortError. */
  async #deliver(
    message: AlertMessage,
    { to, picture }: { to: string[]; picture: Uint8Array | undefined },
    signal: AbortSignal,
  ): Promise<{ rejected: string[]; error?: unknown }> {
    const transport = await this.#transport();
    const { from } = this.#options;
    const deadline = AbortSignal.timeout(this.#deps.deadlineMs ?? DEADLINE_MS);
    using either = new LinkedSignal(signal, deadline);
    try {
      const info = await transport.sendMail({
        from,
        to,
        ...mailText(message, picture && PICTURE),
        // The same at every try: a mail program that gets it twice shows it once.
        messageId: `<${message.id}@${domainOf(from)}>`,
        headers: { "Auto-Submitted": "auto-generated" },
        priority: message.severity === "critical" && message.state === "firing" ? "high" : "normal",
        attachments: picture ? [inline(picture, message.camera?.id)] : [],
        signal: either.signal,
      });
      const errors = info.rejectedErrors ?? [];
      // One that may pass by itself is worth another try for all that are left.
      const passing = errors.find(({ responseCode = 0 }) => responseCode >= 400 && responseCode < 500);
      return { rejected: [...info.rejected ?? []].map(String), error: passing ?? errors[0] };
    } catch (error) {
      if (signal.aborted) signal.throwIfAborted();
      if (deadline.aborted) throw this.#tooSlow();
      throw explainMailError(error, this.#server);
    } finally {
      transport.close();
    }
  }

  /** Loads the mailer when the first mail is sent: most hubs never send one. */
  async #transport() {
    const { createTransport } = await import("nodemailer");
    const { host, tls, username: user, ca } = this.#options;
    return createTransport({
      host,
      port: this.#port,
      secure: tls === "tls",
      requireTLS: tls === "starttls",
      ignoreTLS: tls === "none",
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: this.#deps.deadlineMs ?? DEADLINE_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
      ...(user === undefined ? {} : { auth: { user, pass: this.#password?.reveal() ?? "" } }),
      tls: { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca: [ca] }) },
    });
  }

  #tooSlow(): HubError {
    const seconds = (this.#deps.deadlineMs ?? DEADLINE_MS) / 1000;
    return new HubError("timeout", `The mail server ${this.#options.host} took longer than ${seconds} s`);
  }
}

/** The picture as a part of the mail that its HTML shows. */
function inline(picture: Uint8Array, camera = "snapshot") {
  return {
    filename: `${camera}.jpg`,
    content: Buffer.from(picture),
    contentType: "image/jpeg",
    contentDisposition: "inline" as const,
    cid: PICTURE,
  };
}

function domainOf(from: string): string {
  return /@([^\s@<>]+)>?$/.exec(from)?.[1] ?? "localhost";
}

/** Builds the channel from its configuration. */
export function buildEmail({ id, ...options }: EmailOptions & { id: string }, deps: EmailDeps): EmailChannel {
  return new EmailChannel(id, options, deps);
}
