// The Grafana folder as the compiled program writes it, in the hands of promtool, Prometheus and Alertmanager.
import { parse } from "@std/yaml";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { allFiles } from "../../src/grafana/folder.ts";
import { ALERT_RULES } from "../../src/grafana/rules.ts";
import { targetOf } from "../../src/grafana/target.ts";
import { AlertingRig } from "../tools/alerting_rig.ts";
import { freePort } from "../tools/free_port.ts";
import { BINARY, HubProcess } from "../tools/hub_process.ts";

const COMMITTED = new URL("../../config/grafana/", import.meta.url);
const THRESHOLDS = {
  camera_offline_s: 90,
  high_latency_ms: 250,
  high_temperature_celsius: 45.5,
  motion_events_per_minute: 4,
};
const URL_OF_HUB = "http://192.168.1.10:7777";

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "grafana-" });
  try {
    await Deno.writeTextFile(
      `${folder}/hub.yaml`,
      `server: {metrics_port: 9100}\nmetrics: {timezone: Europe/Vienna}\ngrafana: {alerts: ${
        JSON.stringify(THRESHOLDS)
      }}\n`,
    );
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(program: string, args: string[], cwd?: string): Promise<{ code: number; said: string }> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    ...(cwd === undefined ? {} : { cwd }),
  }).output();
  return { code, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

const exportTo = (folder: string, ...more: string[]) =>
  run(BINARY, ["grafana", "export", `${folder}/out`, "--config", `${folder}/hub.yaml`, ...more], folder);

Deno.test("grafana export: the compiled program writes the folder for a hub, again without a change [GRAFANA-EXPORT] [GRAFANA-EXPORT-AGAIN]", async () => {
  await inFolder(async (folder) => {
    const first = await exportTo(folder, "--url", URL_OF_HUB);
    assertEquals(first.code, 0, first.said);
    const options = { metricsPort: 9100, timezone: "Europe/Vienna", thresholds: THRESHOLDS };
    const expected = await allFiles(COMMITTED, targetOf(URL_OF_HUB, options));
    for (const [path, bytes] of expected) {
      assertEquals(await Deno.readTextFile(`${folder}/out/${path}`), new TextDecoder().decode(bytes), path);
    }
    const { said } = await run("find", ["out", "-type", "f", "-printf", "%P\n"], folder);
    assertEquals(said.trim().split("\n").sort(), [...expected.keys(), ".exported.json"].sort());
    assertStringIncludes(first.said, `${expected.size} files written`);
    assertStringIncludes(first.said, "token create grafana --role viewer");
    const again = await exportTo(folder, "--url", URL_OF_HUB);
    assertStringIncludes(again.said, `0 files written, ${expected.size} as they were`);
  });
});

Deno.test("grafana export: changed files are refused by name; wrong words are explained [GRAFANA-EXPORT] [GRAFANA-EXPORT-CHANGED]", async () => {
  await inFolder(async (folder) => {
    await exportTo(folder, "--url", URL_OF_HUB);
    const path = `${folder}/out/docker-compose.yml`;
    await Deno.writeTextFile(path, "# mine\n", { append: true });
    const refused = await exportTo(folder, "--url", "http://192.168.1.11:7777");
    assertEquals(refused.code, 1);
    assertStringIncludes(refused.said, "\n  docker-compose.yml\n");
    assertStringIncludes(
      await Deno.readTextFile(`${folder}/out/prometheus/prometheus.yml`),
      "192.168.1.10:9100",
    );
    assertEquals((await exportTo(folder, "--url", "http://192.168.1.11:7777", "--force")).code, 0);
    assert(!(await Deno.readTextFile(path)).includes("# mine"));
    const readOnly = await run(BINARY, ["grafana", "export", "/sys/hub", "--url", URL_OF_HUB]);
    assertEquals(readOnly.code, 1);
    assertStringIncludes(readOnly.said, "/sys/hub cannot be written: ");
    const wrong: [string[], string][] = [
      [["grafana", "export", "out", "--url", "192.168.1.10:7777"], '--url cannot be "192.168.1.10:7777"'],
      [["grafana", "export", "out"], "grafana export needs the hub's address"],
      [["grafana", "export"], "grafana export needs a folder"],
      [["grafana", "import", "out", "--url", URL_OF_HUB], "grafana knows one word"],
      [["grafana", "export", "out", "more", "--url", URL_OF_HUB], '"more" is too much'],
      [["grafana", "export", "hub.yaml", "--url", URL_OF_HUB], "hub.yaml cannot be the folder"],
    ];
    for (const [args, says] of wrong) {
      const { code, said } = await run(BINARY, args, folder);
      assertEquals(code, 2, said);
      assertStringIncludes(said, says);
    }
  });
});

Deno.test("grafana export: promtool and amtool take the files; every rule fires and does not fire [GRAFANA-PROMTOOL]", async () => {
  await inFolder(async (folder) => {
    await exportTo(folder, "--url", URL_OF_HUB);
    await run("cp", ["-r", COMMITTED.pathname, `${folder}/committed`]);
    await Promise.all(["out", "committed"].map(async (name) => {
      const place = `${folder}/${name}/prometheus`;
      await Deno.writeTextFile(`${place}/camhub_token`, "x");
      for (
        const args of [
          ["check", "config", "prometheus.yml"],
          ["check", "rules", "tapocam.rules.yml"],
          ["test", "rules", "tapocam.rules.test.yml"],
        ]
      ) {
        const { code, said } = await run("promtool", args, place);
        assertEquals(code, 0, `${name}: ${said}`);
        assertStringIncludes(said, "SUCCESS");
      }
    }));
    const { code, said } = await run("amtool", [
      "check-config",
      `${folder}/out/alertmanager/alertmanager.yml`,
    ]);
    assertEquals(code, 0, said);
  });
});

const CONFIG = `cameras:
  - {id: front, name: Front door, type: testpattern, width: 320, height: 180, fps: 5}
  - {id: yard, name: Yard, type: rtsp, stream_url: "rtsp://127.0.0.1:1/none"}
webcams: {auto: false}
network: {allow: [127.0.0.0/8]}
`;

async function token(hub: HubProcess, name: string, role: string): Promise<string> {
  const { stdout } = await new Deno.Command(BINARY, {
    args: ["token", "create", name, "--role", role, "--data", hub.dataDir],
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

Deno.test("grafana export: Prometheus scrapes the hub and runs every query; Alertmanager tells the hub [GRAFANA-QUERIES] [GRAFANA-ALERTMANAGER]", async () => {
  await inFolder(async (folder) => {
    const metricsPort = String(freePort());
    await using hub = await HubProcess.start({ config: CONFIG, args: ["--metrics-port", metricsPort] });
    await hub.login();
    const written = await exportTo(folder, "--url", hub.client.origin, "--metrics-port", metricsPort);
    assertEquals(written.code, 0, written.said);
    await using rig = await AlertingRig.start(`${folder}/out`, {
      metrics: await token(hub, "grafana", "viewer"),
      alerts: await token(hub, "grafana-alerts", "operator"),
    });
    await hub.waitFor(
      async () => (await rig.query('up{job="tapocam"} == 1').catch(() => undefined))?.series.length === 1,
      "a scrape",
    );

    // Every rule is evaluated, and none gives an error.
    await hub.waitFor(async () => {
      const rules = await rig.rules();
      return rules.length === ALERT_RULES.length && rules.every(({ health }) => health !== "unknown");
    }, "the rules");
    for (const { name, health, lastError } of await rig.rules()) {
      assertEquals([name, health], [name, "ok"], lastError);
    }

    // The queries of Grafana's own rules, as they stand in its file.
    const file = parse(await Deno.readTextFile(`${folder}/out/provisioning/alerting/tapocam-rules.yml`));
    const queries = file.groups.flatMap(({ rules }: { rules: { data: { model: { expr: string } }[] }[] }) =>
      rules.map(({ data }) => data[0]!.model.expr)
    );
    assertEquals(queries.length, ALERT_RULES.length);
    for (const expr of queries) assertEquals((await rig.query(expr)).error, undefined, expr);
    const offline = ALERT_RULES.find(({ name }) => name === "CameraOffline")!;
    assertEquals((await rig.query(offline.value)).series.map(({ value }) => value[1]).sort(), ["0", "1"]);

    const firing = async () =>
      (await hub.client.json("/api/alerts?state=firing")).alerts
        .filter(({ kind }: { kind: string }) => kind === "external")
        .map(({ title, camera_id }: { title: string; camera_id?: string }) => `${title} (${camera_id})`);
    const yard = "Camera Yard is offline (yard)";
    await hub.waitFor(async () => (await firing()).includes(yard), "the alert");
    assert(!(await firing()).some((title: string) => title.includes("Front door is offline")));
    // A camera that somebody stops is not away any more: the alert is over, and the hub is told so.
    await hub.client.operation("disconnect_camera", { camera_id: "yard" });
    await hub.waitFor(async () => !(await firing()).includes(yard), "the end of the alert");
  });
});
