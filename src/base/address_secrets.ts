// Passwords that stand in a camera's address beside user and password before the `@`: as parameters (`?user=a&pwd=b`),
// in the path as recorders of XMEye want it (`/user=admin_password=b_channel=1`), or behind a user name, as a segment
// (`/0/admin:b/main`) or a parameter (`?user=admin:b`).
import { createHash } from "node:crypto";

/** What stands for a secret wherever options are shown; given back, it means "as it is". */
export const SHOWN_SECRET = "[secret]";

const NAMES = [
  "(?:user|usr|admin|login|stream)?_?(?:password|passwort|passwd|passw|pass|pas|pwd|pw|psw|psd)",
  "(?:access|auth|api)?(?:token|key)",
  "passcode|passphrase|secret|auth|authbasic|credentials?",
].join("|");

const USERS = "(?:login_?use|(?:login_?)?(?:user_?name|user|usr)|account)";

/** What may follow a password in the addresses of XMEye; other names with `=` may be pieces of the password. */
const AFTER_PASSWORD = "_(?:channel|stream|real_stream)=";

/** @param end Characters that end a value although they are no part of an address: those around it in a text. */
function placesOf(end: string): RegExp {
  const segmentEnd = `(?=[/?${end}]|$)`;
  // `ch:1`, `10.0.0.5:8554`, `urn:camera:1` and `2024-01-01T12:30:00Z` are no accounts.
  const others = [
    `[^:/?${end}]{1,64}:\\d{1,3}`,
    "(?:\\d{1,3}\\.){3}\\d{1,3}:\\d{1,5}",
    `urn:[^/?${end}]*`,
    "(?:[\\d-]{1,12}T)?\\d\\d:\\d\\d(?::\\d\\d)?(?:\\.\\d{1,9})?(?:Z|[+-]\\d\\d:?\\d\\d)?",
  ];
  const noAccount = `(?:${others.join("|")})${segmentEnd}`;
  const forms = [
    // Everything up to the next parameter.
    `([?&;](?:[\\w.-]{0,40}[_.-])?(?:(?:${NAMES})\\d{0,2}=|${USERS}=[^&:=${end}]{1,64}:))([^&${end}]+)`,
    // A password may have underscores.
    `([/_](?:${NAMES})\\d{0,2}=)(?!${AFTER_PASSWORD})([^&?${end}]+?)(?=${AFTER_PASSWORD}|[&?${end}]|$)`,
    // An e-mail address may be the user, and a password may have colons.
    `(?<=://[^\\s'"?]{1,300}/)((?:${USERS}=|(?!${noAccount}))[\\w.@+%-]{1,64}:)([^/?${end}]+)${segmentEnd}`,
  ];
  return new RegExp(forms.join("|"), "gi");
}

const IN_TEXT = placesOf(`\\s'"`);
const IN_ADDRESS = placesOf("");
const USER_INFO = /^([a-z][a-z0-9+.-]*:\/\/)[^\s/]*@/i;

/** A place of an address where a secret stands. */
interface Place {
  /** Of the parameter; for what follows a user name, `:`. */
  name: string;
  /** What precedes the value. */
  head: string;
  value: string;
}

function replacePlaces(text: string, places: RegExp, replace: (place: Place) => string): string {
  return text.replace(places, (whole: string, ...groups: unknown[]) => {
    const [head, value] = groups.slice(0, 6).filter((group) => typeof group === "string");
    if (head === undefined || value === undefined) return whole;
    const name = head.endsWith(":") ? ":" : head.slice(1, -1).toLowerCase();
    return head + replace({ name, head, value });
  });
}

function placesIn(address: string): Place[] {
  const places: Place[] = [];
  replacePlaces(address, IN_ADDRESS, (place) => {
    places.push(place);
    return place.value;
  });
  return places;
}

/** Puts `mark` in place of every secret in the addresses of a text. */
export function blankAddressSecrets(text: string, mark: string): string {
  return replacePlaces(text, IN_TEXT, () => mark);
}

/** An address as everybody may see it. */
export function shownAddress(address: string): string {
  const bare = address.replace(USER_INFO, `$1${SHOWN_SECRET}@`);
  return replacePlaces(bare, IN_ADDRESS, () => SHOWN_SECRET);
}

/** Parameters whose value is a password and nothing else: a token, a key or a segment may be what tells streams apart. */
const PASSWORD = /(?:pass(?:word|wort|wd|w|code|phrase)?|pas|pwd|pw|psw|psd)\d{0,2}$/;

/**
 * An address with a digest in place of each secret but the passwords: two that differ in a password alone are equal,
 * others are not, and nothing in it can be used.
 */
export function distinctAddress(address: string): string {
  const shown = shownAddress(address);
  const digest = (secret: string) =>
    createHash("sha256").update(`${shown}\n${secret}`).digest("hex").slice(0, 16);
  const bare = address.replace(USER_INFO, `$1${SHOWN_SECRET}@`);
  return replacePlaces(
    bare,
    IN_ADDRESS,
    ({ name, value }) => PASSWORD.test(name) ? SHOWN_SECRET : digest(value),
  );
}

/** The secrets that stand in an address, in their order. */
export function secretsInAddress(address: string): string[] {
  return placesIn(address).map(({ value }) => value);
}

/**
 * Puts the secrets of an address into one that was made from it as it was shown. Those are told apart by the names of
 * their parameters. Undefined when one is missing.
 */
export function restoreAddress(shown: string, before: string): string | undefined {
  const known = placesIn(before);
  const restored = replacePlaces(shown, IN_ADDRESS, ({ name, value }) => {
    if (value !== SHOWN_SECRET) return value;
    const at = known.findIndex((place) => place.name === name);
    return at < 0 ? SHOWN_SECRET : known.splice(at, 1)[0]?.value ?? SHOWN_SECRET;
  });
  return restored.includes(SHOWN_SECRET) ? undefined : restored;
}
