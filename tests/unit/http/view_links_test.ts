// Links for pages of other sites: what they open, for whom, and nothing else.
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Role } from "../../../src/auth/roles.ts";
import { HubError } from "../../../src/base/errors.ts";
import { testPatternDriver } from "../../../src/drivers/testpattern/driver.ts";
import { settle } from "../../tools/fake_clock.ts";
import type { Site } from "../tools/app.ts";
import { withSite } from "../tools/app.ts";
import { toyDriver } from "../tools/devices.ts";
import { until } from "../tools/processes.ts";
import { gadgets } from "../tools/gadgets.ts";

const GRAFANA = "http://grafana.local:3000";
const ORIGIN = "access-control-allow-origin";

interface Bench extends Site {
  /** Asks with a token of that role. */
  askAs: (role: Role, path: string) => Promise<Response>;
  // deno-lint-ignore no-explicit-any -- tests look into answers of every shape
  link: (role: Role, query?: string, camera?: string) => Promise<any>;
  state: ReturnType<typeof gadgets>["state"];
  toys: ReturnType<typeof toyDriver>;
}

async function withLinks(work: (bench: Bench) => Promise<void>): Promise<void> {
  const { state, capabilities } = gadgets();
  const toys = toyDriver();
  toys.capabilities = capabilities;
  await withSite([toys.driver], async (site) => {
    for (const id of ["door", "yard"]) {
      await site.send("POST", "/api/cameras", { type: "toy", id, name: `The ${id}` });
    }
    await until(() => site.manager.cameras.every(({ status }) => status.status === "online"));
    const tokens = new Map<Role, string>();
    for (const role of ["viewer", "operator"] as const) {
      tokens.set(role, await site.access.tokens.create(role, { role }));
    }
    const askAs: Bench["askAs"] = (role, path) =>
      site.ask(path, { headers: { authorization: `Bearer ${tokens.get(role)}` } });
    const link: Bench["link"] = async (role, query = "", camera = "door") =>
      await (await askAs(role, `/api/cameras/${camera}/view-link${query}`)).json();
    site.grafana.origins.push(GRAFANA);
    await work({ ...site, askAs, link, state, toys });
  });
}

const pathOf = (url: string) => url.slice(new URL(url).origin.length);

Deno.test("view links: a viewer is given addresses for five minutes at most, and the camera's state [VIEW-LINK]", async () => {
  await withLinks(async ({ askAs, ask, link, clock, toys }) => {
    const answer = await askAs("viewer", "/api/cameras/door/view-link?lifetime_s=60");
    assertEquals([answer.status, answer.headers.get("cache-control")], [200, "no-store"]);
    const body = await answer.json();
    assertEquals([body.camera_id, body.name, body.status, body.may_ptz], [
      "door",
      "The door",
      "online",
      false,
    ]);
    assertMatch(body.stream_url, /^http:\/\/pi\.local:7777\/api\/cameras\/door\/stream\?view=tapolink_/);
    assertMatch(body.snapshot_url, /\/api\/cameras\/door\/snapshot\?view=tapolink_/);
    assertEquals(Date.parse(body.expires_at) - clock.now(), 60_000);
    assertEquals(Date.parse((await link("viewer")).expires_at) - clock.now(), 300_000);
    for (const wrong of ["301", "1", "x"]) {
      assertEquals(
        (await askAs("viewer", `/api/cameras/door/view-link?lifetime_s=${wrong}`)).status,
        400,
        wrong,
      );
    }
    assertEquals((await askAs("viewer", "/api/cameras/nobody/view-link")).status, 404);
    assertEquals((await ask("/api/cameras/door/view-link")).status, 401);
    toys.refusal = new HubError("unavailable", "It was switched off");
    toys.lose("door", toys.refusal);
    await until(async () => (await link("viewer")).status === "offline");
    const away = await link("viewer");
    assertMatch(away.reason, /switched off/);
    assert(Date.parse(away.since) <= clock.now());
  });
});

Deno.test("view links: one opens that camera's picture by GET, and nothing else [VIEW-LINK-SCOPE]", async () => {
  await withLinks(async ({ ask, as, link }) => {
    const { snapshot_url, stream_url } = await link("viewer");
    const [snapshot, stream] = [pathOf(snapshot_url), pathOf(stream_url)];
    const view = snapshot.slice(snapshot.indexOf("?"));
    const codeOf = async (answer: Response) => [answer.status, (await answer.json()).error_code];
    // The toy has no picture: that is said behind the gate.
    for (const path of [snapshot, stream]) {
      assertEquals(await codeOf(await ask(path)), [422, "unsupported"], path);
    }
    assertEquals(await codeOf(await ask(`/api/cameras/yard/snapshot${view}`)), [403, "forbidden"]);
    assertEquals(await codeOf(await as(`/api/cameras/yard/snapshot${view}`)), [403, "forbidden"]);
    const others = [
      "/api/cameras",
      "/api/cameras/door",
      "/api/cameras/door/view-link",
      "/api/cameras/door/audio",
    ];
    others.push("/api/status", "/metrics", "/api/live", "/api/recordings", "/api/cameras/door/snapshot/x");
    for (const path of others) assertEquals((await ask(path + view)).status, 401, path);
    assertEquals((await ask(snapshot, { method: "POST" })).status, 401);
    assertEquals((await ask("/" + view)).status, 303);
    const bearer = { authorization: `Bearer ${view.slice("?view=".length)}` };
    assertEquals(await codeOf(await ask("/api/cameras", { headers: bearer })), [403, "forbidden"]);
    const move = { method: "POST", headers: { ...bearer, "content-type": "application/json" }, body: "{}" };
    assertEquals(await codeOf(await ask("/api/operations/move_ptz", move)), [403, "forbidden"]);
    const wrong = await ask("/api/cameras/door/snapshot?view=tapolink_e30.x");
    assertEquals(wrong.headers.get("content-type"), "application/problem+json");
    assertEquals(await codeOf(wrong), [401, "unauthenticated"]);
  });
});

