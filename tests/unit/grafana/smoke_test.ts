// The check that users run beside a real Grafana: here against as much of Grafana's API as it asks.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ALERT_RULES } from "../../../src/grafana/rules.ts";
import { GrafanaApi, type GrafanaFaults, PASSWORD } from "../../emulators/grafana/api.ts";

const COMMITTED = new URL("../../../config/grafana/", import.meta.url).pathname;
const ENV = `CAMHUB_TOKEN=tcm_geheim\nGRAFANA_ADMIN_PASSWORD=${PASSWORD}\n`;

/** Runs the check in a copy of the folder with two dashboards and the panel. */
async function smoke(env: string | undefined, faults: GrafanaFaults = {}) {
  const folder = await Deno.makeTempDir({ prefix: "smoke-" });
  await using grafana = new GrafanaApi({
    rules: ALERT_RULES.map(({ uid }) => `tapocam-${uid}`),
    dashboards: 2,
  });
  grafana.faults = faults;
  try {
    await Deno.copyFile(`${COMMITTED}/smoke.sh`, `${folder}/smoke.sh`);
    for (const path of ["provisioning/alerting", "dashboards", "plugins/tapo-camera-panel"]) {
      await Deno.mkdir(`${folder}/${path}`, { recursive: true });
    }
    const rules = "provisioning/alerting/tapocam-rules.yml";
    await Deno.copyFile(`${COMMITTED}/${rules}`, `${folder}/${rules}`);
    for (const path of ["dashboards/a.json", "dashboards/b.json", "plugins/tapo-camera-panel/plugin.json"]) {
      await Deno.writeTextFile(`${folder}/${path}`, "{}");
    }
    if (env !== undefined) await Deno.writeTextFile(`${folder}/.env`, env);
    const { code, stdout, stderr } = await new Deno.Command("sh", {
      args: [`${folder}/smoke.sh`],
      env: { GRAFANA_URL: grafana.address, SMOKE_PATIENCE: "1" },
    }).output();
    return { code, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("smoke.sh: passes where all is well, without showing a secret [GRAFANA-SMOKE]", async () => {
  const { code, said } = await smoke(ENV);
  assertEquals(code, 0, said);
  assertEquals([...said.matchAll(/^ok /gm)].length, 8);
  assert(!said.includes("geheim"));
});

const FAULTS: [faults: GrafanaFaults, ...says: string[]][] = [
  [
    { noData: true },
    "FAILED  Prometheus does not get the hub's metrics",
    "FAILED  The query of a panel has no data",
  ],
  [
    { brokenSource: "tapocam-infinity" },
    "FAILED  The data source tapocam-infinity does not work",
    "Unauthorized",
  ],
  [{ rules: 3 }, `FAILED  3 of ${ALERT_RULES.length} alert rules are there`],
  [{ noDashboards: true }, "FAILED  0 of 2 dashboards are there"],
];
for (const [faults, ...says] of FAULTS) {
  Deno.test(`smoke.sh: ${Object.keys(faults)} is told in words [GRAFANA-SMOKE]`, async () => {
    const { code, said } = await smoke(ENV, faults);
    assertEquals(code, 1, said);
    for (const words of says) assertStringIncludes(said, words);
    assertStringIncludes(said, `${[...said.matchAll(/^FAILED /gm)].length} checks failed`);
  });
}

Deno.test("smoke.sh: says what is to be filled in, and when the password is wrong [GRAFANA-SMOKE]", async () => {
  for (
    const [env, words] of [
      [undefined, "There is no .env here"],
      ["CAMHUB_TOKEN=\n", "CAMHUB_TOKEN in .env is empty"],
      ["CAMHUB_TOKEN=x\nGRAFANA_ADMIN_PASSWORD=wrong\n", "Invalid username or password"],
    ] as const
  ) {
    const { code, said } = await smoke(env);
    assertEquals(code, 1);
    assertStringIncludes(said, words);
  }
});
