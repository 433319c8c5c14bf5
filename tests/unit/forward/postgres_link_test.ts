// Where the connection to PostgreSQL goes: to the address that was judged, whatever kind it is.
import { assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { pushSection } from "../../../src/config/push.ts";
import { PostgresLink } from "../../../src/forward/postgres_link.ts";

/** Listens there, notes who comes, and sends everybody away. */
function door(hostname: string): { port: number; close(): Promise<number> } {
  const listener = Deno.listen({ hostname, port: 0 });
  let came = 0;
  const serving = (async () => {
    for await (const connection of listener) {
      came++;
      connection.close();
    }
  })();
  return {
    port: listener.addr.port,
    close: async () => {
      listener.close();
      await serving;
      return came;
    },
  };
}

for (const address of ["127.0.0.1", "::1"]) {
  Deno.test(`[PUSH-OUT-ADDRESS] PostgreSQL is reached at ${address}, where its name leads, once`, async () => {
    const there = door(address);
    const url = `postgres://hub@store.example:${there.port}/cameras`;
    const [config] = pushSection.parse({ postgres: [{ url, password: "right" }] }).postgres;
    const link = new PostgresLink(config!, { resolve: () => Promise.resolve(address) });
    const error = await assertRejects(
      () => link.transaction(() => Promise.resolve(), new AbortController().signal),
      HubError,
    );
    await link.close();
    assertEquals(await there.close(), 1, error.message);
    assertEquals(error.message, 'PostgreSQL "postgres" closed the connection');
  });
}
