// The history and the patterns over HTTP, on the hub's port and on that of the metrics.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  cameraHistorySchema,
  historyPaths,
  historySchema,
  patternSchema,
} from "../../../src/http/history_openapi.ts";
import { historyRoutes } from "../../../src/http/metrics_history.ts";
import { toyDriver } from "../tools/devices.ts";
import { type Site, withSite } from "../tools/app.ts";
import { until } from "../tools/processes.ts";

/** A house with two cameras, measured every half minute for five minutes; the last is not on the disk. */
async function withHistory(work: (site: Site, viewer: RequestInit) => Promise<void>): Promise<void> {
  await withSite([toyDriver().driver], async (site) => {
    const { send, clock, history, manager, access } = site;
    for (const id of ["door", "yard"]) {
      await send("POST", "/api/cameras", { type: "toy", id, name: id });
      await until(() => manager.get(id).status.status === "online");
    }
    const stop = new AbortController();
    const running = history.run(stop.signal);
    try {
      await until(() => clock.sleeping >= 2, "the history");
      for (let tick = 0; tick < 10; tick++) {
        await clock.advance(30_000);
        if (tick === 6) await history.flush();
      }
      const token = await access.tokens.create("grafana", { role: "viewer" });
      await work(site, { headers: { authorization: `Bearer ${token}` } });
    } finally {
      stop.abort();
      await running;
    }
  });
}

Deno.test("metrics history: the last hours of a camera are told in one shape, on both ports [METRICS-HISTORY]", async () => {
  await withHistory(async ({ as, scrape, catalog }, viewer) => {
    for (
      const answer of [
        await as("/metrics/history/door?hours=2"),
        await scrape("/metrics/history/door", viewer),
      ]
    ) {
      assertEquals([answer.status, answer.headers.get("content-type")], [200, "application/json"]);
      const body = await answer.json();
      cameraHistorySchema.parse(body);
      assertEquals([Object.keys(body), body.camera_id], [["camera_id", "history"], "door"]);
      assertEquals(body.history.length, 10, "what is not written yet is there, too");
      assertEquals(Object.keys(body.history[0]), ["timestamp", "status"]);
      assertEquals(body.history.at(-1).status, "online");
    }
    const none = await as("/metrics/history/dor?hours=2");
    const problem = await none.json();
    assertEquals([none.status, problem.error_code], [404, "not_found"]);
    assertEquals(problem.details.known, ["door", "yard"]);
    const wrong = await scrape("/metrics/history/door?hours=0", viewer);
    assertEquals(wrong.status, 400);
    assertStringIncludes((await wrong.json()).message, "expected a number of hours above 0");
    const cut = await (await as("/metrics/history/door?step=1m&agg=count&fields=up")).json();
    assertEquals([cut.step_s, cut.rows[0].camera, cut.agg], [60, "door", "count"]);
    assertEquals(cut.rows.reduce((sum: number, { up }: { up: number }) => sum + up, 0), 10);
    assertEquals((await as("/metrics/history/door?step=1m&camera=yard")).status, 400);
    const both = await as("/metrics/history/door?hours=1&step=1m");
    assertEquals([both.status, (await both.json()).message], [
      400,
      "hours: stands alone; expected no step beside it",
    ]);
    // Removed, and still known to the history.
    await catalog.remove("door");
    const gone = await (await as("/metrics/history/door?hours=1")).json();
    assertEquals(gone.history.length, 10);
  });
});

Deno.test("metrics history: several cameras in steps, JSON and CSV, on both ports [METRICS-RANGE]", async () => {
  await withHistory(async ({ as, scrape }, viewer) => {
    for (const ask of [(path: string) => as(path), (path: string) => scrape(path, viewer)]) {
      const answer = await ask("/metrics/history?from=now-1h&step=5m&fields=up,viewers");
      const body = await answer.json();
      historySchema.parse(body);
      assertEquals(Object.keys(body), ["tier", "step_s", "from", "to", "agg", "truncated", "fields", "rows"]);
      assertEquals(body.fields, [{ name: "up", unit: "ratio" }, { name: "viewers", unit: "viewers" }]);
      assertEquals([body.tier, body.step_s, body.truncated], ["5m", 300, false]);
      assertEquals(
        new Set(body.rows.map((row: { camera: string }) => row.camera)),
        new Set(["door", "yard"]),
      );
      assertEquals(body.rows[0].up, 1);
      const csv = await ask(
        "/metrics/history?camera=yard,@hub&from=now-1h&step=1h&fields=up,host_load&format=csv",
      );
      assertEquals(csv.headers.get("content-type"), "text/csv; charset=utf-8");
      assertEquals(csv.headers.get("x-truncated"), "false");
      const [head, first = ""] = (await csv.text()).split("\r\n");
      assertEquals(head, "time,camera,up,host_load");
      assert(/^20\d\d-\d\d-\d\dT\d\d:00:00\.000Z,yard,1,$/.test(first), first);
    }
    const filled = await (await as("/metrics/history?camera=door&from=now-2h&step=1h&fill=null&fields=fps"))
      .json();
    assert(filled.rows.length >= 2);
    assertEquals(filled.rows.every((row: { fps: unknown }) => row.fps === null), true);
    const wrong = await as("/metrics/history?agg=mean&fields=upp");
    const { details } = await wrong.json();
    assertEquals([wrong.status, details.problems.map((each: { path: string }) => each.path)], [400, [
      "fields",
      "agg",
    ]]);
    assertEquals((await as("/metrics/history?camera=nobody")).status, 404);
  });
});

