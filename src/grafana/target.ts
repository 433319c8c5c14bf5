// The hub that a Grafana folder is for, and how Prometheus and Grafana reach it.
import { HubError } from "../base/errors.ts";
import { type AlertThresholds, DEFAULT_THRESHOLDS } from "../config/metrics.ts";

/** What differs from one hub's folder to another's. */
export interface GrafanaTarget {
  /** Origin of the hub, such as `http://pi.lan:7777`; undefined: the folder's user writes it into `.env`. */
  readonly hubUrl?: string | undefined;
  /** Where Prometheus scrapes; undefined along with `hubUrl`. */
  readonly scrape?: { readonly scheme: "http" | "https"; readonly host: string } | undefined;
  /** Name of a time zone such as `Europe/Vienna`; `browser` leaves the dashboards as they are. */
  readonly timezone: string;
  readonly thresholds: AlertThresholds;
}

/** The folder that stands in the repository: for any hub. */
export const ANY_HUB: GrafanaTarget = { timezone: "browser", thresholds: DEFAULT_THRESHOLDS };

/** How the hub is named in files whose variables Grafana and Docker fill in. */
export function hubAddress({ hubUrl }: GrafanaTarget): string {
  return hubUrl ?? "$CAMHUB_URL";
}

/**
 * Reads the address of a hub.
 * @param metricsPort 0 where there is none: then the hub's own port is scraped.
 * @throws HubError `invalid_input`.
 */
export function targetOf(
  address: string,
  { metricsPort, timezone, thresholds }: {
    metricsPort: number;
    timezone: string;
    thresholds: AlertThresholds;
  },
): GrafanaTarget {
  const url = URL.parse(address);
  const hint = 'Give it as a browser on the other host reaches the hub, such as "http://192.168.1.10:7777"';
  // URLs may hold quotes and $ in a host's name, no name and no file that is written here does. Nobody can be reached
  // at the address that means all of a machine.
  if (
    !url || !/^https?:$/.test(url.protocol) || !/^([\w.-]+|\[[\da-f:.]+\])$/.test(url.hostname) ||
    /^(0\.0\.0\.0|\[::\])$/.test(url.hostname)
  ) {
    throw new HubError("invalid_input", `--url cannot be "${withoutLogin(address)}"`, { hint });
  }
  const extra = url.username !== "" || url.password !== ""
    ? "a login"
    : url.pathname !== "/"
    ? "a path"
    : url.search + url.hash !== ""
    ? "anything behind the port"
    : undefined;
  if (extra !== undefined) {
    throw new HubError("invalid_input", `--url names the hub without ${extra}: "${url.origin}"`, { hint });
  }
  // A metrics port is plain HTTP: behind HTTPS only what the proxy in front passes on is known to be there.
  const isPlain = url.protocol === "http:" && metricsPort !== 0;
  const scrape = {
    scheme: url.protocol === "https:" ? "https" : "http",
    host: isPlain ? `${url.hostname}:${metricsPort}` : hostWithPort(url),
  } as const;
  return { hubUrl: url.origin, scrape, timezone, thresholds };
}

function hostWithPort({ host, port, protocol }: URL): string {
  return port !== "" ? host : `${host}:${protocol === "https:" ? 443 : 80}`;
}

/** An address as it may be shown: whatever stands before an `@` could be a password. */
function withoutLogin(address: string): string {
  return address.replace(/[^/]*@/, "…@");
}

/** What a container cannot resolve or means otherwise; undefined where the name says nothing of the kind. */
export function containerTrouble({ hubUrl }: GrafanaTarget): string | undefined {
  const { hostname } = new URL(hubUrl ?? "http://hub");
  if (hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.")) {
    return `In a container ${hostname} is the container itself: for a hub on the same machine use ` +
      "http://host.docker.internal with its port, for another one its address.";
  }
  if (hostname.endsWith(".local")) {
    return `Containers cannot look up names such as ${hostname}: use the hub's address, or a name that the ` +
      "router knows.";
  }
  return undefined;
}
