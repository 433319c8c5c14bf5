// The Grafana folder: as it stands in the repository, and for a hub.
import { parse } from "@std/yaml";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { DEFAULT_THRESHOLDS } from "../../../src/config/metrics.ts";
import { allFiles, madeFiles } from "../../../src/grafana/folder.ts";
import { ANY_HUB, containerTrouble, targetOf } from "../../../src/grafana/target.ts";

const COMMITTED = new URL("../../../config/grafana/", import.meta.url);
const OPTIONS = { metricsPort: 8080, timezone: "Europe/Vienna", thresholds: DEFAULT_THRESHOLDS };
const decoder = new TextDecoder();

Deno.test("madeFiles: config/grafana is what is made for any hub; every YAML and JSON in it parses [GRAFANA-FOLDER]", async () => {
  for (const [path, text] of madeFiles(ANY_HUB)) {
    assertEquals(await Deno.readTextFile(new URL(path, COMMITTED)), text, path);
  }
  let parsed = 0;
  for (const target of [ANY_HUB, targetOf("http://pi.lan:7777", OPTIONS)]) {
    for (const [path, bytes] of await allFiles(COMMITTED, target)) {
      const text = decoder.decode(bytes);
      if (path.endsWith(".yml")) assert(parse(text) !== null && ++parsed);
      if (path.endsWith(".json")) assert(JSON.parse(text) !== null && ++parsed);
    }
  }
  assert(parsed >= 18, String(parsed));
});

const TARGETS: [url: string, metricsPort: number, hubUrl: string, scheme: string, host: string][] = [
  ["http://192.168.1.10:7777", 8080, "http://192.168.1.10:7777", "http", "192.168.1.10:8080"],
  ["http://pi.lan:7777/", 9100, "http://pi.lan:7777", "http", "pi.lan:9100"],
  ["http://pi.lan:7777", 0, "http://pi.lan:7777", "http", "pi.lan:7777"],
  ["http://pi.lan", 0, "http://pi.lan", "http", "pi.lan:80"],
  ["http://[fd00::1]:7777", 8080, "http://[fd00::1]:7777", "http", "[fd00::1]:8080"],
  ["https://cams.example.org", 8080, "https://cams.example.org", "https", "cams.example.org:443"],
  ["https://cams.example.org:8443", 8080, "https://cams.example.org:8443", "https", "cams.example.org:8443"],
];
for (const [url, metricsPort, hubUrl, scheme, host] of TARGETS) {
  Deno.test(`targetOf: ${url}, metrics port ${metricsPort} [GRAFANA-EXPORT]`, () => {
    const target = targetOf(url, { ...OPTIONS, metricsPort });
    assertEquals([target.hubUrl, target.scrape], [hubUrl, { scheme, host } as typeof target.scrape]);
    const files = madeFiles(target);
    const prometheus = parse(files.get("prometheus/prometheus.yml") ?? "");
    assertEquals(prometheus.scrape_configs[0].static_configs, [{ targets: [host] }]);
    assertEquals(prometheus.scrape_configs[0].scheme, scheme);
    const { datasources } = parse(files.get("provisioning/datasources/tapocam.yml") ?? "");
    assertEquals(datasources.map(({ uid }: { uid: string }) => uid), [
      "tapocam-prometheus",
      "tapocam-infinity",
    ]);
    assertEquals([datasources[1].url, datasources[1].jsonData.allowedHosts], [hubUrl, [hubUrl]]);
    assertEquals(datasources[1].secureJsonData, { bearerToken: "$CAMHUB_TOKEN" });
  });
}

const WRONG: [url: string, says: string][] = [
  ["", '--url cannot be ""'],
  ["pi.lan:7777", '--url cannot be "pi.lan:7777"'],
  ['http://pi"lan:7777', '--url cannot be "http://pi"lan:7777"'],
  ["http://$CAMHUB_TOKEN.example.org", '--url cannot be "http://$CAMHUB_TOKEN.example.org"'],
  ["http://0.0.0.0:7777", '--url cannot be "http://0.0.0.0:7777"'],
  ["http://[::]:7777", '--url cannot be "http://[::]:7777"'],
  ["ftp://pi.lan", '--url cannot be "ftp://pi.lan"'],
  ["//ann:geheim@pi", '--url cannot be "//…@pi"'],
  ["http://ann:geheim@pi.lan:7777", '--url names the hub without a login: "http://pi.lan:7777"'],
  ["http://$__file{x}", '--url cannot be "http://$__file{x}"'],
  ["http://pi.lan:7777/metrics", '--url names the hub without a path: "http://pi.lan:7777"'],
  [
    "http://pi.lan:7777/?token=x",
    '--url names the hub without anything behind the port: "http://pi.lan:7777"',
  ],
];
for (const [url, says] of WRONG) {
  Deno.test(`targetOf: ${url || "nothing"} is refused in words [GRAFANA-EXPORT]`, () => {
    const error = assertThrows(() => targetOf(url, OPTIONS), HubError);
    assertEquals([error.kind, error.message], ["invalid_input", says]);
    assertStringIncludes(error.hint ?? "", "http://192.168.1.10:7777");
  });
}

