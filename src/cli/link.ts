// The address under which the person who starts the hub can open it.

/** Where the addresses come from. */
export interface LinkSources {
  env(name: string): string | undefined;
  interfaces(): { family: "IPv4" | "IPv6"; address: string }[];
  isTerminal: boolean;
}

/** The real environment. */
export const systemLinkSources: LinkSources = {
  env: (name) => Deno.env.get(name),
  interfaces: () => Deno.networkInterfaces(),
  isTerminal: Deno.stdout.isTerminal(),
};

/**
 * The host for a link: the one listened on; for all addresses the one that the user's ssh came to; under
 * systemd, where the user sits elsewhere, the machine's own on the LAN; else this machine, by its number: a name may lead to an IPv6 address first.
 */
export function linkHost(host: string, sources: LinkSources): string {
  if (host !== "0.0.0.0" && host !== "::") return host.includes(":") ? `[${host}]` : host;
  const ssh = sources.env("SSH_CONNECTION")?.split(" ")[2];
  if (ssh) return ssh.includes(":") ? `[${ssh}]` : ssh;
  const isService = sources.env("INVOCATION_ID") !== undefined && !sources.isTerminal;
  return (isService ? lanAddress(sources) : undefined) ?? "127.0.0.1";
}

/** The host for addresses that are given to programs, which may run elsewhere: the machine's own on the LAN before its loopback. */
export function originHost(host: string, sources: LinkSources): string {
  const isEvery = host === "0.0.0.0" || host === "::";
  return (isEvery ? lanAddress(sources) : undefined) ?? linkHost(host, sources);
}

/** The machine's first IPv4 address that others on the LAN can reach. */
export function lanAddress(sources: LinkSources): string | undefined {
  return sources.interfaces().find(({ family, address }) =>
    family === "IPv4" && !address.startsWith("127.") && !address.startsWith("169.254.")
  )?.address;
}
