// A call right after the hub was killed does not run into a connection that is dead: it waits, and is done once.
import { assert, assertEquals } from "@std/assert";
import { begin, ERAS, of, until, WAYS, withRelay } from "./stage.ts";

for (const era of ERAS) {
  for (const way of WAYS) {
    Deno.test(`relay: ${era} over the ${way}: a call in the moment of a restart waits and is done once`, async () => {
      await withRelay(way, async ({ hub, peer }) => {
        await begin(peer, era, "camera://a/status");
        for (let round = 1; round <= 5; round++) {
          await Promise.all(
            Array.from({ length: 4 }, () => peer.request("tools/call", of(era, { name: "warm" }))),
          );
          await hub.kill();
          const id = await peer.ask("tools/call", of(era, { name: "move" }));
          await hub.start();
          await until(() => peer.answerOf(id) !== undefined, "the answer");
          assert(peer.answerOf(id).result, JSON.stringify(peer.answerOf(id)));
          assertEquals(hub.count("move"), round);
        }
      });
    });
  }
}
