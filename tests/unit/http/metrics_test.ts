// The metrics over HTTP, on the hub's port and on their own: who may read them, and what comes.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { configSchema } from "../../../src/config/schema.ts";
import { toText } from "../../../src/metrics/text_format.ts";
import { call, initialize, PLAIN } from "../mcp/raw.ts";
import { toyDriver } from "../tools/devices.ts";
import { withSite } from "../tools/app.ts";
import { until } from "../tools/processes.ts";

const OPEN = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

Deno.test("metrics: curl gets JSON, Prometheus OpenMetrics, ?format= overrules, one address is fixed [METRICS-NEGOTIATION]", async () => {
  await withSite([toyDriver().driver], async ({ as, send }) => {
    await send("POST", "/api/cameras", { type: "toy", id: "door", name: "Front door" });
    const typeOf = async (path: string, accept = "*/*") => {
      const answer = await as(path, { headers: { accept } });
      await answer.body?.cancel();
      return [answer.status, answer.headers.get("content-type")];
    };
    const open = [200, "application/openmetrics-text; version=1.0.0; charset=utf-8"];
    const text = [200, "text/plain; version=0.0.4; charset=utf-8"];
    const json = [200, "application/json"];
    assertEquals(await typeOf("/metrics"), json);
    assertEquals(await typeOf("/metrics", "application/json;q=0.9,text/plain"), json);
    assertEquals(await typeOf("/metrics", OPEN), open);
    assertEquals(await typeOf("/metrics", "text/plain;version=0.0.4"), text);
    assertEquals(await typeOf("/metrics?format=prometheus", OPEN), text);
    assertEquals(await typeOf("/metrics/prometheus", OPEN), text);
    const wrong = await as("/metrics?format=xml");
    assertEquals([wrong.status, (await wrong.json()).error_code], [400, "invalid_input"]);
    const answer = await as("/metrics", { headers: { accept: OPEN } });
    assertStringIncludes(answer.headers.get("vary") ?? "", "Accept");
    const body = await answer.text();
    assertStringIncludes(body, 'tapocam_camera_info{camera="door",name="Front door"');
    assert(body.endsWith("\n# EOF\n"));
    assertStringIncludes(
      await (await as("/metrics/prometheus")).text(),
      'tapocam_http_requests_total{method="POST",route="/api/cameras",code="201"} 1',
    );
  });
});

Deno.test("metrics: the addresses of cameras answer with their ids and with one camera [METRICS-CAMERAS]", async () => {
  await withSite([toyDriver().driver], async ({ as, send, manager, catalog }) => {
    await send("POST", "/api/cameras", { type: "toy", id: "door", name: "Front door" });
    await until(() => manager.get("door").status.status === "online");
    const all = await (await as("/metrics")).json();
    assertEquals(Object.keys(all), ["timestamp", "cameras", "summary"]);
    assertEquals([all.summary.total_cameras, all.summary.online_cameras], [1, 1]);
    assertEquals(await (await as("/metrics/cameras")).json(), ["door"]);
    const one = await (await as("/metrics/cameras/door")).json();
    assertEquals([one.name, one.status, one], ["Front door", "online", all.cameras.door]);
    const none = await as("/metrics/cameras/nobody");
    assertEquals([none.status, (await none.json()).details.known], [404, ["door"]]);
    await catalog.remove("door");
    assertEquals(await (await as("/metrics/cameras")).json(), []);
    assert(!(await (await as("/metrics/prometheus")).text()).includes('"door"'));
  });
});

