// A Tapo camera that leaves TLS handshakes without an end: it may hold so many descriptors of the hub, and no more.
import { assert, assertEquals } from "@std/assert";
import { Shared } from "../../src/devices/shared.ts";
import { tapoDriver } from "../../src/drivers/tapo/driver.ts";
import { FakeClock } from "../tools/fake_clock.ts";
import { until } from "../unit/tools/processes.ts";
import { tcpPeer } from "../unit/protocols/tapo/tls_peers.ts";
import { failureOf, forever, stage } from "./stage.ts";

/** As in tls_connector.ts. */
const MAX_STALLED = 4;

Deno.test("[TAPO-FAULTS] Tapo: handshakes that hang are counted over all openings of a device", async () => {
  const hanging = Promise.withResolvers<void>();
  await using peer = tcpPeer(async (connection) => {
    await connection.request();
    await hanging.promise;
  });
  const [clock, shared] = [new FakeClock(), new Shared()];
  const login = { host: "127.0.0.1", port: peer.port, cloud_password: "secret" };
  for (let opening = 1; opening <= MAX_STALLED + 4; opening++) {
    const failure = failureOf(tapoDriver.open(login, stage({ clock, shared }), forever));
    const isRefused = opening > MAX_STALLED;
    if (!isRefused) {
      await until(() => peer.hellos === opening, "a handshake");
      await clock.advance(8000);
    }
    const { kind, message } = await failure;
    assertEquals([kind, /handshakes/.test(message)], isRefused ? ["unavailable", true] : ["timeout", false]);
  }
  assert(peer.hellos <= MAX_STALLED, `${peer.hellos} handshakes`);
  hanging.resolve();
});
