// Webhooks over TLS: the address is pinned, and the certificate still has to be that of the name.
import { assertEquals, assertMatch } from "@std/assert";
import { IdentityFolder } from "../protocols/tls_rsa/certificates.ts";

const SENDER = new URL("./tls_sender.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

async function send(url: string, certificate: string | undefined): Promise<string> {
  const trust = certificate === undefined ? [] : ["--cert", certificate];
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--config", CONFIG, "--allow-all", ...trust, SENDER, url],
    stdin: "null",
  }).output();
  return new TextDecoder().decode(stdout.length > 0 ? stdout : stderr).trim();
}

Deno.test("[ALERT-SSRF] webhook over TLS: taken by who has the name's certificate, by nobody else", async () => {
  await using folder = new IdentityFolder();
  const { certificateFile, keyPem } = await folder.create(
    "rsa:2048",
    "-addext",
    "subjectAltName=DNS:hook.test",
    "-addext",
    "basicConstraints=critical,CA:FALSE",
  );
  const got: string[] = [];
  const cert = await Deno.readTextFile(certificateFile);
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, cert, key: keyPem, onListen: () => {} },
    async (request) => {
      got.push(`${request.headers.get("host")} ${JSON.parse(await request.text()).state}`);
      return new Response("ok");
    },
  );
  const { port } = server.addr as Deno.NetAddr;
  assertEquals(await send(`https://hook.test:${port}/in`, certificateFile), "taken");
  assertMatch(
    await send(`https://other.test:${port}/in`, certificateFile),
    /^unavailable true .*certificate/,
  );
  assertMatch(await send(`https://hook.test:${port}/in`, undefined), /^unavailable true .*certificate/);
  assertEquals(got, [`hook.test:${port} test`]);
  await server.shutdown();
});