Deno.test("metrics: a stranger gets nothing on either port; a token of a viewer is enough [METRICS-ACCESS]", async () => {
  await withSite([toyDriver().driver], async ({ ask, scrape, access }) => {
    for (const path of ["/metrics", "/metrics/prometheus", "/metrics/cameras", "/metrics/cameras/a"]) {
      for (const port of [ask, scrape]) {
        const refused = await port(path);
        assertEquals([refused.status, (await refused.json()).error_code], [401, "unauthenticated"], path);
      }
    }
    const token = await access.tokens.create("prometheus", { role: "viewer" });
    const headers = { authorization: `Bearer ${token}` };
    for (const port of [ask, scrape]) {
      const answer = await port("/metrics", { headers });
      assertEquals([answer.status, Object.keys(await answer.json()).length], [200, 3]);
    }
    assertEquals((await scrape("/metrics", { headers: { authorization: "Bearer tcm_wrong" } })).status, 401);
    const health = await scrape("/");
    assertEquals(await health.json(), { status: "healthy", service: "tapo-camera-metrics" });
    const other = await scrape("/api/cameras", { headers });
    assertEquals([other.status, (await other.json()).message], [
      404,
      "There is nothing at /api/cameras of the metrics port",
    ]);
  });
});

Deno.test("metrics: grafana.anonymous opens the metrics port to the named networks, and no other port [METRICS-ANONYMOUS]", async () => {
  await withSite([toyDriver().driver], async ({ ask, scrape, grafana }) => {
    Object.assign(grafana, { anonymous: true, networks: ["192.168.7.0/24", "fd12::/16"] });
    const status = async (from: string) => (await scrape("/metrics", {}, from)).status;
    assertEquals(await status("192.168.7.9"), 200);
    assertEquals(await status("::ffff:192.168.7.9"), 200);
    assertEquals(await status("fd12::5"), 200);
    for (const other of ["192.168.8.9", "127.0.0.1", "::1"]) assertEquals(await status(other), 401, other);
    const wrong = { headers: { authorization: "Bearer tcm_wrong" } };
    assertEquals((await scrape("/metrics", wrong, "192.168.7.9")).status, 401);
    assertEquals((await ask("/metrics")).status, 401);
    grafana.anonymous = false;
    assertEquals(await status("192.168.7.9"), 401);
  });
});

Deno.test("metrics: what is open to a network is not open to pages that come by a name of their own [METRICS-REBINDING]", async () => {
  await withSite([toyDriver().driver], async ({ access, scrape, grafana }) => {
    Object.assign(grafana, { anonymous: true, networks: ["192.168.7.0/24"] });
    const by = async (host: string, more = {}) => {
      const answer = await scrape("/metrics/cameras", { headers: { host, ...more } }, "192.168.7.9");
      return [answer.status, (await answer.text()).includes("server.hostnames")];
    };
    for (const own of ["pi:8080", "pi.lan:8080", "192.168.7.2:8080", "[fd12::1]:8080", "hub.example:8080"]) {
      assertEquals(await by(own), [200, false], own);
    }
    for (const foreign of ["evil.example:8080", "192.168.7.2.evil.example", "", "pi.lan@evil.example"]) {
      assertEquals(await by(foreign), [403, true], foreign);
    }
    const authorization = `Bearer ${await access.tokens.create("prometheus", { role: "viewer" })}`;
    assertEquals(await by("pi.proxied.example", { authorization }), [200, false], "no page has the token");
  });
});

Deno.test("metrics: only pages of named origins may read them in a browser [METRICS-CORS]", async () => {
  await withSite([toyDriver().driver], async ({ as, ask, scrape, grafana }) => {
    grafana.origins.push("http://grafana.local:3000");
    Object.assign(grafana, { anonymous: true, networks: ["192.168.1.0/24"] });
    const allowed = "access-control-allow-origin";
    for (const port of [as, scrape]) {
      for (
        const [origin, expected] of [["http://grafana.local:3000", "http://grafana.local:3000"], [
          "http://evil.example",
          null,
        ]]
      ) {
        const answer = await port("/metrics", { headers: { origin: origin! } });
        await answer.body?.cancel();
        assertEquals([answer.status, answer.headers.get(allowed)], [200, expected]);
        assertEquals(answer.headers.get("access-control-allow-credentials"), null);
      }
    }
    for (const port of [ask, scrape]) {
      const headers = { origin: "http://grafana.local:3000", "access-control-request-method": "GET" };
      const asked = await port("/metrics", { method: "OPTIONS", headers });
      assertEquals([asked.status, asked.headers.get(allowed)], [204, headers.origin]);
      assertEquals(asked.headers.get("access-control-allow-methods"), "GET,HEAD");
    }
    const other = await ask("/api/cameras", { headers: { origin: "http://grafana.local:3000" } });
    assertEquals([other.status, other.headers.get(allowed)], [401, null]);
  });
});

