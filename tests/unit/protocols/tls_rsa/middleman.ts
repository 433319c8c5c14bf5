// Stands between hub and device, sees every record, and may change, hold back or cut what the device says.
import { joinBytes } from "../../../../src/protocols/tls_rsa/wire.ts";

/** A record as it went over the wire. */
export interface SeenRecord {
  readonly type: number;
  /** Header and body, still sealed. */
  readonly raw: Uint8Array<ArrayBuffer>;
}

/** What becomes of a record of the device: bytes to send instead, and whether the connection is cut afterwards. */
export interface Verdict {
  readonly bytes: Uint8Array;
  readonly thenCut?: boolean;
}

/** Judges the device's records, counted from 0. */
export type Meddling = (record: SeenRecord, index: number) => Verdict;

/** Lets everything pass. */
export const honest: Meddling = ({ raw }) => ({ bytes: raw });

/** One connection's worth of eavesdropping. Listens on a free port of the loopback interface. */
export class Middleman implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #conns: Deno.Conn[] = [];
  readonly #running: Promise<void>;
  /** Types of the records that the hub has sent. */
  readonly fromHub: number[] = [];

  constructor(devicePort: number, meddle: Meddling) {
    this.#running = this.#run(devicePort, meddle);
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** Waits until both directions are over. */
  get over(): Promise<void> {
    return this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
    this.#listener.close();
    await this.#running;
  }

  /** Hangs up on both. */
  #close(): void {
    for (const conn of this.#conns.splice(0)) conn.close();
  }

  async #run(devicePort: number, meddle: Meddling): Promise<void> {
    try {
      const hub = await this.#listener.accept();
      this.#conns.push(hub);
      const device = await Deno.connect({ hostname: "127.0.0.1", port: devicePort });
      this.#conns.push(device);
      await Promise.all([this.#carryFromHub(hub, device), this.#carryFromDevice(device, hub, meddle)]);
    } catch {
      // One side has hung up. What matters is what the hub makes of it, and that the test asks the hub.
    } finally {
      this.#close();
    }
  }

  async #carryFromHub(hub: Deno.Conn, device: Deno.Conn): Promise<void> {
    for await (const { type, raw } of records(hub)) {
      this.fromHub.push(type);
      await writeAll(device, raw);
    }
    await device.closeWrite();
  }

  async #carryFromDevice(device: Deno.Conn, hub: Deno.Conn, meddle: Meddling): Promise<void> {
    let index = 0;
    for await (const record of records(device)) {
      const { bytes, thenCut } = meddle(record, index++);
      await writeAll(hub, bytes);
      if (thenCut) return this.#close();
    }
    await hub.closeWrite();
  }
}

async function* records(conn: Deno.Conn): AsyncGenerator<SeenRecord> {
  for (;;) {
    const header = await readExactly(conn, 5);
    if (!header) return;
    const [type = 0, , , high = 0, low = 0] = header;
    const body = await readExactly(conn, high * 256 + low);
    if (!body) return;
    yield { type, raw: joinBytes(header, body) };
  }
}

/** Returns so many bytes, or undefined when the connection ends before. */
async function readExactly(conn: Deno.Conn, sizeBytes: number): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(sizeBytes);
  for (let filled = 0; filled < sizeBytes;) {
    const read = await conn.read(bytes.subarray(filled));
    if (read === null) return undefined;
    filled += read;
  }
  return bytes;
}

async function writeAll(conn: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await conn.write(rest));
}
