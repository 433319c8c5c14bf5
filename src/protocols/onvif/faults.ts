// Turns what cameras answer into the content of the answer, or into an error with words for people.
import { HubError } from "../../base/errors.ts";
import { redactText } from "../../base/secret.ts";
import { childrenOf, find, parseXml, textAt, type XmlElement } from "./xml.ts";

/**
 * Returns what stands in the SOAP body of an answer.
 * @throws HubError: `unauthenticated`, `locked_out`, `forbidden`, `unsupported`, `not_found`,
 * `device_rejected` for a fault (ONVIF Core, fault codes); `unavailable` when the answer is no SOAP.
 */
export function readAnswer(status: number, text: string): XmlElement {
  const body = soapBody(text);
  const fault = find(body, "Fault");
  if (fault) throw explainFault(fault, status);
  const content = body?.children[0];
  if (content && status < 400) return content;
  throw explainStatus(status);
}

/** True for an answer to a request without account by which the camera may want one: for a lockout it is of no use. */
export function wantsAccount({ status, text }: { status: number; text: string }): boolean {
  try {
    readAnswer(status, text);
    return false;
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    if (error.kind === "unauthenticated" || error.kind === "forbidden") return true;
    // The status of SOAP for what the sender did wrong, where the words of the fault do not say what.
    return status === 400 && (error.kind === "device_rejected" || error.kind === "unavailable");
  }
}

function soapBody(text: string): XmlElement | undefined {
  try {
    const root = parseXml(text);
    return root.name === "Envelope" ? find(root, "Body") : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const REFUSED = new Set([
  "NotAuthorized",
  "FailedAuthentication",
  "FailedCheck",
  "InvalidSecurity",
  "InvalidSecurityToken",
  "UnsupportedSecurityToken",
  "MessageExpired",
]);
const LOCKED = /\block(?:ed|out)?\b|too many/i;
const UNSUPPORTED = new Set(["ActionNotSupported", "NotSupported", "OptionalActionNotImplemented"]);
/** A token that the camera does not know, of a profile or a preset. */
const NOT_FOUND = new Set(["NoToken", "NoEntity", "NoProfile", "NoSource", "NoConfig", "NoPTZProfile"]);

function explainFault(fault: XmlElement, status: number): HubError {
  const codes = faultCodes(fault);
  const reason = faultReason(fault);
  const has = (known: ReadonlySet<string>) => codes.some((code) => known.has(code));
  const details = { codes, ...(reason === undefined ? {} : { reason }) };
  if (status === 401 || isAccountRefused(codes, reason)) return refusedAccount(reason, details);
  if (codes.includes("OperationProhibited")) {
    return new HubError("forbidden", "The account may not do this on the camera", {
      hint: "Give the camera's account the rights of an operator or administrator",
      details,
    });
  }
  if (has(UNSUPPORTED) || /not (?:supported|implemented)/i.test(reason ?? "")) {
    return new HubError("unsupported", withReason("The camera cannot do this", reason), { details });
  }
  if (codes.includes("TooManyPresets")) {
    return new HubError("conflict", "The camera has no room for another position", {
      hint: "Delete a position first",
      details,
    });
  }
  const kind = has(NOT_FOUND) ? "not_found" : "device_rejected";
  return new HubError(kind, withReason("The camera refused", reason ?? codes.at(-1)), { details });
}

/** The words are asked too, for cameras that give no code but `Sender`. */
function isAccountRefused(codes: readonly string[], reason = ""): boolean {
  return codes.some((code) => REFUSED.has(code)) || /not ?authori[sz]ed|unauthori[sz]ed/i.test(reason);
}

function withReason(message: string, reason: string | undefined): string {
  return reason === undefined ? message : `${message}: ${reason}`;
}

function refusedAccount(reason: string | undefined, details: Record<string, unknown>): HubError {
  if (LOCKED.test(reason ?? "")) {
    return new HubError("locked_out", "The camera has locked the account", {
      hint: "Wait half an hour without any try, or restart the camera",
      details,
    });
  }
  return new HubError("unauthenticated", "The camera refused the account", {
    hint: "Check user name and password; many cameras have an account of their own for ONVIF and streams",
    details,
    retryAtMs: Infinity,
  });
}

/** Codes from the outermost to the innermost, without prefix. SOAP 1.2 nests them, SOAP 1.1 has one. */
function faultCodes(fault: XmlElement): string[] {
  const codes: string[] = [];
  for (let code = find(fault, "Code"); code && codes.length < 8; code = find(code, "Subcode")) {
    const value = textAt(code, "Value");
    if (value !== undefined) codes.push(value);
  }
  if (codes.length === 0) codes.push(...childrenOf(fault, "faultcode").map(({ text }) => text));
  return codes.map((code) => code.slice(code.indexOf(":") + 1).slice(0, 100));
}

function faultReason(fault: XmlElement): string | undefined {
  const text = textAt(fault, "Reason", "Text") ?? textAt(fault, "faultstring") ??
    textAt(fault, "Detail", "Text");
  const line = text?.replace(/\s+/g, " ").slice(0, 200);
  return line === undefined ? undefined : redactText(line);
}

function explainStatus(status: number): HubError {
  const details = { status };
  if (status === 401 || status === 403) return refusedAccount(undefined, details);
  if (status === 423 || status === 429) return refusedAccount("locked", details);
  if (status === 404 || status === 405 || status === 501) {
    return new HubError("unsupported", "There is no ONVIF service at this address", {
      hint: "Check the port (Tapo: 2020) and that ONVIF is switched on in the camera",
      details,
    });
  }
  return new HubError("unavailable", `The camera's answer is no ONVIF (HTTP ${status})`, {
    hint: "Check that address and port are those of the camera's ONVIF service",
    details,
  });
}
