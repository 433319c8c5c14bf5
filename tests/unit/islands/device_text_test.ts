// What the list of found devices tells of each, and in which order.
import { assertEquals } from "@std/assert";
import { deviceText, newDevicesFirst } from "../../../islands/device_text.ts";
import type { DiscoveredView } from "../../../src/operations/views.ts";

const device = (title: string, details: Record<string, string>, camera?: string): DiscoveredView => ({
  type: "tapo",
  title,
  options: {},
  details,
  ...(camera ? { camera_id: camera } : {}),
});

Deno.test("deviceText begins with the model, and leaves out what helps nobody", () => {
  const details = {
    address: "192.168.1.20",
    model: "C210",
    firmware: "1.4.6",
    note: "Not set up yet",
    urn: "urn:uuid:1",
  };
  assertEquals(deviceText(device("Garage", details)), "C210 · 192.168.1.20");
  assertEquals(deviceText(device("C210", details)), "192.168.1.20");
  assertEquals(deviceText(device("Acme", { path: "/dev/video0" })), "/dev/video0");
});

Deno.test("newDevicesFirst keeps the order among those that can be added and those that were", () => {
  const [a, b, c, d] = [device("a", {}, "x"), device("b", {}), device("c", {}, "y"), device("d", {})];
  assertEquals(newDevicesFirst([a!, b!, c!, d!]), [b!, d!, a!, c!]);
});
