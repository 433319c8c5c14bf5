// The tester's hand at the emulated webcam: an HTTP port to pull the cable, spoil pictures and see the controls.
import { type Damage, hashes } from "./frames.ts";
import { FORMATS } from "./model.ts";
import type { UsbipServer } from "./usbip_server.ts";

const DAMAGES: readonly Damage[] = ["none", "half", "garbage", "missing"];

/**
 * GET  /status               attached, present, the controls' values, the frame settings
 * GET  /hashes/640x360       SHA-256 of each MJPEG picture of that size, as sent with Huffman tables
 * POST /yank                 pulls the cable; the webcam can be attached again
 * POST /present/on|off       off: refuses to be attached (and pulls the cable)
 * POST /frames/none|half|garbage|missing[?count=N]   spoils the next N pictures, or all until changed
 * POST /huffman/on|off       MJPEG pictures with or without their Huffman tables
 * POST /padding/N            N zero bytes after each MJPEG picture
 */
export function serveControl(
  usb: UsbipServer,
  hostname: string,
  port: number,
): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname, port, onListen: () => {} }, async (request) => {
    const url = new URL(request.url);
    const [, command, argument = ""] = url.pathname.split("/");
    const done = request.method === "POST"
      ? change(usb, `${command}`, argument, url.searchParams)
      : await look(usb, `${command}`, argument);
    if (done === undefined) {
      return new Response(`no such command: ${request.method} ${url.pathname}\n`, { status: 404 });
    }
    return Response.json(done);
  });
}

async function look(usb: UsbipServer, command: string, argument: string): Promise<unknown> {
  if (command === "status") return status(usb);
  if (command === "hashes") {
    const size = FORMATS[0]!.sizes.find(({ width, height }) => `${width}x${height}` === argument);
    return size && await hashes("mjpeg", size);
  }
}

function change(usb: UsbipServer, command: string, argument: string, query: URLSearchParams): unknown {
  const { frames } = usb.webcam;
  const flag = argument === "on" ? true : argument === "off" ? false : undefined;
  if (command === "yank") return { pulled: usb.pull() };
  if (command === "present" && flag !== undefined) {
    usb.present = flag;
    if (!flag) usb.pull();
    return status(usb);
  }
  if (command === "huffman" && flag !== undefined) {
    frames.huffman = flag;
    return status(usb);
  }
  if (command === "padding" && /^\d{1,5}$/.test(argument)) {
    frames.padding = Number(argument);
    return status(usb);
  }
  const damage = DAMAGES.find((one) => one === argument);
  if (command === "frames" && damage) {
    frames.damage = damage;
    frames.damagedFrames = query.has("count") ? Number(query.get("count")) : Infinity;
    return status(usb);
  }
}

function status(usb: UsbipServer): unknown {
  const fields = usb.webcam.controls.flatMap((control) => control.fields);
  return {
    attached: usb.attached,
    present: usb.present,
    controls: Object.fromEntries(fields.map(({ name, value }) => [name, value])),
    frames: usb.webcam.frames,
  };
}
