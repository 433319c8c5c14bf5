// What the other side of a channel says, fit to be shown: it may repeat what it was sent, secrets included.

/** Shorter parts of an address are words of its service, such as `api` or `hooks`. */
const LEAST_CHARS = 6;

/** The parts of an address that nobody may see. Servers repeat the path, or a piece of it, when they refuse it. */
export function secretsOfAddress(address: string): string[] {
  const { href, pathname, search, searchParams } = new URL(address);
  const pieces = [...pathname.split("/"), ...searchParams.values()].filter(({ length }) =>
    length >= LEAST_CHARS
  );
  const paths = [pathname + search, pathname].filter((path) => path !== "/");
  return [address, href, ...paths, ...pieces, ...pieces.map(decoded)];
}

/** Replaces secrets in a text, the longest first: one may be a part of another. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets.filter((each) => each !== "").sort((a, b) => b.length - a.length).reduce(
    (left, secret) => left.replaceAll(secret, "[secret]"),
    text,
  );
}

function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch (error) {
    // A percent sign that stands for itself.
    if (error instanceof URIError) return piece;
    throw error;
  }
}