Deno.test("view links: a control ticket moves its camera, for operators only and where it is asked for [VIEW-LINK-PTZ]", async () => {
  await withLinks(async ({ ask, link, state, access, clock, hub }) => {
    assertEquals((await link("viewer", "?control=true")).control_ticket, undefined);
    const quiet = await link("operator");
    assertEquals([quiet.may_ptz, quiet.control_ticket], [true, undefined]);
    const { control_ticket: ticket } = await link("operator", "?control=true");
    const send = async (operation: string, body: unknown, method = "POST") => {
      const headers = {
        authorization: `Bearer ${ticket}`,
        "content-type": "application/json",
        origin: GRAFANA,
      };
      const answer = await ask(`/api/operations/${operation}`, {
        method,
        headers,
        body: JSON.stringify(body),
      });
      return [answer.status, (await answer.json()).error_code, answer.headers.get(ORIGIN)];
    };
    assertEquals(await send("move_ptz", { camera_id: "door", pan: 0.1 }), [200, undefined, GRAFANA]);
    assertEquals(state.moves.length, 1);
    for (const body of [{ camera_id: "yard", pan: 0.1 }, { pan: 0.1 }, {}]) {
      assertEquals((await send("move_ptz", body)).slice(0, 2), [403, "forbidden"], JSON.stringify(body));
    }
    for (const name of ["reboot_camera", "recall_ptz_preset", "list_cameras", "set_privacy_mode"]) {
      assertEquals((await send(name, { camera_id: "door" })).slice(0, 2), [403, "forbidden"], name);
    }
    assertEquals(state.moves.length, 1);
    await until(async () => (await hub.auditLog.list({ limit: 5 })).length > 0);
    const [noted] = await hub.auditLog.list({ limit: 5 });
    assertEquals([noted?.user, noted?.operation, noted?.camera], ["token:operator", "move_ptz", "door"]);
    const looking = await ask(`/api/cameras/door/snapshot?view=${ticket}`);
    assertEquals(looking.status, 403);
    await clock.advance(300_000);
    assertEquals((await send("move_ptz", { camera_id: "door", pan: 0.1 })).slice(0, 2), [
      401,
      "unauthenticated",
    ]);
    const { control_ticket: next } = await link("operator", "?control=true");
    await access.tokens.revoke("operator");
    const late = await ask("/api/operations/move_ptz", {
      method: "POST",
      headers: { authorization: `Bearer ${next}`, "content-type": "application/json" },
      body: JSON.stringify({ camera_id: "door", pan: 0.1 }),
    });
    assertEquals([late.status, state.moves.length], [401, 1]);
  });
});

Deno.test("view links: only pages of named origins may read them and move; every page may show the picture [VIEW-LINK-CORS]", async () => {
  await withLinks(async ({ ask, link }) => {
    const snapshot = pathOf((await link("viewer")).snapshot_url);
    const asked = async (path: string, origin: string, method?: string) => {
      const headers: Record<string, string> = { origin };
      if (method) headers["access-control-request-method"] = method;
      const answer = await ask(path, method ? { method: "OPTIONS", headers } : { headers });
      await answer.body?.cancel();
      return answer.headers;
    };
    for (const [origin, allowed] of [[GRAFANA, GRAFANA], ["http://evil.example", null]] as const) {
      assertEquals((await asked(snapshot, origin)).get(ORIGIN), allowed);
      const preflight = await asked("/api/operations/move_ptz", origin, "POST");
      assertEquals(preflight.get(ORIGIN), allowed);
      assertEquals(preflight.get("access-control-allow-credentials"), null);
      for (const path of ["/api/operations/reboot_camera", "/api/cameras", "/api/cameras/door/view-link"]) {
        assertEquals((await asked(path, origin, "POST")).get(ORIGIN), null, path);
      }
    }
    const policy = "cross-origin-resource-policy";
    assertEquals((await asked(snapshot, "http://evil.example")).get(policy), "cross-origin");
    assertEquals((await ask("/api/cameras/door/snapshot")).headers.get(policy), "same-origin");
  });
});

Deno.test("view links: a stream outlasts its link, and ends after an hour [VIEW-LINK-STREAM]", async () => {
  await withSite([testPatternDriver], async ({ as, ask, catalog, media, launcher, clock }) => {
    await catalog.add({ type: "testpattern", id: "test", options: { width: 160, height: 120, fps: 10 } });
    await settle();
    const { stream_url } = await (await as("/api/cameras/test/view-link")).json();
    const live = await ask(pathOf(stream_url));
    assertEquals(live.headers.get("cross-origin-resource-policy"), "cross-origin");
    const reader = live.body!.getReader();
    assertEquals((await reader.read()).done, false);
    await clock.leap(300_000);
    assertEquals((await ask(pathOf(stream_url))).status, 401);
    assertEquals(media.viewers, 1);
    await clock.leap(3600_000 - 300_000);
    await until(() => media.viewers === 0, "the stream to end");
    while (!(await reader.read()).done) { /* what was sent before */ }
    await clock.advance(5000);
    await until(() => launcher.living.length === 0, "the test pattern to stop");
  });
});
