// Passwords that stand in a camera's address beside user and password before the `@`: as parameters (`?user=a&pwd=b`),
// in the path as recorders of XMEye want it (`/user=admin_password=b_channel=1`), or as a segment (`/0/admin:b/main`).

/** What stands for a secret wherever options are shown; given back, it means "as it is". */
export const SHOWN_SECRET = "[secret]";

const NAMES = [
  "(?:user|usr|admin|login|stream)?_?(?:password|passwort|passwd|passw|pass|pas|pwd|pw|psw|psd)",
  "(?:access|auth|api)?(?:token|key)",
  "passcode|passphrase|secret|auth|authbasic|credentials?",
].join("|");

/** @param end Characters that end a value although they are no part of an address: those around it in a text. */
function placesOf(end: string): RegExp {
  const forms = [
    // Everything up to the next parameter.
    `([?&;](?:[\\w.-]{0,40}[_.-])?(?:${NAMES})=)([^&${end}]+)`,
    // A password may have underscores: it ends where the next name begins.
    `([/_](?:${NAMES})=)(?!_[a-z][a-z0-9]{0,30}=)([^&?${end}]+?)(?=_[a-z][a-z0-9]{0,30}=|[&?${end}]|$)`,
    `(?<=://[^\\s'"?]{1,300}/)([a-z][\\w.-]{0,30}:)([^:/?${end}]+)(?=[/?${end}]|$)`,
  ];
  return new RegExp(forms.join("|"), "gi");
}

const IN_TEXT = placesOf(`\\s'"`);
const IN_ADDRESS = placesOf("");
const USER_INFO = /^([a-z][a-z0-9+.-]*:\/\/)[^\s/]*@/i;

/** A place of an address where a secret stands. */
interface Place {
  /** Of the parameter; for a segment that is a user name, `:`. */
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
