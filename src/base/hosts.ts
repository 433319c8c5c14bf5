// Refuses requests that a web page brought here by a name of its own (DNS rebinding).
import { HubError } from "./errors.ts";

/** What tells whose name a request used. */
export interface Addressed {
  /** The Host header. */
  host: string;
  /** The Origin header; absent from programs. */
  origin: string | undefined;
}

const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
/** Names that only a local network gives out; a page on the internet cannot have one. */
const LOCAL_NAME =
  /^(?:localhost|[a-z0-9-]+|(?:[a-z0-9-]+\.)+(?:local|localhost|lan|home|internal|home\.arpa))$/;

/**
 * Lets through addresses, names of the local network and names that the configuration gives. Whoever rebinds a name
 * needs one of the public DNS.
 * @throws HubError `forbidden`.
 */
export function refuseForeignHost({ host, origin }: Addressed, allowed: readonly string[]): void {
  if (!isLocal(hostnameOf(`http://${host}`), allowed)) {
    throw new HubError("forbidden", `The hub does not answer to the name ${shown(host)}`, {
      hint: "Use its address or its name in the local network, or list the name under server.hostnames",
    });
  }
  if (origin !== undefined && !isLocal(hostnameOf(origin), allowed)) {
    throw new HubError("forbidden", "This request came from a page of another site");
  }
}

function isLocal(name: string | undefined, allowed: readonly string[]): boolean {
  if (name === undefined) return false;
  return IPV4.test(name) || name.startsWith("[") || LOCAL_NAME.test(name) || allowed.includes(name);
}

function hostnameOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).hostname.toLowerCase() || undefined : undefined;
}

function shown(host: string): string {
  return JSON.stringify(host.slice(0, 100));
}
