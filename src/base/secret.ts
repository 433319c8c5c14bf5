// A value that must never be shown. Whatever prints, logs or serialises it sees "[secret]".
import { blankAddressSecrets, SHOWN_SECRET } from "./address_secrets.ts";

/** Wraps a password, token or URL with credentials. Only `reveal()` gives it out. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one call that must send it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return SHOWN_SECRET;
  }

  toJSON(): string {
    return SHOWN_SECRET;
  }

  [Symbol.for("Deno.customInspect")](): string {
    return SHOWN_SECRET;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return SHOWN_SECRET;
  }
}

/** A token of this hub, as auth/tokens.ts makes them. */
const OWN_TOKEN = /\btapocam_[\w-]{43}(?![\w-])/g;
/** A ticket, as auth/tickets.ts signs them: also a piece of one. */
const TICKET = /\btapolink_[\w.-]+/g;

/**
 * Blanks what looks like a credential in free text (tokens; user and password in addresses, wherever they stand). The
 * second net under text that comes from outside, such as ffmpeg's stderr; the first is to pass a `Secret`.
 */
export function redactText(text: string): string {
  return blankText(text, "***");
}

function blankText(text: string, mark: string): string {
  const bare = text.replace(/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/]{0,2000}@/gi, `$1${mark}@`);
  return blankAddressSecrets(bare, mark).replace(OWN_TOKEN, `tapocam_${mark}`).replace(
    TICKET,
    `tapolink_${mark}`,
  );
}

const SECRET_NAMES = new RegExp(
  "^(?:[a-z0-9]+[_-])*(?:passwords?|passwd|passphrase|passcode|pass|pwd|psk|pin|secret|token|api_?key|" +
    "credentials?|cookie|authorization)\\d*$",
  "i",
);

/** `cloudPassword` counts as `cloud_password`. */
function isSecretName(name: string): boolean {
  return SECRET_NAMES.test(name.replace(/([a-z0-9])([A-Z])/g, "$1_$2"));
}

/**
 * Returns a copy of what is to be shown in which everything that looks like a secret is blanked: all that stands below
 * a secret's name, whatever it is; credentials in texts. Pictures (`…_base64`) are left as they are.
 */
export function redact<T>(value: T): T {
  return redactValue(value, "") as T;
}

function redactValue(value: unknown, name: string): unknown {
  if (value instanceof Secret) return SHOWN_SECRET;
  if (isSecretName(name)) return blank(value);
  if (typeof value === "string") return name.endsWith("_base64") ? value : blankShown(value);
  if (Array.isArray(value)) return value.map((each) => redactValue(each, name));
  if (!isPlain(value)) return value;
  // What `properties` of a JSON Schema says of a password is no password.
  const isSchema = name === "properties";
  return mapped(value, (each, key) => redactValue(each, isSchema && isSchemaOfField(each) ? "" : key));
}

/** Blanks everything; what is not there stays so. */
function blank(value: unknown): unknown {
  if (value === null || value === undefined || value === "") return value;
  if (Array.isArray(value)) return value.map(blank);
  return isPlain(value) ? mapped(value, blank) : SHOWN_SECRET;
}

function mapped(
  value: Record<string, unknown>,
  change: (each: unknown, key: string) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, change(each, key)]));
}

function isSchemaOfField(value: unknown): boolean {
  return isPlain(value) && typeof value["type"] === "string";
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== "object") return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** What was blanked already stays as it is: it may be given back. */
function blankShown(text: string): string {
  const hasPlace = text.includes("://") || text.includes("=") || /tapo(?:cam|link)_/.test(text);
  return hasPlace ? blankText(text, SHOWN_SECRET) : text;
}
