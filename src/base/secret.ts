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

/**
 * Blanks what looks like a credential in free text (user and password in addresses, wherever they stand there). The
 * second net under text that comes from outside, such as ffmpeg's stderr; the first is to pass a `Secret`.
 */
export function redactText(text: string): string {
  const bare = text.replace(/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/]{0,2000}@/gi, "$1***@");
  return blankAddressSecrets(bare, "***");
}
