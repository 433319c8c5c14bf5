// Exports the emulated webcam over USB/IP: lists it and hands it to whoever attaches it.
import { concat, viewOf } from "./bytes.ts";
import { Connection, EndOfStream } from "./connection.ts";
import type { Webcam } from "./device.ts";
import { PRODUCT_ID, VENDOR_ID } from "./model.ts";

const VERSION = 0x0111;
const LIST = 0x8005, IMPORT = 0x8003;
const HIGH_SPEED = 3;
export const BUS_ID = "1-1";

export class UsbipServer {
  readonly #listener: Deno.TcpListener;
  readonly #attached = new Set<Connection>();
  readonly #serving = new Set<Promise<void>>();
  /** False refuses the webcam as if it were not plugged in. */
  present = true;

  constructor(readonly webcam: Webcam, hostname: string, port: number) {
    this.#listener = Deno.listen({ hostname, port });
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  get attached(): boolean {
    return this.#attached.size > 0;
  }

  async run(): Promise<void> {
    for await (const socket of this.#listener) {
      const serving = this.#serve(socket)
        .catch((error) => this.webcam.log(`connection ended: ${(error as Error).message}`))
        .finally(() => this.#serving.delete(serving));
      this.#serving.add(serving);
    }
  }

  async close(): Promise<void> {
    this.#listener.close();
    this.pull();
    await Promise.allSettled(this.#serving);
  }

  /** Pulls the cable: the kernel sees the device vanish. */
  pull(): number {
    const count = this.#attached.size;
    for (const connection of this.#attached) connection.pull();
    return count;
  }

  async #serve(socket: Deno.TcpConn): Promise<void> {
    socket.setNoDelay(true);
    const read = exactReader(socket);
    try {
      const request = viewOf(await read(8)).getUint16(2);
      if (request === LIST) await socket.write(this.#list());
      if (request !== IMPORT) return;
      await read(32);
      await socket.write(this.#imported());
      if (!this.present) return;
      const connection = new Connection(socket, this.webcam);
      this.#attached.add(connection);
      this.webcam.log("attached");
      try {
        await connection.run(read);
      } finally {
        this.#attached.delete(connection);
        this.webcam.log("detached");
      }
    } finally {
      try {
        socket.close();
      } catch {
        // The connection closes its own socket when the cable is pulled.
      }
    }
  }

  #list(): Uint8Array {
    const head = header(LIST & 0xff, 0, 4);
    viewOf(head).setUint32(8, this.present ? 1 : 0);
    if (!this.present) return head;
    const interfaces = Uint8Array.of(14, 1, 0, 0, 14, 2, 0, 0);
    return concat(head, describeDevice(), interfaces);
  }

  #imported(): Uint8Array {
    return this.present ? concat(header(IMPORT & 0xff, 0, 0), describeDevice()) : header(IMPORT & 0xff, 1, 0);
  }
}

function header(code: number, status: number, extra: number): Uint8Array {
  const head = new Uint8Array(8 + extra);
  const fields = viewOf(head);
  fields.setUint16(0, VERSION);
  fields.setUint16(2, code);
  fields.setUint32(4, status);
  return head;
}

function describeDevice(): Uint8Array {
  const device = new Uint8Array(312);
  const fields = viewOf(device);
  device.set(new TextEncoder().encode(`/sys/devices/emulated/${BUS_ID}`), 0);
  device.set(new TextEncoder().encode(BUS_ID), 256);
  fields.setUint32(288, 1);
  fields.setUint32(292, 2);
  fields.setUint32(296, HIGH_SPEED);
  fields.setUint16(300, VENDOR_ID);
  fields.setUint16(302, PRODUCT_ID);
  fields.setUint16(304, 0x100);
  device.set([0xef, 2, 1, 1, 1, 2], 306);
  return device;
}

function exactReader(socket: Deno.TcpConn): (length: number) => Promise<Uint8Array> {
  return async (length) => {
    const bytes = new Uint8Array(length);
    let at = 0;
    while (at < length) {
      const got = await socket.read(bytes.subarray(at)).catch(() => null);
      if (got === null) throw new EndOfStream("the other side closed the connection");
      at += got;
    }
    return bytes;
  };
}
