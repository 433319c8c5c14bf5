// What goes wrong with a mail server, in words, and whether it is worth another try.
import { Buffer } from "node:buffer";
import { HubError } from "../../base/errors.ts";
import { redactText } from "../../base/secret.ts";

/** As nodemailer throws it (its errors.js lists the codes). */
interface MailFailure {
  message?: string;
  code?: string;
  /** Of the server's answer (RFC 5321, 4.2.1): 4xx may pass by itself, 5xx does not. */
  responseCode?: number;
  response?: string;
}

/** The server that is talked of, and what must not be shown. */
export interface MailServer {
  host: string;
  port: number;
  username?: string | undefined;
  password?: string | undefined;
}

const UNREACHABLE = new Set(["ECONNECTION", "ETIMEDOUT", "ESOCKET", "EDNS", "ECONNREFUSED", "ECONNRESET"]);
/** What Deno says where TLS fails on a connection that began without it: it keeps the reason to itself. */
const FAILED_UPGRADE = "write UNKNOWN";
const CERTIFICATE = /certificate|UnknownIssuer|self.signed|CERT_|altname/i;
const CODES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ESOCKET: "no connection could be made",
  ETIMEDOUT: "it does not answer",
};
const MAX_ANSWER_CHARS = 300;

/** Translates what nodemailer threw. */
export function explainMailError(error: unknown, server: MailServer): HubError {
  const { code = "", responseCode, response, message = String(error) } = (error ?? {}) as MailFailure;
  const at = `${server.host}:${server.port}`;
  // Where every address of a name refuses, the runtime's error has codes and no words.
  const said = shown(response || message || CODES[code] || code || "it does not answer", server);
  const cause = new Error(said);
  const isTransient = responseCode !== undefined && responseCode >= 400 && responseCode < 500;
  if (code === "ETLS") return noTls(at, said, { cause, isTransient });
  if (isTransient) {
    return new HubError("unavailable", `The mail server ${at} puts it off: ${said}`, { cause });
  }
  if (code === "EAUTH") return refusedLogin(at, said, cause);
  if (responseCode !== undefined && responseCode >= 500) return refusedMail(at, said, cause);
  if (CERTIFICATE.test(message)) return badCertificate(at, said, cause);
  if (message === FAILED_UPGRADE) return failedUpgrade(at, cause);
  if (code === "EENVELOPE" || code === "EMESSAGE" || code === "ECONFIG") {
    return new HubError("invalid_input", `The mail cannot be sent to ${at}: ${said}`, { cause });
  }
  const hint = UNREACHABLE.has(code) ? "Check host and port, and that the server runs" : undefined;
  return new HubError("unavailable", `The mail server ${at} cannot be reached: ${said}`, { cause, hint });
}

function refusedLogin(at: string, said: string, cause: Error): HubError {
  return new HubError("unauthenticated", `The mail server ${at} refuses the login: ${said}`, {
    hint: "Check username and password; many providers want an app password of their own",
    cause,
  });
}

function refusedMail(at: string, said: string, cause: Error): HubError {
  return new HubError("unavailable", `The mail server ${at} refuses the mail: ${said}`, {
    hint: "Check sender and recipients",
    retryable: false,
    cause,
  });
}

function badCertificate(at: string, said: string, cause: Error): HubError {
  return new HubError("forbidden", `The certificate of the mail server ${at} is not trusted: ${said}`, {
    hint: "Use the name that stands in the certificate, or give the certificate as ca",
    cause,
  });
}

function failedUpgrade(at: string, cause: Error): HubError {
  return new HubError("unavailable", `No encrypted connection to the mail server ${at} could be made`, {
    hint: "Most often its certificate is not trusted or bears another name: give that name as host, or the " +
      "certificate as ca",
    cause,
  });
}

function noTls(
  at: string,
  said: string,
  { cause, isTransient }: { cause: Error; isTransient: boolean },
): HubError {
  return new HubError("unavailable", `The mail server ${at} offers no encryption: ${said}`, {
    hint: "With port 465 use tls: tls; tls: none only in a network that is trusted",
    retryable: isTransient,
    cause,
  });
}

/** A server may repeat what it was sent, as it is or in Base64 (RFC 4954). */
function shown(text: string, { username = "", password }: MailServer): string {
  let bare = text;
  if (password !== undefined) {
    const encoded = [password, `\0${username}\0${password}`].map((each) =>
      Buffer.from(each).toString("base64")
    );
    for (const secret of [password, ...encoded]) bare = bare.replaceAll(secret, "***");
  }
  return redactText(bare).replace(/\s+/g, " ").slice(0, MAX_ANSWER_CHARS);
}
