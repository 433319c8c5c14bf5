// Which addresses cameras may have. A camera's address comes from people and from answers on the network: it must
// not turn the hub into a way to reach what listens on the hub itself, or a cloud's metadata service.
import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { HubError } from "./errors.ts";
import { LinkedSignal } from "./linked_signal.ts";
import { abortable } from "./scope.ts";

/** Says where connections may go. */
export interface Network {
  /**
   * Returns the address of a host, to be connected to instead of the name: a second look-up could differ.
   * @throws HubError `forbidden` for an address that is not allowed, `unavailable` for an unknown name.
   */
  resolve(host: string, signal: AbortSignal): Promise<string>;
  /** True when addresses of this machine itself are allowed, so that discovery asks there as well. */
  readonly includesLoopback: boolean;
}

/** [network, prefix length, what it is]. RFC 6890; 169.254.169.254 and fd00:ec2::254 serve cloud metadata. */
const REFUSED: readonly (readonly [string, number, string])[] = [
  ["0.0.0.0", 8, "no address of a device"],
  ["127.0.0.0", 8, "this machine itself"],
  ["169.254.0.0", 16, "link-local, where clouds keep their metadata service"],
  ["224.0.0.0", 3, "multicast or reserved"],
  ["::", 128, "no address of a device"],
  ["::1", 128, "this machine itself"],
  ["fe80::", 10, "link-local"],
  ["fd00:ec2::", 32, "where clouds keep their metadata service"],
  ["ff00::", 8, "multicast"],
];

/** [network, prefix length]. RFC 1918, 6598 and 4193: the inside of somebody's network. */
const PRIVATE: readonly (readonly [string, number])[] = [
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["fc00::", 7],
];

/** Looks names up. Injected so that tests need no DNS. */
export type Lookup = (host: string) => Promise<string>;

/** What the guard asks the system for. */
export interface NetworkSources {
  lookup?: Lookup;
  /** Addresses of this machine's own interfaces, as they are now: a lease may bring another. */
  ownAddresses?: () => readonly string[];
  /** The option whose list allows more, as hints name it. */
  option?: string;
}

const LOOKUP_TIMEOUT_MS = 5000;

/** The rule: what `allow` names may be reached, then what is refused by default may not, all else may. */
export class NetworkGuard implements Network {
  readonly #allowed = new BlockList();
  readonly #allowedNames = new Set<string>();
  readonly #lookup: Lookup;
  readonly #ownAddresses: () => readonly string[];
  readonly #option: string;

