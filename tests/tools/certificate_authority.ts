// A certificate authority of one test, and servers' certificates from it, made by the openssl program.

/** What a server proves itself with, in PEM form. */
export interface ServerIdentity {
  cert: string;
  key: string;
}

/** An authority in a folder of its own, which goes with it. */
export class CertificateAuthority implements AsyncDisposable {
  /** Its certificate in PEM form: who trusts it trusts the servers. */
  readonly ca: string;
  readonly folder: string;

  private constructor(folder: string, ca: string) {
    this.folder = folder;
    this.ca = ca;
  }

  static async make(): Promise<CertificateAuthority> {
    const folder = await Deno.makeTempDir({ prefix: "authority-" });
    await openssl(folder, "req", "-x509", ...EC, "-nodes", "-days", "2", "-subj", "/CN=Test authority", ...[
      ...["-addext", "basicConstraints=critical,CA:TRUE", "-keyout", "ca.key", "-out", "ca.pem"],
    ]);
    return new CertificateAuthority(folder, await Deno.readTextFile(`${folder}/ca.pem`));
  }

  /** @param names as `subjectAltName` takes them, such as `DNS:localhost,IP:127.0.0.1`. */
  async issue(names: string): Promise<ServerIdentity> {
    const { folder } = this;
    await Deno.writeTextFile(`${folder}/extensions`, `subjectAltName=${names}\nbasicConstraints=CA:FALSE\n`);
    await openssl(folder, "req", ...EC, "-nodes", "-subj", "/CN=server", "-keyout", "s.key", "-out", "s.csr");
    await openssl(folder, "x509", "-req", "-in", "s.csr", "-CA", "ca.pem", "-CAkey", "ca.key", ...[
      ...["-CAcreateserial", "-days", "2", "-extfile", "extensions", "-out", "s.pem"],
    ]);
    const [cert, key] = await Promise.all(
      ["s.pem", "s.key"].map((each) => Deno.readTextFile(`${folder}/${each}`)),
    );
    return { cert: cert ?? "", key: key ?? "" };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

const EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];

async function openssl(cwd: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", { args, cwd, stdin: "null" }).output();
  if (!success) throw new Error(`openssl ${args[0]}: ${new TextDecoder().decode(stderr)}`);
}
