// An emulated USB webcam, exported over USB/IP, for tests that need a real uvcvideo device without the hardware.
//
//   main.ts [--host 127.0.0.1] [--port 0] [--control-port 0] [--serial SN0001] [--no-huffman]
//
// Prints one line of JSON with its ports when it is ready; SIGUSR1 pulls the cable.
// On the machine that is to have the webcam:  modprobe vhci-hcd; usbip --tcp-port PORT attach -r HOST -b 1-1
import { serveControl } from "./control_server.ts";
import { framesOf } from "./frames.ts";
import { FORMATS, newControls } from "./model.ts";
import { BUS_ID, UsbipServer } from "./usbip_server.ts";

function option(name: string, otherwise: string): string {
  const at = Deno.args.indexOf(`--${name}`);
  return at < 0 ? otherwise : Deno.args[at + 1] ?? otherwise;
}

function say(line: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${new Date().toISOString()} ${line}\n`));
}

const hostname = option("host", "127.0.0.1");
const webcam = {
  identity: { vendor: "Acme", product: "Virtual UVC Cam", serial: option("serial", "SN0001") },
  controls: newControls(),
  frames: {
    huffman: !Deno.args.includes("--no-huffman"),
    padding: 0,
    damage: "none" as const,
    damagedFrames: 0,
  },
  log: say,
};

await Promise.all(FORMATS.flatMap(({ kind, sizes }) => sizes.map((size) => framesOf(kind, size))));
const usb = new UsbipServer(webcam, hostname, Number(option("port", "0")));
const control = serveControl(usb, hostname, Number(option("control-port", "0")));
Deno.addSignalListener("SIGUSR1", () => usb.pull());
const ready = { usbip_port: usb.port, control_port: control.addr.port, bus_id: BUS_ID };
Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(ready)}\n`));
await usb.run();
