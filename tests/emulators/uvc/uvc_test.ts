// Speaks USB/IP with the emulated webcam as the kernel does, so that a fault in it is not taken for one of the hub.
import { ensure, ensureEqual } from "../../vm/tap.ts";
import { hasOneHuffmanSet, readJpeg } from "../../vm/jpeg.ts";
import { u16, u32, viewOf } from "./bytes.ts";
import { framesOf, hashes, spoil, withoutHuffman } from "./frames.ts";
import { FORMATS, MAX_PAYLOAD, newControls } from "./model.ts";
import { UsbipServer } from "./usbip_server.ts";

const SMALL = FORMATS[0]!.sizes[0]!;
const GET_DESCRIPTOR = [0x80, 6],
  SET_CUR_PAN_TILT = [0x21, 1, 0, 0x0d, 0, 1],
  GET_CUR_PAN_TILT = [0xa1, 0x81, 0, 0x0d, 0, 1];

function newWebcam() {
  const frames = { huffman: true, padding: 0, damage: "none" as const, damagedFrames: 0 };
  const identity = { vendor: "Acme", product: "Cam", serial: "X1" };
  return { identity, controls: newControls(), frames, log: () => {} };
}

class Kernel {
  #sequence = 0;
  constructor(readonly socket: Deno.TcpConn) {}

  static async attach(port: number): Promise<Kernel> {
    const socket = await Deno.connect({ hostname: "127.0.0.1", port });
    await socket.write(Uint8Array.from([1, 0x11, 0x80, 3, ...new Array(36).fill(0)]));
    const kernel = new Kernel(socket);
    const answer = await kernel.read(8 + 312);
    ensureEqual(viewOf(answer).getUint32(4), 0, "the status of the import");
    return kernel;
  }

  async read(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const got = await this.socket.read(bytes.subarray(at));
      if (got === null) throw new Error("the webcam closed the connection");
      at += got;
    }
    return bytes;
  }

  async request(endpoint: number, incoming: boolean, length: number, setup: number[], data: number[] = []) {
    const head = new Uint8Array(48);
    const fields = viewOf(head);
    [1, ++this.#sequence, 1, incoming ? 1 : 0, endpoint, 0, length].forEach((n, at) =>
      fields.setUint32(at * 4, n)
    );
    head.set(setup, 40);
    await this.socket.write(Uint8Array.from([...head, ...data]));
    const reply = viewOf(await this.read(48));
    const status = reply.getInt32(20);
    const got = incoming ? await this.read(reply.getUint32(24)) : new Uint8Array();
    return { status, data: got };
  }
}

async function withKernel(body: (kernel: Kernel, server: UsbipServer) => Promise<void>): Promise<void> {
  const server = new UsbipServer(newWebcam(), "127.0.0.1", 0);
  const running = server.run();
  const kernel = await Kernel.attach(server.port);
  try {
    await body(kernel, server);
  } finally {
    kernel.socket.close();
    await server.close();
    await running;
  }
}

Deno.test("descriptors tell their own lengths", () =>
  withKernel(async (kernel) => {
    const { data } = await kernel.request(0, true, 1024, [...GET_DESCRIPTOR, 0, 2, 0, 0, 0, 4]);
    ensureEqual(viewOf(data).getUint16(2, true), data.length, "the total length of the configuration");
    let at = 0;
    while (at < data.length) at += data[at]!;
    ensureEqual(at, data.length, "the sum of the descriptors' lengths");
    const serial = await kernel.request(0, true, 255, [...GET_DESCRIPTOR, 3, 3, 9, 4, 255, 0]);
    ensureEqual(new TextDecoder("utf-16le").decode(serial.data.subarray(2)), "X1", "the serial number");
  }));

Deno.test("pan and tilt are stored in range and refused out of it", () =>
  withKernel(async (kernel, server) => {
    const set = (pan: number) =>
      kernel.request(0, false, 8, [...SET_CUR_PAN_TILT, 8, 0], [...u32(pan), ...u32(-7200)]);
    ensureEqual((await set(36_000)).status, 0, "the status in range");
    ensureEqual((await set(900_000)).status, -32, "the status out of range");
    const { data } = await kernel.request(0, true, 8, [...GET_CUR_PAN_TILT, 8, 0]);
    ensureEqual(
      [viewOf(data).getInt32(0, true), viewOf(data).getInt32(4, true)],
      [36_000, -7200],
      "pan and tilt",
    );
    const names = server.webcam.controls.flatMap(({ fields }) => fields).filter(({ value }) =>
      value === -7200
    );
    ensureEqual(names.map(({ name }) => name), ["tilt"], "the controls at -7200");
  }));

Deno.test("a committed mode streams whole pictures, and a pulled cable ends the connection", () =>
  withKernel(async (kernel, server) => {
    const probe = [...u16(1), 1, 1, ...u32(333_333), ...new Array<number>(26).fill(0)];
    await kernel.request(0, false, 34, [0x21, 1, 0, 2, 1, 0, 34, 0], probe);
    const picture: number[] = [];
    for (let last = false; !last;) {
      const { data } = await kernel.request(1, true, MAX_PAYLOAD, new Array(8).fill(0));
      picture.push(...data.subarray(2));
      last = (data[1]! & 2) !== 0;
    }
    ensure(readJpeg(Uint8Array.from(picture)).whole, "the picture is not a whole JPEG picture");
    const digest = await crypto.subtle.digest("SHA-256", Uint8Array.from(picture));
    ensure(
      (await hashes("mjpeg", SMALL)).includes(new Uint8Array(digest).toHex()),
      "the picture has no known hash",
    );
    ensureEqual(server.pull(), 1, "the number of cables pulled");
    ensureEqual(await kernel.socket.read(new Uint8Array(1)), null, "what comes after the cable was pulled");
  }));

Deno.test("pictures can be spoiled for a number of frames", async () => {
  const picture = (await framesOf("mjpeg", SMALL))[0]!;
  ensure(hasOneHuffmanSet(readJpeg(picture)), "the picture has not one set of Huffman tables");
  const bare = readJpeg(withoutHuffman(picture));
  ensureEqual([bare.whole, Object.keys(bare.huffmanTables).length], [true, 0], "a picture without tables");
  const settings = { huffman: true, padding: 0, damage: "half" as const, damagedFrames: 1 };
  ensureEqual(spoil(picture, "mjpeg", settings)?.length, picture.length >> 1, "the length of the first");
  ensureEqual(spoil(picture, "mjpeg", settings)?.length, picture.length, "the length of the second");
});
