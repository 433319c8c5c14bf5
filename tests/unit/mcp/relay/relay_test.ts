// The relay between a client's stdin and stdout and a hub that lives, dies, comes back, or refuses.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { begin, ERAS, of, until, WAYS, withRelay } from "./stage.ts";

const URI = "camera://front/status";
const UPDATED = "notifications/resources/updated";

for (const era of ERAS) {
  for (const way of WAYS) {
    Deno.test(`relay: ${era} over the ${way}: calls, progress, notifications`, async () => {
      await withRelay(way, async ({ hub, peer }) => {
        await begin(peer, era, URI);
        for (const name of ["move", "json"]) {
          const { result } = await peer.request("tools/call", of(era, { name }));
          assertEquals(result.content[0].text, `${name} done`);
          assertEquals(hub.count(name), 1);
        }
        const id = await peer.ask("tools/call", of(era, { name: "wait" }));
        await until(() => peer.notices("notifications/progress").length > 2, "progress");
        await until(() => peer.notices(UPDATED).length > 2, "updates");
        assertEquals(peer.notices(UPDATED)[0].params.uri, URI);
        // Else its answer would be waited for at the end.
        await peer.notify("notifications/cancelled", { requestId: id });
      });
    });

    Deno.test(`relay: ${era} over the ${way}: a hub killed in a call fails that call, once done, and is followed`, async () => {
      await withRelay(way, async ({ hub, peer }) => {
        await begin(peer, era, URI);
        const cut = await peer.ask("tools/call", of(era, { name: "wait" }));
        await until(() => hub.count("wait") === 1, "the call");
        await hub.kill();
        await until(() => peer.answerOf(cut) !== undefined, "the failure");
        const { error } = peer.answerOf(cut);
        assertMatch(error.message, /went away before it had answered.*present state before asking again/);
        assertEquals([error.data.error_code, error.data.recovery_options.length], ["unavailable", 1]);
        const waiting = await peer.ask("tools/call", of(era, { name: "move" }));
        await new Promise((resolve) => setTimeout(resolve, 300));
        assertEquals(peer.answerOf(waiting), undefined, "it waits for the hub");
        await hub.start();
        await until(() => peer.answerOf(waiting)?.result !== undefined, "the call that waited");
        assertEquals([hub.count("wait"), hub.count("move")], [1, 1], "nothing was done twice");
      });
    });

    Deno.test(`relay: ${era} over the ${way}: a hub that came back is noticed without a request`, async () => {
      await withRelay(way, async ({ hub, peer }) => {
        await begin(peer, era, URI);
        await until(() => peer.notices(UPDATED).length > 1, "updates");
        await hub.kill();
        await hub.start();
        const begun = performance.now();
        const before = peer.notices(UPDATED).length;
        await until(() => peer.notices(UPDATED).length > before + 3, "updates of the new hub");
        assert(
          peer.notices("notifications/tools/list_changed").length >= 1,
          "the client is told to look again",
        );
        assert(performance.now() - begun < 3000, `${performance.now() - begun} ms`);
        assert((await peer.request("tools/call", of(era, { name: "move" }))).result);
      });
    });

    Deno.test(`relay: ${era} over the ${way}: what is cancelled ends at the hub and is not answered`, async () => {
      await withRelay(way, async ({ hub, peer }) => {
        await begin(peer, era, URI);
        const id = await peer.ask("tools/call", of(era, { name: "wait" }));
        await until(() => peer.notices("notifications/progress").length > 0, "progress");
        await peer.notify("notifications/cancelled", { requestId: id });
        const isTold = () =>
          hub.said.some(({ left, told, of }) =>
            left === "wait" || (told === "notifications/cancelled" && of === id)
          );
        await until(isTold, "the hub to hear of it");
        assertEquals(peer.answerOf(id), undefined);
      });
    });
  }

  Deno.test(`relay: ${era}: what is cancelled while the hub is away is never done`, async () => {
    await withRelay("socket", async ({ hub, peer }) => {
      await begin(peer, era, URI);
      await hub.kill();
      const id = await peer.ask("tools/call", of(era, { name: "move" }));
      await new Promise((resolve) => setTimeout(resolve, 200));
      await peer.notify("notifications/cancelled", { requestId: id });
      await new Promise((resolve) => setTimeout(resolve, 100));
      await hub.start();
      assert((await peer.request("tools/call", of(era, { name: "other" }))).result);
      assertEquals([hub.count("move"), hub.count("other"), peer.answerOf(id)], [0, 1, undefined]);
    });
  });

  Deno.test(`relay: ${era}: a hub that is not there is told with what to do`, async () => {
    await withRelay("socket", async ({ peer }) => {
      const method = era === "2025-11-25" ? "initialize" : "server/discover";
      const { error } = await peer.request(
        method,
        of(era, { protocolVersion: era, clientInfo: { name: "test" } }),
      );
      assertMatch(error.message, /hub\.sock does not answer .*Start it \("tapo-camera-mcp serve"/);
      assertEquals(error.data.error_code, "unavailable");
    }, { isAway: true, patienceMs: 300 });
  });

  Deno.test(`relay: ${era}: a refused token is told with what to do, and stands in no answer`, async () => {
    await withRelay("url", async ({ peer }) => {
      const method = era === "2025-11-25" ? "initialize" : "tools/list";
      const { error } = await peer.request(
        method,
        of(era, { protocolVersion: era, clientInfo: { name: "test" } }),
      );
      assertMatch(error.message, /refuses the token: The hub does not know this token.*token create NAME/);
      assertEquals(error.data.error_code, "unauthenticated");
      assert(!JSON.stringify(peer.got).includes("stolen"));
    }, { token: "stolen" });
  });

  Deno.test(`relay: ${era}: an address without MCP is told as such`, async () => {
    await withRelay("url", async ({ peer }) => {
      const method = era === "2025-11-25" ? "initialize" : "tools/list";
      const { error } = await peer.request(
        method,
        of(era, { protocolVersion: era, clientInfo: { name: "test" } }),
      );
      assertMatch(error.message, /There is no MCP at http.*TAPO_CAMERA_MCP_URL/);
    }, { path: "/nothing" });
  });
}

Deno.test("relay: of many calls that find the session gone, one opens the new one", async () => {
  await withRelay("socket", async ({ hub, peer }) => {
    await begin(peer, "2025-11-25", URI);
    await hub.kill();
    await hub.start();
    const ids = await Promise.all(Array.from({ length: 10 }, () => peer.ask("tools/call", { name: "move" })));
    await until(() => ids.every((id) => peer.answerOf(id)?.result), "all answers");
    assertEquals([hub.count("move"), hub.said.filter(({ opened }) => opened).length], [10, 2]);
  });
});

Deno.test("relay: what is no message is told, and what follows is answered", async () => {
  await withRelay("socket", async ({ peer }) => {
    await peer.raw(
      '{"jsonrpc":"2.0","id":1\n\n   \n[1,2]\nnull\n7\n{"jsonrpc":"2.0","id":{},"method":"x"}\n',
    );
    const codes = () => peer.got.filter(({ id }) => id === null).map(({ error }) => error.code).sort();
    await until(() => codes().length === 5, "the complaints");
    assertEquals(codes(), [-32600, -32600, -32600, -32600, -32700]);
    assert((await peer.request("tools/list", of("2026-07-28"))).result);
  });
});

Deno.test("relay: a line without end is refused within bounds, and the next one is read", async () => {
  await withRelay("socket", async ({ peer }) => {
    const piece = "x".repeat(1_000_000);
    for (let i = 0; i < 9; i++) await peer.raw(piece);
    await peer.raw("\n");
    await until(() => peer.got.length === 1, "the complaint");
    assertStringIncludes(peer.got[0].error.message, "at most 8000000 characters");
    assert((await peer.request("tools/list", of("2026-07-28"))).result);
  });
});

Deno.test("relay: what was asked before the end of stdin is still answered, and the session is closed", async () => {
  await withRelay("socket", async ({ hub, peer }) => {
    await begin(peer, "2025-11-25", URI);
    const id = await peer.ask("tools/call", { name: "move" });
    await peer.close();
    assert(peer.answerOf(id).result);
    await until(() => hub.said.some(({ closed }) => closed), "the hub to hear of the end");
    peer.close = () => Promise.resolve();
  });
});
