// The compiled hub's metrics as their readers see them: promtool, a parser of OpenMetrics, Prometheus itself.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { freePort } from "../tools/free_port.ts";
import { HubProcess } from "../tools/hub_process.ts";
import { PrometheusServer } from "../tools/prometheus_server.ts";

const CONFIG = `cameras:
  - {id: front, name: 'Front "door"', type: testpattern, width: 640, height: 360, fps: 10}
  - {id: yard, name: Yard, type: rtsp, stream_url: "rtsp://127.0.0.1:1/none"}
network: {allow: [127.0.0.0/8]}
metrics: {interval_s: 5}
grafana: {anonymous: true, networks: [127.0.0.0/8]}
`;

/** A hub with its metrics on a port of their own. */
async function withHub(work: (hub: HubProcess, metrics: string) => Promise<void>): Promise<void> {
  const port = freePort();
  await using hub = await HubProcess.start({ config: CONFIG, args: ["--metrics-port", String(port)] });
  await work(hub, `http://127.0.0.1:${port}`);
}

async function textOf(address: string, accept = "*/*"): Promise<string> {
  const answer = await fetch(address, { headers: { accept } });
  assertEquals(answer.status, 200);
  return await answer.text();
}

/** Runs a program on a text; returns what it said. */
async function judge(program: string, args: string[], text: string): Promise<{ code: number; said: string }> {
  const child = new Deno.Command(program, { args, stdin: "piped", stdout: "piped", stderr: "piped" }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  return { code, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

Deno.test("metrics: promtool and the parser of OpenMetrics find nothing wrong [METRICS-PROMTOOL]", async () => {
  await withHub(async (hub, metrics) => {
    await hub.waitFor(async () =>
      (await textOf(`${metrics}/metrics/prometheus`)).includes("collector_success")
    );
    const text = await textOf(`${metrics}/metrics/prometheus`);
    assertEquals(await judge("promtool", ["check", "metrics"], text), { code: 0, said: "" });
    const open = await textOf(`${metrics}/metrics?format=openmetrics`);
    const parser = "import sys\n" +
      "from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse\n" +
      "print(' '.join(f'{each.name}:{each.type}' for each in parse(sys.stdin.read())))\n";
    const { code, said } = await judge("/usr/bin/python3", ["-c", parser], open);
    assertEquals(code, 0, said);
    for (
      const family of [
        "tapocam_camera:info",
        "process_cpu_seconds:counter",
        "tapocam_http_request_duration_seconds:histogram",
      ]
    ) {
      assertStringIncludes(said, family);
    }
  });
});

Deno.test("metrics: Prometheus scrapes the hub; a query by a camera's name answers [METRICS-PROMETHEUS]", async () => {
  await withHub(async (hub, metrics) => {
    await using prometheus = await PrometheusServer.start(new URL(metrics).host);
    await hub.waitFor(() => prometheus.isReady(), "Prometheus");
    const ask = async (query: string) =>
      (await prometheus.query(query)).map(({ labels, value }) => `${labels["name"] ?? ""}=${value}`).sort();
    const join = "tapocam_camera_up * on(instance,camera) group_left(name) tapocam_camera_info";
    await hub.waitFor(async () => String(await ask(join)) === 'Front "door"=1,Yard=0', "a scrape");
    assertEquals(await ask('up{job="tapocam"}'), ["=1"]);
    // What Prometheus took for OpenMetrics it knows the type and the unit of.
    const data = await prometheus.metadata("process_cpu_seconds");
    assertEquals(data.process_cpu_seconds?.[0].type, "counter");
  });
});

Deno.test("metrics: what was measured is told on both ports at once, to one who asks every 100 ms [METRICS-HISTORY]", async () => {
  await withHub(async (hub, metrics) => {
    await hub.login();
    // deno-lint-ignore no-explicit-any -- what a client reads
    const ask = async (path: string): Promise<any[]> => {
      return [await hub.client.json(path), JSON.parse(await textOf(metrics + path))];
    };
    let asked = 0;
    // Nothing of this is written yet: the hub writes every five minutes.
    await hub.waitFor(async () => {
      asked++;
      await new Promise((resolve) => setTimeout(resolve, 100));
      const answers = await ask("/metrics/history/front?hours=1");
      for (const { camera_id } of answers) assertEquals(camera_id, "front");
      return answers.every(({ history }) => history.length >= 2);
    }, "two measurements");
    assert(asked > 2, `${asked} times`);
    for (const { history } of await ask("/metrics/history/yard")) {
      assertEquals([history[0].status, "temperature" in history[0], "network_latency_ms" in history[0]], [
        "offline",
        false,
        false,
      ]);
    }
    for (const { rows, tier, step_s } of await ask("/metrics/history?step=1h&fields=up,viewers")) {
      assertEquals([tier, step_s, new Set(rows.map(({ camera }: { camera: string }) => camera))], [
        "1h",
        3600,
        new Set(["front", "yard"]),
      ]);
      assertEquals(rows.filter(({ camera }: { camera: string }) => camera === "front")[0].up, 1);
    }
    const csv = await textOf(`${metrics}/metrics/history?camera=front,@hub&fields=up,loop_lag_ms&format=csv`);
    assertEquals(csv.split("\r\n")[0], "time,camera,up,loop_lag_ms");
    assertStringIncludes(csv, ",front,1,\r\n");
    assertStringIncludes(csv, ",'@hub,,");
    for (const { timezone, cells, now } of await ask("/metrics/patterns?tz=Europe/Vienna")) {
      assertEquals([timezone, cells.length, now.events], ["Europe/Vienna", 168, 0]);
    }
    const { series } = await hub.client.operation("query_metrics", { camera_id: "yard", fields: ["up"] });
    assertEquals([series[0].camera_id, series[0].max], ["yard", 0]);
  });
});

Deno.test("metrics: readers that ask far too often all get a right answer [METRICS-GREEDY]", async () => {
  await withHub(async (_hub, metrics) => {
    const address = `${metrics}/metrics/prometheus`;
    for (let round = 0; round < 30; round++) {
      const texts = await Promise.all(Array.from({ length: 10 }, () => textOf(address)));
      for (const text of texts) assertStringIncludes(text, 'tapocam_camera_up{camera="front"} ');
    }
    assertStringIncludes(
      await textOf(address),
      'tapocam_http_requests_total{method="GET",route="/metrics/prometheus",code="200"} 300\n',
    );
  });
});
