// A secret key in a file of its own: random, made when it is first needed, readable for its owner only.
import { randomBytes } from "node:crypto";
import { explainFileError, HubError } from "../base/errors.ts";

const KEY_BYTES = 32;

/** Reads the key, once; where none can be kept, one is made that is gone with the hub. */
export class KeyFile {
  readonly #path: string;
  readonly #onVolatile: (error: HubError) => void;
  #reading: Promise<Uint8Array> | undefined;

  /** @param onVolatile told when the key could not be kept. */
  constructor(path: string, onVolatile: (error: HubError) => void) {
    this.#path = path;
    this.#onVolatile = onVolatile;
  }

  readonly read = (): Promise<Uint8Array> =>
    this.#reading ??= this.#readOrMake().catch((error) => {
      this.#reading = undefined;
      throw error;
    });

  async #readOrMake(): Promise<Uint8Array> {
    try {
      return await this.#present() ?? await this.#make();
    } catch (error) {
      const explained = explainFileError(error, this.#path);
      if (!(explained instanceof HubError)) throw error;
      this.#onVolatile(explained);
      return randomBytes(KEY_BYTES);
    }
  }

  /** Undefined where there is none, half of one, or one that others could read: who knows it can sign what he likes. */
  async #present(): Promise<Uint8Array | undefined> {
    try {
      const { mode } = await Deno.stat(this.#path);
      const key = await Deno.readFile(this.#path);
      return key.length === KEY_BYTES && ((mode ?? 0) & 0o077) === 0 ? key : undefined;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  /** Whole or not at all: a hub that dies over it leaves no half key. */
  async #make(): Promise<Uint8Array> {
    const key = new Uint8Array(randomBytes(KEY_BYTES));
    const fresh = `${this.#path}.new`;
    await Deno.writeFile(fresh, key, { mode: 0o600 });
    await Deno.rename(fresh, this.#path);
    return key;
  }
}
