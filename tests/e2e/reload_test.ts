// A configuration that is read anew while the hub runs.
import { assertEquals } from "@std/assert";
import { HubProcess } from "../tools/hub_process.ts";

const BASE = `webcams: {auto: false}
cameras: [{id: a, type: testpattern, width: 320, height: 180}]
`;

Deno.test("[CONFIG-AT-ONCE] alerts, motion, recordings and events take effect at once; mqtt is told to wait for a restart", async () => {
  await using hub = await HubProcess.start({ config: BASE });
  await hub.login();
  const rulesOf = async () => (await hub.client.json("/api/cameras/a")).motion?.rules;
  await hub.waitFor(async () => await rulesOf() !== undefined, "the camera");
  await Deno.writeTextFile(
    hub.configPath!,
    `${BASE}
motion: {sensitivity: 77, detector: hub}
recordings: {keep_days: 3}
events: {keep_days: 4}
alerts: {rules: [{id: people, when: {events: [person]}}]}
mqtt: {url: "mqtt://127.0.0.1:1"}
`,
  );
  const result = await hub.client.operation("reload_config", {});
  assertEquals([result.needs_restart, result.unchanged, result.changed], [["mqtt"], ["a"], []]);
  const { sensitivity, detector } = await rulesOf();
  assertEquals([sensitivity, detector], [77, "hub"]);
  await hub.waitFor(
    async () => (await hub.client.json("/api/cameras/a")).motion.by === "hub",
    "the hub to look for motion",
  );
  const { rules } = await hub.client.operation("list_alert_rules", {});
  assertEquals(rules.some(({ id }: { id: string }) => id === "people"), true);
  const status = await hub.client.json("/api/status");
  assertEquals(status.events.keep_days, 4);
  assertEquals(status.warnings.filter(({ code }: { code: string }) => code === "mqtt"), []);
});
