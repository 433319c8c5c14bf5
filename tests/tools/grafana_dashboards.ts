// The committed dashboards as tests look at them: panels with those of folded rows, and every query that they hold.

const FOLDER = new URL("../../config/grafana/dashboards/", import.meta.url);

/** As Grafana's JSON has it, as far as tests read it. */
export interface Panel {
  id: number;
  type: string;
  title?: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  collapsed?: boolean;
  panels?: Panel[];
  targets?: Target[];
  fieldConfig?: { defaults: { unit?: string; noValue?: string } };
  options?: Record<string, unknown>;
}

/** A query of either source. */
export interface Target {
  refId: string;
  datasource: { type: string; uid: string };
  /** PromQL. */
  expr?: string;
  instant?: boolean;
  /** Infinity. */
  type?: "json" | "csv";
  format?: string;
  url?: string;
  root_selector?: string;
  columns?: { selector: string; text: string; type: string }[];
}

export interface Variable {
  name: string;
  type: string;
  query?: string | { query: string };
  current?: { value: string | string[] };
}

export interface Dashboard {
  uid: string;
  title: string;
  timezone: string;
  tags: string[];
  panels: Panel[];
  templating: { list: Variable[] };
  annotations: { list: { name: string; target: Target }[] };
}

/** All of them, by the name of their file. */
export async function readDashboards(): Promise<Map<string, Dashboard>> {
  const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort();
  const texts = names.map(async (name) =>
    [name, JSON.parse(await Deno.readTextFile(new URL(name, FOLDER)))] as const
  );
  return new Map(await Promise.all(texts));
}

/** Rows and panels, those in folded rows too. */
export function allPanels({ panels }: Dashboard): Panel[] {
  return panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
}

/** Every query with the name by which tests call it: `uid / title of the panel / letter`. */
export function allTargets(dashboard: Dashboard): [name: string, target: Target][] {
  const ofPanels = allPanels(dashboard).flatMap(({ title, targets = [] }) =>
    targets.map((target): [string, Target] => [`${dashboard.uid} / ${title} / ${target.refId}`, target])
  );
  const ofMarks = dashboard.annotations.list.map(({ name, target }): [string, Target] => [
    `${dashboard.uid} / marks: ${name}`,
    target,
  ]);
  return [...ofPanels, ...ofMarks];
}

/** Puts values in for Grafana's variables: `$name`, `${name}`, `${name:format}`. @throws Error for an unknown one. */
export function filledIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(?:\{(\w+)(?::\w+)?\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    const value = values[braced ?? bare ?? ""];
    if (value === undefined) throw new Error(`The test knows no value of ${whole}`);
    return value;
  });
}
