// What Grafana asks of a plugin's files, as far as it can be told without one.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { DEFAULTS } from "../../../tools/panel/options.ts";
import { refuseMixedContent } from "../../../tools/panel/diagnosis.ts";
import { PanelError } from "../../../tools/panel/panel_error.ts";

const FOLDER = new URL("../../../config/grafana/plugins/tapo-camera-panel/", import.meta.url);
const read = (name: string) => Deno.readTextFile(new URL(name, FOLDER));

/** Names that Grafana's schema of plugin.json has for a panel, and forms of their values. Required ones are `true`. */
const SOURCE =
  "https://github.com/grafana/grafana/blob/main/docs/sources/developers/plugins/plugin.schema.json";
const FIELDS: readonly [path: string, form: RegExp, isRequired: boolean][] = [
  ["type", /^panel$/, true],
  ["name", /./, true],
  ["id", /^[0-9a-z]+-([0-9a-z]+-)?panel$/, true],
  ["skipDataQuery", /^(true|false)$/, false],
  ["$schema", /^https:/, false],
  ["info.logos.small", /\.svg$/, true],
  ["info.logos.large", /\.svg$/, true],
  ["info.version", /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/, true],
  ["info.updated", /^\d{4}-\d{2}-\d{2}$/, true],
  ["info.keywords", /./, true],
  ["info.description", /./, false],
  ["info.author.name", /./, false],
  ["dependencies.grafanaDependency", /^(<=|>=|<|>|=|~|\^)?([0-9]+)(\.[0-9x*]+)(\.[0-9x*]+)?$/, true],
  ["dependencies.plugins", /^$/, false],
];

/** Paths of the leaves with their values; lists are leaves. */
function leaves(value: unknown, path = ""): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([name, each]) =>
    leaves(each, path === "" ? name : `${path}.${name}`)
  );
}

Deno.test("[PANEL-PLUGIN] plugin.json: has what Grafana's schema requires, in its forms, and nothing that it does not know", async () => {
  const found = new Map(leaves(JSON.parse(await read("plugin.json"))));
  for (const [path, form, isRequired] of FIELDS) {
    if (!isRequired && !found.has(path)) continue;
    const value = String(found.get(path));
    assert(form.test(value), `${path}: ${value}; see ${SOURCE}`);
  }
  const known = FIELDS.map(([path]) => path);
  assertEquals([...found.keys()].filter((path) => !known.includes(path)), []);
  const { version } = JSON.parse(await Deno.readTextFile(new URL("../../../deno.json", import.meta.url)));
  assertEquals(found.get("info.version"), version, "the plugin has the version of the hub");
  for (const path of ["info.logos.small", "info.logos.large"]) {
    assertMatch(await read(String(found.get(path))), /^<svg /);
  }
});

Deno.test("[PANEL-PLUGIN] module.js: one AMD module that asks Grafana for React and gives the plugin", async () => {
  const text = await read("module.js");
  assert(text.length < 40_000, `${text.length} bytes`);
  assert(!text.includes("jsx-runtime"), "React's runtime of JSX is none that Grafana gives");
  const asked: string[][] = [];
  const setup = { panel: undefined as unknown, defaults: {} as Record<string, unknown> };
  class PanelPlugin {
    constructor(panel: unknown) {
      setup.panel = panel;
    }
    setPanelOptions(build: (builder: object) => void): this {
      const builder: object = new Proxy({}, {
        get: () => ({ path, defaultValue }: { path: string; defaultValue: unknown }) => {
          setup.defaults[path] = defaultValue;
          return builder;
        },
      });
      build(builder);
      return this;
    }
  }
  let made: { plugin?: unknown } = {};
  const define = (names: string[], factory: (...given: unknown[]) => { plugin?: unknown }) => {
    asked.push(names);
    made = factory(...names.map((name) => name === "@grafana/data" ? { PanelPlugin } : {}));
  };
  new Function("define", text)(define);
  assertEquals(asked, [["react", "@grafana/data", "@grafana/runtime", "@grafana/ui"]]);
  assert(made.plugin instanceof PanelPlugin && typeof setup.panel === "function");
  assertEquals(Object.entries(setup.defaults).sort(), Object.entries(DEFAULTS).sort());
});

Deno.test("[PANEL-REASONS] a page over HTTPS and a hub over HTTP: told before the browser refuses it", () => {
  const refused = (hub: string, protocol: string) => {
    try {
      refuseMixedContent(hub, { protocol });
      return undefined;
    } catch (error) {
      assert(error instanceof PanelError);
      return error.message;
    }
  };
  assertMatch(refused("http://pi.local:7777", "https:") ?? "", /HTTPS.*HTTP.*refuse/);
  for (
    const [hub, page] of [
      ["http://pi.local:7777", "http:"],
      ["https://pi.local", "https:"],
      ["http://localhost:7777", "https:"],
      ["http://127.0.0.1:7777", "https:"],
    ] as const
  ) assertEquals(refused(hub, page), undefined, `${hub} on ${page}`);
});
