// What is told of a found device beside its name, and in which order devices stand.
import type { DiscoveredView } from "../src/operations/views.ts";

/** `note` stands by itself; the others do not help anybody to know a camera by. */
const NOT_SHOWN = ["note", "urn", "firmware"];

/** "C210 · 192.168.1.20 · …", without what the title says already. */
export function deviceText({ title, details: { model, ...details } }: DiscoveredView): string {
  const others = Object.entries(details).filter(([key]) => !NOT_SHOWN.includes(key)).map(([, value]) =>
    value
  );
  return [model, ...others].filter((text) => text !== undefined && text !== title).join(" · ");
}

/** What tells a device apart from others as long as the list is not made anew. */
export function deviceKey({ type, options }: DiscoveredView): string {
  return JSON.stringify([type, options]);
}

/** Those that can be added come first; otherwise the order stays. */
export function newDevicesFirst(devices: readonly DiscoveredView[]): DiscoveredView[] {
  return [
    ...devices.filter((device) => device.camera_id === undefined),
    ...devices.filter((device) => device.camera_id !== undefined),
  ];
}
