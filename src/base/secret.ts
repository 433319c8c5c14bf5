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

/**
 * Blanks what looks like a credential in free text (tokens; user and password in addresses, wherever they stand). The
 * second net under text that comes from outside, such as ffmpeg's stderr; the first is to pass a `Secret`.
 */
export function redactText(text: string): string {
  const bare = text.replace(/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/]{0,2000}@/gi, "$1***@");
  return blankAddressSecrets(bare, "***").replace(OWN_TOKEN, "tapocam_***");
}

const SECRET_NAMES =
  /^(?:[a-z0-9]+[_-])*(?:password|passwd|passphrase|passcode|pwd|secret|token|api_?key|credentials?|cookie)$/i;

/**
 * Returns a copy of what is to be shown in which everything that looks like a secret is blanked: fields by their
 * names, credentials in addresses. Pictures (`…_base64`) are left as they are.
 */
export function redact<T>(value: T): T {
  return redactValue(value, "") as T;
}

function redactValue(value: unknown, name: string): unknown {
  if (typeof value === "string") {
    if (name.endsWith("_base64")) return value;
    return value !== "" && SECRET_NAMES.test(name) ? SHOWN_SECRET : blankAddresses(value);
  }
  if (value instanceof Secret) return SHOWN_SECRET;
  if (Array.isArray(value)) return value.map((each) => redactValue(each, name));
  if (value === null || typeof value !== "object" || !isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, redactValue(each, key)]));
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** What was blanked already stays as it is: it may be given back. */
function blankAddresses(text: string): string {
  if (!text.includes("://") && !text.includes("=")) return text;
  const bare = text.replace(/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/]{0,2000}@/gi, `$1${SHOWN_SECRET}@`);
  return blankAddressSecrets(bare, SHOWN_SECRET);
}
