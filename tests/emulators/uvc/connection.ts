// One attached cable: speaks USB/IP with the kernel's vhci-hcd and moves requests and pictures over it.
import { concat, viewOf } from "./bytes.ts";
import { Device, payloads, type Webcam } from "./device.ts";
import { framesOf, spoil } from "./frames.ts";
import { FORMATS } from "./model.ts";

const SUBMIT = 1, UNLINK = 2, RET_SUBMIT = 3, RET_UNLINK = 4;
const STALL = -32, UNLINKED = -104;
const FROM_DEVICE = 1;

interface Request {
  sequence: number;
  length: number;
}

export class Connection {
  readonly #device: Device;
  readonly #waiting: Request[] = [];
  #wake = Promise.withResolvers<void>();
  #writing: Promise<unknown> = Promise.resolve();
  #open = true;

  constructor(readonly socket: Deno.TcpConn, webcam: Webcam) {
    this.#device = new Device(webcam, () => this.#notify());
  }

  /** Ends when the other side goes away or pull() is called. */
  async run(read: (length: number) => Promise<Uint8Array>): Promise<void> {
    const streaming = this.#stream();
    try {
      while (this.#open) await this.#command(await read(48), read);
    } catch (error) {
      if (this.#open && !(error instanceof Deno.errors.ConnectionReset) && !(error instanceof EndOfStream)) {
        throw error;
      }
    } finally {
      this.pull();
      await streaming;
    }
  }

  pull(): void {
    if (!this.#open) return;
    this.#open = false;
    this.socket.close();
    this.#notify();
  }

  #notify(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }

  async #command(head: Uint8Array, read: (length: number) => Promise<Uint8Array>): Promise<void> {
    const fields = viewOf(head);
    const command = fields.getUint32(0);
    const sequence = fields.getUint32(4);
    if (command === UNLINK) {
      const at = this.#waiting.findIndex((one) => one.sequence === fields.getUint32(20));
      if (at >= 0) this.#waiting.splice(at, 1);
      return this.#send(reply(RET_UNLINK, sequence, at >= 0 ? UNLINKED : 0, 0));
    }
    if (command !== SUBMIT) throw new Error(`unknown USB/IP command ${command}`);
    const incoming = fields.getUint32(12) === FROM_DEVICE;
    const endpoint = fields.getUint32(16);
    const length = fields.getUint32(24);
    const data = !incoming && length > 0 ? await read(length) : new Uint8Array();
    if (endpoint === 1 && incoming) {
      this.#waiting.push({ sequence, length });
      this.#notify();
      return;
    }
    const setup = {
      type: fields.getUint8(40),
      request: fields.getUint8(41),
      value: fields.getUint16(42, true),
      index: fields.getUint16(44, true),
      length: fields.getUint16(46, true),
    };
    const answer = endpoint === 0 ? this.#device.control(setup, data) : null;
    if (answer === null) return this.#send(reply(RET_SUBMIT, sequence, STALL, 0));
    if (!incoming) return this.#send(reply(RET_SUBMIT, sequence, 0, length));
    return this.#send(concat(reply(RET_SUBMIT, sequence, 0, answer.length), answer));
  }

  /** Messages of the control and the stream side must not mix; a failed write means the cable is out. */
  #send(message: Uint8Array): Promise<void> {
    const written = this.#writing.then(async () => {
      if (!this.#open) return;
      const writer = this.socket.writable.getWriter();
      try {
        await writer.write(message);
      } catch {
        this.pull();
      } finally {
        writer.releaseLock();
      }
    });
    this.#writing = written;
    return written;
  }

  async #stream(): Promise<void> {
    let count = 0;
    let due = 0;
    while (this.#open) {
      if (!this.#device.streaming || this.#waiting.length === 0) {
        await this.#wake.promise;
        continue;
      }
      const { format, frame, interval } = this.#device.mode;
      const { kind, sizes } = FORMATS[format - 1]!;
      const pictures = await framesOf(kind, sizes[frame - 1]!);
      const now = performance.now();
      // After a pause the next picture is due at once, without making up for those not sent.
      due = Math.max(due, now - 50);
      if (due > now) await new Promise((resolve) => setTimeout(resolve, due - now));
      due += interval / 10_000;
      const picture = spoil(pictures[count % pictures.length]!, kind, this.#device.webcam.frames);
      if (picture) await this.#sendPicture(picture, (count & 1) as 0 | 1);
      count++;
    }
  }

  async #sendPicture(picture: Uint8Array, toggle: 0 | 1): Promise<void> {
    const parts = payloads(picture, toggle, () => this.#waiting[0]?.length ?? 0);
    while (true) {
      while (this.#open && this.#device.streaming && this.#waiting.length === 0) await this.#wake.promise;
      if (!this.#open || !this.#device.streaming) return;
      const part = parts.next();
      if (part.done) return;
      const { sequence } = this.#waiting.shift()!;
      await this.#send(concat(reply(RET_SUBMIT, sequence, 0, part.value.length), part.value));
    }
  }
}

export class EndOfStream extends Error {}

function reply(command: number, sequence: number, status: number, length: number): Uint8Array {
  const head = new Uint8Array(48);
  const fields = viewOf(head);
  fields.setUint32(0, command);
  fields.setUint32(4, sequence);
  fields.setInt32(20, status);
  fields.setUint32(24, length);
  return head;
}