Deno.test("metrics patterns: cells, now and CSV, in the zone that is configured or asked for [METRICS-PATTERNS]", async () => {
  await withHistory(async ({ as, scrape, hub }, viewer) => {
    const stop = new AbortController();
    const writing = hub.journal.run(stop.signal);
    try {
      hub.journal.record({ camera: "door", kind: "person", source: "hub", startedAtMs: hub.clock.now() });
      hub.journal.record({ camera: "door", kind: "doorbell", source: "hub", startedAtMs: hub.clock.now() });
      const now = async (query: string) => (await (await as(`/metrics/patterns${query}`)).json()).now.events;
      await until(async () => await now("") === 2, "the events");
      assertEquals([await now("?kind=person"), await now("?camera=yard"), await now("?kind=motion")], [
        1,
        0,
        0,
      ]);
    } finally {
      stop.abort();
      await writing;
    }
    for (const answer of [await as("/metrics/patterns"), await scrape("/metrics/patterns", viewer)]) {
      const body = await answer.json();
      patternSchema.parse(body);
      assertEquals(Object.keys(body), ["timezone", "weeks", "from", "to", "cells", "now"]);
      assertEquals([body.timezone, body.weeks, body.cells.length], ["Europe/Vienna", 4, 168]);
    }
    assertEquals((await (await as("/metrics/patterns?tz=Asia/Kolkata")).json()).timezone, "Asia/Kolkata");
    const csv = await as("/metrics/patterns?format=csv");
    assertEquals(csv.headers.get("content-type"), "text/csv; charset=utf-8");
    const lines = (await csv.text()).split("\r\n");
    assertEquals([lines[0], lines.length], ["weekday,weekday_name,hour,events,hours_observed,per_hour", 170]);
    const wrong = await as("/metrics/patterns?tz=Europe/Viena&weeks=0&kind=persn&year=1");
    const { details } = await wrong.json();
    assertEquals(wrong.status, 400);
    assertEquals(details.problems.map((each: { suggestion?: string }) => each.suggestion), [
      undefined,
      "person",
      undefined,
      "Europe/Vienna",
    ]);
    assertEquals((await as("/metrics/patterns?kind=login")).status, 400, "for administrators");
    assertEquals((await as("/metrics/patterns?camera=nobody")).status, 404);
  });
});

Deno.test("metrics history, patterns: nobody without a token, but for the networks that are named [METRICS-ACCESS]", async () => {
  await withSite([toyDriver().driver], async ({ ask, scrape, grafana }) => {
    Object.assign(grafana, { anonymous: true, networks: ["192.168.7.0/24"] });
    for (const path of ["/metrics/history", "/metrics/history/door", "/metrics/patterns"]) {
      for (const port of [ask, scrape]) assertEquals((await port(path)).status, 401, path);
      const status = (await scrape(path, {}, "192.168.7.9")).status;
      assertEquals(status, path.endsWith("door") ? 404 : 200, path);
    }
  });
});

Deno.test("openApi describes the routes of the history as they are [METRICS-RANGE]", async () => {
  await withSite([toyDriver().driver], ({ hub }) => {
    const routes = historyRoutes({
      ...hub,
      patterns: undefined as never,
      cameras: () => [],
      zone: () => "UTC",
    });
    const described = Object.keys(historyPaths()).map((path) => path.replace("{camera_id}", ":id"));
    assertEquals(described, routes.routes.map(({ path }) => path));
    return Promise.resolve();
  });
});
