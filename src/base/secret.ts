// A value that must never be shown. Whatever prints, logs or serialises it sees "[secret]".

const SHOWN = "[secret]";

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
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [Symbol.for("Deno.customInspect")](): string {
    return SHOWN;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return SHOWN;
  }
}

/**
 * Blanks what looks like a credential in free text (user info in URLs, token parameters). The second net
 * under text that comes from outside, such as ffmpeg's stderr; the first is to pass a `Secret`.
 */
export function redactText(text: string): string {
  return text
    .replace(/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/]{0,2000}@/gi, "$1***@")
    .replace(/([?&](?:token|password|passwd|pwd|key|secret|auth)=)[^&\s'"]+/gi, "$1***");
}
