// What may go wrong in TLS has a number and a name (RFC 5246 §7.2): one fault for what either side found.
import { HubError } from "../../base/errors.ts";

/** Names and numbers of the alerts (IANA TLS Alerts). */
const ALERTS = {
  close_notify: 0,
  unexpected_message: 10,
  bad_record_mac: 20,
  decryption_failed: 21,
  record_overflow: 22,
  decompression_failure: 30,
  handshake_failure: 40,
  no_certificate: 41,
  bad_certificate: 42,
  unsupported_certificate: 43,
  certificate_revoked: 44,
  certificate_expired: 45,
  certificate_unknown: 46,
  illegal_parameter: 47,
  unknown_ca: 48,
  access_denied: 49,
  decode_error: 50,
  decrypt_error: 51,
  export_restriction: 60,
  protocol_version: 70,
  insufficient_security: 71,
  internal_error: 80,
  inappropriate_fallback: 86,
  user_canceled: 90,
  no_renegotiation: 100,
  unsupported_extension: 110,
  unrecognized_name: 112,
} as const;

/** Name of an alert, as the standards write it. */
export type AlertName = keyof typeof ALERTS;

const HINTS: Readonly<Record<string, string>> = {
  handshake_failure: "The device may want newer cipher suites than this connection for old cameras has",
  insufficient_security: "The device may want newer cipher suites than this connection for old cameras has",
  protocol_version: "The device speaks another version of TLS than 1.2",
};

const LEVEL_WARNING = 1;
const LEVEL_FATAL = 2;

/** Something that ends a TLS connection. Becomes a HubError where it leaves this folder. */
export class TlsFault extends Error {
  override readonly name = "TlsFault";
  /** What is, or was, told to the other side. */
  readonly alert: AlertName | `alert ${number}`;
  readonly foundBy: "hub" | "device";
  readonly hint: string | undefined;

  constructor(
    alert: TlsFault["alert"],
    message: string,
    options: { foundBy?: "hub" | "device"; hint?: string } = {},
  ) {
    super(message);
    this.alert = alert;
    this.foundBy = options.foundBy ?? "hub";
    this.hint = options.hint ?? HINTS[alert];
  }
}

/** Returns the body of the alert record that tells the device of the fault; undefined when it knows already. */
export function alertFor(fault: TlsFault): Uint8Array<ArrayBuffer> | undefined {
  const code = Object.entries(ALERTS).find(([name]) => name === fault.alert)?.[1];
  return fault.foundBy === "device" || code === undefined ? undefined : Uint8Array.of(LEVEL_FATAL, code);
}

/** Body of the alert that announces the end of what this side sends. */
export const CLOSE_NOTIFY: Uint8Array<ArrayBuffer> = Uint8Array.of(LEVEL_WARNING, ALERTS.close_notify);

/**
 * Reads an alert record: `closed` for close_notify, `ignored` for any other warning.
 * @throws TlsFault when the alert is fatal or malformed.
 */
export function readAlert(body: Uint8Array): "closed" | "ignored" {
  const [level, code] = body;
  if (body.length !== 2 || level === undefined || code === undefined) {
    throw new TlsFault("decode_error", "The device sent a malformed TLS alert");
  }
  // Some stacks mark the end as fatal; it means the same.
  if (code === ALERTS.close_notify) return "closed";
  if (level === LEVEL_WARNING) return "ignored";
  if (level !== LEVEL_FATAL) {
    throw new TlsFault("illegal_parameter", "The device sent an unknown level of alert");
  }
  const alert = alertName(code);
  throw new TlsFault(alert, `The device ended the TLS connection with "${alert}"`, { foundBy: "device" });
}

function alertName(code: number): TlsFault["alert"] {
  const name = (Object.keys(ALERTS) as AlertName[]).find((each) => ALERTS[each] === code);
  return name ?? `alert ${code}`;
}

/** Translates a fault for callers; its `details` name the alert and who raised it. */
export function explainFault(fault: TlsFault): HubError {
  return new HubError("device_rejected", fault.message, {
    hint: fault.hint,
    cause: fault,
    details: { alert: fault.alert, alertFrom: fault.foundBy },
  });
}
