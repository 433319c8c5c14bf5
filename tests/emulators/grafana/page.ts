// The browser's side of a Grafana, as far as a panel plugin sees it: an AMD loader, React, and the parts of
// @grafana/data, ui and runtime that the plugin asks for.
import * as react from "react";
import { createRoot } from "react-dom/client";

/** A field of the panel's options. */
export interface OptionField {
  kind: string;
  path: string;
  name: string;
  defaultValue: unknown;
  settings?: {
    options: { value: unknown }[];
    getOptions?: (context: object) => Promise<{ value: unknown; label: string; description?: string }[]>;
  };
}

/** What the tests find in the page as `dashboard`. */
export interface Dashboard {
  fields: OptionField[];
  /** Draws the panel, or several, with these options over the defaults. */
  show(
    options: object,
    area: { width: number; height: number; panels?: number },
    theme?: "dark" | "light",
  ): void;
  /** Values of the dashboard's variables. */
  variables: Record<string, string>;
}

class PanelPlugin {
  readonly panel: unknown;
  readonly fields: OptionField[] = [];

  constructor(panel: unknown) {
    this.panel = panel;
  }

  setPanelOptions(build: (builder: object) => void): this {
    const builder: object = new Proxy({}, {
      get: (_, method) => (field: OptionField) => {
        this.fields.push({ ...field, kind: String(method) });
        return builder;
      },
    });
    build(builder);
    return this;
  }
}

const LIGHT = {
  text: { primary: "#24292e", secondary: "#5a6068" },
  background: { canvas: "#f4f5f5", secondary: "#ffffff" },
  border: { medium: "#c7c9cc" },
  error: { text: "#b3002d" },
};
const DARK = {
  text: { primary: "#ccccdc", secondary: "#9a9aa8" },
  background: { canvas: "#111217", secondary: "#22252b" },
  border: { medium: "#4a4b54" },
  error: { text: "#ff7383" },
};

let colors = DARK;
let plugin: PanelPlugin | undefined;
const root = createRoot(document.getElementById("panel")!);

const runtime = {
  getBackendSrv: () => ({
    post: async (url: string, body: unknown) => {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
      const data = await answer.json();
      if (!answer.ok) throw { status: answer.status, data };
      return data;
    },
  }),
  getDataSourceSrv: () => ({
    getList: ({ type }: { type: string }) =>
      type === "yesoreyeram-infinity-datasource" ? [{ uid: "hub", name: "Camera hub" }] : [],
  }),
};

const GIVEN: Record<string, unknown> = {
  react,
  "@grafana/data": { PanelPlugin },
  "@grafana/runtime": runtime,
  "@grafana/ui": { useTheme2: () => ({ colors, typography: { fontFamily: "sans-serif" } }) },
};

function define(names: string[], factory: (...given: unknown[]) => { plugin: PanelPlugin }): void {
  plugin = factory(...names.map((name) => {
    if (name in GIVEN) return GIVEN[name];
    throw new Error(`Grafana gives no ${name}`);
  })).plugin;
  dashboard.fields = plugin.fields;
}

const dashboard: Dashboard = {
  fields: [],
  variables: {},
  show(options, { width, height, panels = 1 }, theme = "dark") {
    colors = theme === "dark" ? DARK : LIGHT;
    document.body.style.background = colors.background.canvas;
    document.body.style.color = colors.text.primary;
    const defaults = Object.fromEntries(plugin!.fields.map(({ path, defaultValue }) => [path, defaultValue]));
    const panel = {
      options: { ...defaults, ...options },
      width,
      height,
      replaceVariables: (text: string) =>
        text.replace(/\$\{?(\w+)\}?/g, (whole, name: string) => dashboard.variables[name] ?? whole),
    };
    const drawn = Array.from(
      { length: panels },
      (_, key) => react.createElement(plugin!.panel, { ...panel, key }),
    );
    root.render(drawn);
  },
};
Object.assign(globalThis, { define, dashboard });
