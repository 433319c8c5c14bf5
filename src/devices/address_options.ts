// Options that are addresses of streams: where they lead, and what becomes of passwords in them when they are changed.
import { restoreAddress, SHOWN_SECRET } from "../base/address_secrets.ts";
import { HubError } from "../base/errors.ts";
import { inputError } from "../config/problems.ts";
import { parseCameraUrl } from "../protocols/rtsp/camera_url.ts";
import type { Driver } from "./driver.ts";

type Options = Readonly<Record<string, unknown>>;

/** Every host that a camera of these options is asked at. */
export function hostsOf(driver: Driver, options: Options): Set<string> {
  const hosts = [driver.addressOf?.(options), ...(driver.addresses ?? []).map((key) => hostOf(options[key]))];
  return new Set(hosts.filter((host) => host !== undefined));
}

/**
 * A change with the passwords put in for which `[secret]` stands in its addresses.
 * @throws HubError `invalid_input` where an address leads to another host, or had no such password.
 */
export function restoreAddresses(driver: Driver, now: Options, change: Options): Record<string, unknown> {
  const missing: string[] = [];
  const restored = Object.entries(change).map(([key, value]) => {
    const isBlanked = typeof value === "string" && value.includes(SHOWN_SECRET);
    if (!isBlanked || !driver.addresses?.includes(key)) return [key, value] as const;
    const whole = restoreFrom(value, now[key]);
    if (whole === undefined) missing.push(key);
    return [key, whole] as const;
  });
  if (missing.length === 0) return Object.fromEntries(restored);
  throw inputError(missing.map((key) => ({
    path: `options.${key}`,
    message: `The password for which ${SHOWN_SECRET} stands must be given again`,
    expected: "the address with the password of the camera at that host",
  })));
}

function restoreFrom(shown: string, before: unknown): string | undefined {
  if (typeof before !== "string" || hostOf(shown) !== hostOf(before)) return undefined;
  return restoreAddress(shown, before);
}

/** Undefined for what is no address. */
function hostOf(address: unknown): string | undefined {
  if (typeof address !== "string") return undefined;
  const [scheme = ""] = address.trim().toLowerCase().split(":", 1);
  try {
    return parseCameraUrl(address, [scheme]).host;
  } catch (error) {
    if (error instanceof HubError) return undefined;
    throw error;
  }
}