Deno.test("containerTrouble: says which names mean nothing in a container [GRAFANA-EXPORT]", () => {
  const trouble = (url: string) => containerTrouble(targetOf(url, OPTIONS));
  assertEquals(trouble("http://192.168.1.10:7777"), undefined);
  assertEquals(trouble("http://pi.lan:7777"), undefined);
  assertStringIncludes(trouble("http://pi.local:7777") ?? "", "cannot look up names such as pi.local");
  for (const host of ["localhost", "127.0.0.1", "[::1]"]) {
    assertStringIncludes(trouble(`http://${host}:7777`) ?? "", "host.docker.internal");
  }
});

Deno.test("composeFile: images are pinned, no token stands in a command, and .env fills every variable [GRAFANA-COMPOSE]", () => {
  for (const target of [ANY_HUB, targetOf("http://pi.lan:7777", OPTIONS)]) {
    const files = madeFiles(target);
    const text = files.get("docker-compose.yml") ?? "";
    const { services, secrets } = parse(text);
    assertEquals(Object.keys(services), ["grafana", "prometheus", "alertmanager"]);
    for (const { image, command } of Object.values<{ image: string; command?: string[] }>(services)) {
      assert(/:v?\d+\.\d+\.\d+$/.test(image), image);
      assert(!command?.some((word) => word.includes("$")), String(command));
    }
    assertEquals(services.alertmanager.profiles, ["alertmanager"]);
    assertEquals(secrets, {
      camhub_token: { environment: "CAMHUB_TOKEN" },
      camhub_alert_token: { environment: "CAMHUB_ALERT_TOKEN" },
    });
    const { environment } = services.grafana;
    assertEquals(environment.GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS, "tapo-camera-panel");
    assertEquals(environment.GF_PLUGINS_PREINSTALL, "yesoreyeram-infinity-datasource@3.11.1");
    const example = files.get(".env.example") ?? "";
    const known = new Set([...example.matchAll(/^(\w+)=/gm)].map(([, name]) => name));
    for (const [, name] of text.matchAll(/\$\{(\w+)/g)) {
      assert(known.has(name), `${name} is not in .env.example`);
    }
    // What files name as lying in the folder lies there.
    for (const service of Object.values<{ volumes: string[] }>(services)) {
      for (const [from = ""] of service.volumes.map((volume) => volume.split(":"))) {
        const isMade = [...files.keys()].some((path) =>
          path === from.slice(2) || path.startsWith(`${from.slice(2)}/`)
        );
        assert(
          !from.startsWith("./") || isMade || /^\.\/(dashboards|plugins\/tapo-camera-panel)$/.test(from),
          from,
        );
      }
    }
  }
});

Deno.test("allFiles: dashboards get the time zone and the address of the hub; hidden files stay where they are [GRAFANA-FOLDER]", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/dashboards`);
    const variable = (name: string, value: string) => ({
      name,
      query: value,
      current: { text: value, value },
    });
    const dashboard = (timezone: string, hub: string) => ({
      uid: "a",
      templating: { list: [variable("job", "x"), variable("hub", hub)] },
      timezone,
    });
    const ready = JSON.stringify(dashboard("America/New_York", "http://raspberrypi.local:7777"));
    await Deno.writeTextFile(`${folder}/dashboards/a.json`, ready);
    await Deno.writeTextFile(`${folder}/.env`, "CAMHUB_TOKEN=geheim\n");
    const url = new URL(`file://${folder}/`);
    const own = await allFiles(url, targetOf("http://pi.lan:7777", OPTIONS));
    assertEquals(
      JSON.parse(decoder.decode(own.get("dashboards/a.json"))),
      dashboard("Europe/Vienna", "http://pi.lan:7777"),
    );
    assert(!own.has(".env"));
    const anywhere = await allFiles(url, targetOf("http://pi.lan:7777", { ...OPTIONS, timezone: "browser" }));
    assertEquals(JSON.parse(decoder.decode(anywhere.get("dashboards/a.json"))).timezone, "America/New_York");
    const any = await allFiles(url, ANY_HUB);
    assertEquals(decoder.decode(any.get("dashboards/a.json")), ready);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
