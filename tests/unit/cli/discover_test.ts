// The lines that `discover` prints, also for devices whose names were made to mislead.
import { assertEquals } from "@std/assert";
import { foundLine } from "../../../src/cli/discover.ts";

const LINES: [string, Parameters<typeof foundLine>[0], string][] = [
  ["a webcam", {
    type: "webcam",
    title: "HD Pro Webcam C920",
    options: { device: "/dev/v4l/by-id/usb-1" },
    details: { bus: "usb" },
  }, "webcam\tHD Pro Webcam C920\t/dev/v4l/by-id/usb-1"],
  ["a camera on the network", {
    type: "tapo",
    title: "Porch",
    options: { host: "192.168.1.20", port: 443 },
    details: { model: "C200" },
  }, "tapo\tPorch\t192.168.1.20\tC200"],
  [
    "a stream",
    { type: "rtsp", title: "S", options: { stream_url: "rtsp://h/x" }, details: {} },
    "rtsp\tS\trtsp://h/x",
  ],
  ["one without a place", { type: "x", title: "T", options: {}, details: {} }, "x\tT"],
  [
    "one without a place, with a model",
    { type: "x", title: "T", options: {}, details: { model: "M" } },
    "x\tT\t\tM",
  ],
  ["a name with commands for the terminal", {
    type: "onvif",
    title: "\u001b[2J\u001b]0;owned\u0007Cam\r\nonvif\tFake\u009b31m\u202egnol",
    options: { host: "192.168.1.20" },
    details: { model: "\u001b[31mred\n" },
  }, "onvif\t[2J ]0;owned Cam onvif Fake 31m gnol\t192.168.1.20\t[31mred"],
];
for (const [name, found, expected] of LINES) {
  Deno.test(`foundLine: ${name}`, () => assertEquals(foundLine(found), expected));
}
