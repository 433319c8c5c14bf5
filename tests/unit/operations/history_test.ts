// query_metrics: what a model asks, what it gets, and what it is told when it asks wrongly.
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { HISTORY_OPERATIONS } from "../../../src/operations/history.ts";
import { invoke } from "../../../src/operations/invoke.ts";
import type { Operation } from "../../../src/operations/operation.ts";
import { toyDriver } from "../tools/devices.ts";
import { type Site, withSite } from "../tools/app.ts";
import { until } from "../tools/processes.ts";

const [queryMetrics] = HISTORY_OPERATIONS as [Operation];

// deno-lint-ignore no-explicit-any -- what a client reads
async function ask({ hub }: Site, input: object): Promise<any> {
  const principal = { user: "model", role: "viewer" } as const;
  return await invoke(queryMetrics, { hub, principal, signal: AbortSignal.timeout(30_000), report() {} }, {
    ...input,
  });
}

/** Two cameras, measured for ten minutes in memory. */
async function withMeasured(work: (site: Site) => Promise<void>): Promise<void> {
  await withSite([toyDriver().driver], async (site) => {
    const { send, clock, history, manager } = site;
    for (const id of ["door", "yard"]) {
      await send("POST", "/api/cameras", { type: "toy", id, name: id });
      await until(() => manager.get(id).status.status === "online");
    }
    for (let tick = 0; tick < 20; tick++) {
      history.sample();
      clock.jumpTo(clock.now() + 30_000);
    }
    await work(site);
  });
}

Deno.test("query_metrics: each camera's fields in short; what nobody knows has no line [METRICS-QUERY-TOOL]", async () => {
  await withMeasured(async (site) => {
    const { series, ...head } = await ask(site, {});
    assertEquals(Object.keys(head), ["success", "from", "to", "step_s", "tier", "truncated"]);
    assertEquals(
      new Set(series.map((each: { camera_id: string }) => each.camera_id)),
      new Set(["door", "yard"]),
    );
    const up = series.find((each: { field: string }) => each.field === "up");
    assertEquals([up.unit, up.last, up.min, up.max, up.avg], ["ratio", 1, 1, 1, 1]);
    assertEquals(series.some((each: { field: string }) => each.field === "temperature_celsius"), false);
    const hub = await ask(site, { fields: ["loop_lag_ms"], from: "now-10m", step: "1m" });
    assertEquals(hub.series.map((each: { camera_id: string }) => each.camera_id), ["@hub"]);
    assertEquals([hub.step_s, hub.series[0].points.length], [60, 10]);
    const posted = await site.send("POST", "/api/operations/query_metrics", {
      camera_id: "yard",
      fields: ["up"],
    });
    assertEquals((await posted.json()).series.length, 1);
  });
});

Deno.test("query_metrics: a removed camera is answered by its id; a wrong question is told what is wrong [METRICS-QUERY-TOOL]", async () => {
  await withMeasured(async (site) => {
    await site.catalog.remove("door");
    const gone = await ask(site, { camera_id: "door", fields: ["up"] });
    assertEquals([gone.series.length, gone.series[0].camera_id], [1, "door"]);
    assertEquals((await ask(site, { fields: ["up"] })).series[0].camera_id, "yard");
    for (
      const [input, kind, said] of [
        [{ camera_id: "nobody" }, "not_found", 'There is no camera "nobody"'],
        [
          { from: "last night" },
          "invalid_input",
          'from: "last night" is not understood; expected a time such as',
        ],
        [{ from: "now", to: "now-1h" }, "invalid_input", "from: is not before to"],
        [{ step: "1x" }, "invalid_input", 'step: "1x" is not understood; expected a length'],
        [{ fields: ["latency"] }, "invalid_input", '"latency_ms"'],
      ] as const
    ) {
      const error = await assertRejects(() => ask(site, input), HubError);
      assertEquals(error.kind, kind);
      assertStringIncludes(error.message, said);
    }
  });
});