Deno.test("grafana, metrics: the configuration says what is wrong with them [METRICS-CONFIG]", () => {
  const schema = configSchema([{ id: "toy", options: toyDriver().driver.options }]);
  const problem = (config: unknown) =>
    schema.safeParse(config).error?.issues.map(({ path, message }) => [path.join("."), message])[0];
  assertEquals(problem({ grafana: { anonymous: true } })?.[0], "grafana.networks");
  assertEquals(problem({ grafana: { networks: ["grafana.local"] } })?.[0], "grafana.networks.0");
  assertStringIncludes(
    problem({ grafana: { origins: ["http://g:3000/x"] } })?.[1] ?? "",
    "Expected an origin",
  );
  assertEquals(problem({ metrics: { interval_s: 1 } })?.[0], "metrics.interval_s");
  assertEquals(
    problem({ grafana: { alerts: { camera_offline_s: 5 } } })?.[0],
    "grafana.alerts.camera_offline_s",
  );
  assertEquals(problem({ grafana: { alerts: { high_temperature: 5 } } })?.[0], "grafana.alerts");
  assertEquals(
    problem({ grafana: { anonymous: true, networks: ["10.0.0.0/8"] }, metrics: { interval_s: 60 } }),
    undefined,
  );
});

Deno.test("metrics: calls of tools, events and reports of motion are counted [METRICS-COUNTS]", async () => {
  await withSite([toyDriver().driver], async ({ as, send, hub, metrics }) => {
    await send("POST", "/api/cameras", { type: "toy", id: "door", name: "Front door" });
    const session = await as("/mcp", { method: "POST", headers: PLAIN, body: JSON.stringify(initialize()) });
    await session.text();
    const id = session.headers.get("mcp-session-id") ?? "";
    const headers = { ...PLAIN, "mcp-session-id": id, "mcp-protocol-version": "2025-11-25" };
    for (
      const [tool, input] of [["list_cameras", {}], ["get_camera_info", { camera_id: "nobody" }]] as const
    ) {
      const answer = await as("/mcp", { method: "POST", headers, body: JSON.stringify(call(tool, input)) });
      await answer.text();
    }
    const stop = new AbortController();
    const writing = hub.journal.run(stop.signal);
    const draft = { camera: "door", kind: "motion", source: "hub", startedAtMs: hub.clock.now() } as const;
    hub.journal.record(draft);
    const event = hub.journal.open(draft);
    event.extend(hub.clock.now());
    event.extend(hub.clock.now());
    for (const because of ["stopped", "disk_full", "segment", "camera_lost"]) {
      const recording = hub.journal.open({ ...draft, kind: "recording" });
      recording.note({ because });
      recording.close(hub.clock.now());
    }
    // Goes on.
    hub.journal.open({ ...draft, kind: "recording", details: { cause: "manual" } });
    const text = () => toText(metrics.samples, "prometheus");
    try {
      await until(
        () =>
          text().includes('tapocam_camera_motion_events_total{camera="door"} 4') &&
          text().includes('tapocam_camera_recording_failures_total{camera="door"} 2'),
        "the reports",
      );
    } finally {
      stop.abort();
      await writing;
    }
    for (
      const line of [
        'tapocam_camera_events_total{camera="door",kind="motion"} 2',
        'tapocam_camera_recording_failures_total{camera="door"} 2',
        'tapocam_mcp_tool_calls_total{tool="list_cameras",result="ok"} 1',
        'tapocam_mcp_tool_calls_total{tool="get_camera_info",result="error"} 1',
        'tapocam_mcp_tool_duration_seconds_count{tool="list_cameras"} 1',
        'tapocam_http_requests_total{method="POST",route="/mcp",code="200"} 3',
      ]
    ) assertStringIncludes(text(), `${line}\n`);
  });
});
