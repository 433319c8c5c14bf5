// What a reload takes over, and what it names as waiting for a restart.
import { assert, assertEquals } from "@std/assert";
import { restartKeys } from "../../../src/config/restart_keys.ts";
import { type Config, configSchema } from "../../../src/config/schema.ts";
import { testPatternDriver } from "../../../src/drivers/testpattern/driver.ts";

const parse = (sections: object) => configSchema([testPatternDriver]).parse(sections) as Config;
const changed = (before: object, after: object) => restartKeys(parse(before), parse(after));

Deno.test("[CONFIG-AT-ONCE] cameras, streams, webcams, motion, recordings, events and alerts need no restart", () => {
  const live = {
    cameras: [{ id: "a", type: "testpattern" }],
    streams: { max_viewers: 3 },
    webcams: { auto: false },
    motion: { sensitivity: 80 },
    recordings: { keep_days: 3, segment_minutes: 5 },
    events: { keep_days: 4 },
    alerts: { keep_days: 5, channels: [{ id: "a", type: "web_push" }], allow: ["127.0.0.1"] },
    server: { hostnames: ["cams.local"] },
  };
  assertEquals(changed({}, live), []);
  assertEquals(changed(live, {}), []);
});

Deno.test("[CONFIG-AT-ONCE] what needs a restart is named as it stands in the file, without its value", () => {
  const mqtt = { url: "mqtt://broker.local", username: "hub", password: "first" };
  const cases: [object, object, string[]][] = [
    [{}, { mqtt }, ["mqtt"]],
    [{ mqtt }, { mqtt: { ...mqtt, password: "second" } }, ["mqtt"]],
    [{ mqtt }, { mqtt: { ...mqtt, prefix: "house" } }, ["mqtt"]],
    [{ mqtt }, { mqtt }, []],
    [{}, { server: { port: 7000 }, network: { allow: ["127.0.0.1"] } }, ["server.port", "network.allow"]],
    [{}, { auth: { session_days: 3 }, log: { level: "debug" } }, ["auth.session_days", "log.level"]],
    [{}, { data_dir: "/srv/hub", recordings: { path: "/srv/films" } }, ["data_dir", "recordings.path"]],
  ];
  for (const [before, after, expected] of cases) assertEquals(changed(before, after), expected);
});

Deno.test("[CONFIG-AT-ONCE] the example and the user guide name what needs a restart", async () => {
  const told = ["server", "auth", "network", "mqtt", "log", "data_dir", "recordings.path"];
  for (const file of ["config/config.example.yaml", "docs/USER_GUIDE.md"]) {
    const text = await Deno.readTextFile(new URL(`../../../${file}`, import.meta.url));
    const words = text.replace(/\n#? ?/g, " ").replaceAll("`", "");
    const [sentence = ""] = /\bserver \(but for hostnames\)[^;]*need a restart/.exec(words) ?? [];
    for (const each of told) assert(sentence.includes(each), `${file}: ${each} in "${sentence}"`);
  }
});