  /** @param allow addresses, networks (`127.0.0.0/8`) or host names. Checked by the configuration's schema. */
  constructor(allow: readonly string[], sources: NetworkSources = {}) {
    this.#lookup = sources.lookup ?? systemLookup;
    this.#ownAddresses = sources.ownAddresses ?? systemAddresses;
    this.#option = sources.option ?? "network.allow";
    for (const entry of allow) {
      const { address, prefix } = splitPrefix(entry);
      if (isIP(address) === 0) this.#allowedNames.add(entry.toLowerCase());
      else addNetwork(this.#allowed, address, prefix);
    }
  }

  get includesLoopback(): boolean {
    return check(this.#allowed, "127.0.0.1");
  }

  async resolve(host: string, signal: AbortSignal): Promise<string> {
    const name = host.replace(/^\[(.*)\]$/, "$1");
    const address = isIP(name) === 0 ? await this.#find(name, signal) : name;
    if (this.#isAllowed(name, address)) return address;
    const why = whyRefused(address) ?? this.#whyOwn(address);
    if (why === undefined) return address;
    throw this.#notAllowed(name, address, why);
  }

  /**
   * The same for what lies in the internet: addresses of private networks are refused, too, unless `allow` names them.
   * @throws HubError as `resolve` does.
   */
  async resolvePublic(host: string, signal: AbortSignal): Promise<string> {
    const address = await this.resolve(host, signal);
    const name = host.replace(/^\[(.*)\]$/, "$1");
    if (this.#isAllowed(name, address)) return address;
    const isPrivate = PRIVATE.some(([network, prefix]) => {
      const list = new BlockList();
      addNetwork(list, network, prefix);
      return check(list, address);
    });
    if (!isPrivate) return address;
    throw this.#notAllowed(name, address, "it is an address of a private network");
  }

  #notAllowed(name: string, address: string, why: string): HubError {
    const shown = address === name ? name : `${name} (${address})`;
    return new HubError("forbidden", `The hub does not connect to ${shown}: ${why}`, {
      hint: `If it is meant, add ${name} to ${this.#option} in the configuration file`,
      details: { host: name, address },
      retryAtMs: Infinity,
    });
  }

  #isAllowed(name: string, address: string): boolean {
    return this.#allowedNames.has(name.toLowerCase()) || check(this.#allowed, address);
  }

  #whyOwn(address: string): string | undefined {
    const own = new BlockList();
    for (const each of this.#ownAddresses()) addNetwork(own, plainAddress(each), undefined);
    return check(own, address) ? "it is an address of this machine itself" : undefined;
  }

  async #find(name: string, signal: AbortSignal): Promise<string> {
    using either = new LinkedSignal(signal, AbortSignal.timeout(LOOKUP_TIMEOUT_MS));
    try {
      return await abortable(this.#lookup(name), either.signal);
    } catch (error) {
      if (signal.aborted) throw error;
      throw new HubError("unavailable", `No address is known for ${name}`, {
        hint: "Check the name, or give the camera's IP address",
        details: { host: name, unreachable: true },
        cause: error,
      });
    }
  }
}

/** Addresses and networks that somebody named. */
export class AddressList {
  readonly #list = new BlockList();

  /** @param entries addresses and networks; checked by `isAddressEntry`. */
  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      const { address, prefix } = splitPrefix(entry);
      addNetwork(this.#list, address, prefix);
    }
  }

  has(address: string): boolean {
    return isIP(address.split("%")[0] ?? "") !== 0 && check(this.#list, address);
  }
}

/** True for an address or a network such as `192.168.1.0/24`, not for a name. */
export function isAddressEntry(entry: string): boolean {
  return isIP(splitPrefix(entry).address) !== 0 && isNetworkEntry(entry);
}

async function systemLookup(host: string): Promise<string> {
  // The system "finds" an empty name, without an address.
  if (host === "") throw new Error("An empty name");
  return (await lookup(host)).address;
}

function systemAddresses(): string[] {
  return Deno.networkInterfaces().map(({ address }) => address);
}

/** Says what is wrong with an address, wherever it is asked; undefined when nothing is. */
export function whyRefused(address: string): string | undefined {
  for (const [network, prefix, what] of REFUSED) {
    const list = new BlockList();
    addNetwork(list, network, prefix);
    if (check(list, address)) return `it is ${what}`;
  }
  return undefined;
}

/** True for what may stand in `network.allow`. */
export function isNetworkEntry(entry: string): boolean {
  const { address, prefix } = splitPrefix(entry);
  const version = address.includes("%") ? 0 : isIP(address);
  if (version === 0) return /^[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?$/i.test(entry);
  return prefix === undefined ||
    (Number.isInteger(prefix) && prefix >= 0 && prefix <= (version === 4 ? 32 : 128));
}

function splitPrefix(entry: string): { address: string; prefix: number | undefined } {
  const slash = entry.lastIndexOf("/");
  if (slash < 0) return { address: entry, prefix: undefined };
  const digits = entry.slice(slash + 1);
  // `Number("")` is 0, and a network of prefix 0 is the whole internet.
  return { address: entry.slice(0, slash), prefix: /^\d{1,3}$/.test(digits) ? Number(digits) : NaN };
}

function addNetwork(list: BlockList, address: string, prefix: number | undefined): void {
  const version = isIP(address) === 6 ? 6 : 4;
  list.addSubnet(address, prefix ?? (version === 6 ? 128 : 32), `ipv${version}`);
}

function check(list: BlockList, address: string): boolean {
  const [bare = ""] = address.split("%");
  return [plainAddress(address), bare].some((each) => list.check(each, isIP(each) === 6 ? "ipv6" : "ipv4"));
}

/**
 * An IPv4 address in IPv6 clothes counts as what it leads to: mapped (`::ffff:127.0.0.1`), or behind a translator
 * (NAT64, RFC 6052: `64:ff9b::127.0.0.1`); and one with a zone (`%1`) as the same without.
 */
function plainAddress(address: string): string {
  const [bare = ""] = address.split("%");
  if (isIP(bare) !== 6) return bare;
  const written = URL.parse(`http://[${bare}]`)?.hostname ?? "";
  const [, high, low] = /^\[(?:::ffff:|64:ff9b::)(?:([0-9a-f]{1,4}):)?([0-9a-f]{0,4})\]$/.exec(written) ?? [];
  if (low === undefined) return bare;
  const value = [parseInt(high || "0", 16), parseInt(low || "0", 16)];
  return value.flatMap((part) => [part >> 8, part & 255]).join(".");
}
