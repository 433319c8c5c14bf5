// A self-signed certificate as a camera makes for itself, from the openssl program.

export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** SHA-256 of the DER form, upper-case hexadecimal with colons: what a client pins. */
  readonly fingerprint: string;
}

/** `rsa` is slow to make but what static-RSA suites need; `ec` takes a few milliseconds. */
export type KeyKind = "ec" | "rsa";

/** Makes a new key and certificate for the address; nothing stays on disk. */
export async function makeCertificate(address: string, kind: KeyKind): Promise<Certificate> {
  const folder = await Deno.makeTempDir({ prefix: "tapo-cert-" });
  try {
    await Deno.writeTextFile(`${folder}/openssl.cnf`, configFor(address));
    const algorithm = kind === "rsa"
      ? ["-newkey", "rsa:2048"]
      : ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
    const { success, stderr } = await new Deno.Command("openssl", {
      args: ["req", "-x509", ...algorithm, "-nodes", "-days", "3650", "-config", "openssl.cnf"]
        .concat(["-keyout", "key.pem", "-out", "cert.pem"]),
      cwd: folder,
    }).output();
    if (!success) throw new Error(`openssl made no certificate: ${new TextDecoder().decode(stderr)}`);
    const cert = await Deno.readTextFile(`${folder}/cert.pem`);
    return {
      cert,
      key: await Deno.readTextFile(`${folder}/key.pem`),
      fingerprint: await fingerprintOf(cert),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The certificate kept in a file, made when there is none: a device that has the same one at its next start. */
export async function keepCertificate(path: string, address: string, kind: KeyKind): Promise<Certificate> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const made = await makeCertificate(address, kind);
    await Deno.writeTextFile(path, JSON.stringify(made), { mode: 0o600 });
    return made;
  }
}

/** `CA:TRUE` is what openssl gives by itself; strict verifiers refuse such a one as a server's certificate. */
function configFor(address: string): string {
  return [
    "[req]",
    "distinguished_name = name",
    "prompt = no",
    "x509_extensions = extensions",
    "[name]",
    "CN = TPRI-DEVICE",
    "[extensions]",
    "basicConstraints = CA:TRUE",
    `subjectAltName = IP:${address}`,
    "",
  ].join("\n");
}

async function fingerprintOf(pem: string): Promise<string> {
  const der = Uint8Array.from(atob(pem.replace(/-----[A-Z ]+-----|\s/g, "")), (c) => c.charCodeAt(0));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", der));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(":");
}
