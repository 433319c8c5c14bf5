// Certificates for tests, made on the spot by the openssl program, so that none lies around and expires.
import { assert } from "@std/assert";

/** A self-signed certificate and its key, in memory and as files. */
export interface Identity {
  readonly certificateDer: Uint8Array<ArrayBuffer>;
  readonly keyPem: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** A temporary folder of identities, removed when it is left. */
export class IdentityFolder implements AsyncDisposable {
  readonly #folder = Deno.makeTempDirSync({ prefix: "tls-rsa-" });

  get path(): string {
    return this.#folder;
  }

  /** Makes an identity; `key` is what `openssl req -newkey` takes, for example `rsa:2048`. */
  async create(key: string, ...options: readonly string[]): Promise<Identity> {
    const name = `${this.#folder}/${key.replace(":", "-")}`;
    const [certificateFile, keyFile] = [`${name}.crt`, `${name}.key`];
    const subject = ["-subj", "/CN=camera", "-days", "2"];
    await openssl("req", "-x509", "-newkey", key, ...options, "-nodes", ...subject, ...[
      ...["-keyout", keyFile, "-out", certificateFile],
    ]);
    await openssl("x509", "-in", certificateFile, "-outform", "der", "-out", `${name}.der`);
    return {
      certificateDer: await Deno.readFile(`${name}.der`),
      keyPem: await Deno.readTextFile(keyFile),
      certificateFile,
      keyFile,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

async function openssl(...args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", { args: [...args], stdin: "null" }).output();
  assert(success, new TextDecoder().decode(stderr));
}
