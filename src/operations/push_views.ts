// The shapes in which the devices that are notified are shown: the API and the page.
import { createHash } from "node:crypto";
import type { Alerts } from "../alerts/alerts.ts";
import type { PushDevices } from "../alerts/push_devices.ts";
import { isoTime } from "../base/clock.ts";

/** One browser that is notified. Its address at the push service is a secret of that browser. */
export interface PushDeviceView {
  id: string;
  /** Such as `Chrome on Android`. */
  device: string;
  created_at: string;
  /** When something was last delivered; absent before. */
  used_at?: string;
  /** Tells the browser that shows the page whether this is itself: SHA-256 of its endpoint, base64url. */
  endpoint_hash: string;
}

/** What a browser needs to know to be notified. */
export interface PushView {
  /** The hub's public key, base64url (RFC 8292). */
  public_key: string;
  /** Whether the configuration has a channel by which alerts come to browsers at all. */
  has_channel: boolean;
  devices: PushDeviceView[];
}

/** The hub's key and the devices of a user. @throws HubError when the database cannot be read. */
export async function pushView(
  devices: Pick<PushDevices, "publicKey" | "list">,
  { channels }: Pick<Alerts, "channels">,
  user: string,
): Promise<PushView> {
  const [public_key, own] = await Promise.all([devices.publicKey(), devices.list(user)]);
  const has_channel = channels.some(({ type }) => type === "web_push");
  return { public_key, has_channel, devices: own.map(pushDeviceView) };
}

/** One device as it is shown. */
export function pushDeviceView(
  { id, device, createdAtMs, usedAtMs, endpoint }: Awaited<ReturnType<PushDevices["get"]>>,
): PushDeviceView {
  return {
    id,
    device,
    created_at: isoTime(createdAtMs),
    ...(usedAtMs === undefined ? {} : { used_at: isoTime(usedAtMs) }),
    endpoint_hash: createHash("sha256").update(endpoint).digest("base64url"),
  };
}
