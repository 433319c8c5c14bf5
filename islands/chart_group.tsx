// Charts of the same lines, with a way to keep what they show.
import type { ComponentChildren } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { extremeOf, historyPath, type LoadedHistory } from "./chart_client.ts";
import { type Columns, columnsOf, hasValues } from "./chart_columns.ts";
import type { Chart } from "./chart_list.ts";
import { type ChartLine, HistoryCard } from "./history_card.tsx";
import { Icon } from "./icon.tsx";
import type { KeyAction, View } from "./timeline_scale.ts";

const TEXT = {
  none: "There is no camera yet.",
  csv: "CSV",
  csvOf: (what: string) => `Download what is shown of ${what} as CSV`,
  loading: "Loading …",
  untold: (titles: string) => `Nothing was told in this time of: ${titles}.`,
};

export interface ChartGroupProps {
  title: string;
  charts: readonly Chart[];
  lines: readonly ChartLine[];
  /** Undefined until there is an answer. */
  loaded: LoadedHistory | undefined;
  view: View;
  stepMs: number;
  onView(view: View): void;
  onKey(action: KeyAction): void;
  children?: ComponentChildren;
}

export function ChartGroup({ title, charts, lines, loaded, stepMs, children, ...card }: ChartGroupProps) {
  const columns = useColumns(charts, lines, loaded);
  const isShown = useShown(charts, columns);
  const untold = charts.filter(({ field }) => !isShown.has(field)).map((chart) => chart.title);
  return (
    <section class="chart-group" aria-label={title}>
      <header class="chart-group-head">
        <h2>{title}</h2>
        {children}
        {lines.length > 0 && (
          <CsvLink
            title={title}
            path={historyPath(
              { subjects: lines.map(({ id }) => id), charts, view: card.view, stepMs },
              { format: "csv" },
            )}
          />
        )}
      </header>
      <div class="chart-cards">
        {charts.map((chart, index) =>
          isShown.has(chart.field) && (
            <HistoryCard
              key={chart.field}
              chart={chart}
              lines={lines}
              columns={columns[index] ?? NOTHING}
              stepMs={loaded?.stepMs ?? stepMs}
              {...card}
            />
          )
        )}
      </div>
      {lines.length === 0
        ? <p class="muted">{TEXT.none}</p>
        : !loaded
        ? <p class="muted">{TEXT.loading}</p>
        : untold.length > 0 && <p class="chart-untold muted">{TEXT.untold(untold.join(", "))}</p>}
    </section>
  );
}

const NOTHING: Columns = { times: [], values: [] };

function CsvLink({ title, path }: { title: string; path: string }) {
  return (
    <a
      class="button is-small"
      href={path}
      download={`${title.toLowerCase().replaceAll(" ", "-")}.csv`}
      aria-label={TEXT.csvOf(title)}
      title={TEXT.csvOf(title)}
    >
      <Icon name="download" />
      {TEXT.csv}
    </a>
  );
}

/** Those of each chart. */
function useColumns(
  charts: readonly Chart[],
  lines: readonly ChartLine[],
  loaded: LoadedHistory | undefined,
): Columns[] {
  const ids = lines.map(({ id }) => id);
  return useMemo(() => {
    const { rows = [], stepMs = 1 } = loaded ?? {};
    const subjects = [
      ...ids,
      ...ids.map((id) => extremeOf(id, "min")),
      ...ids.map((id) => extremeOf(id, "max")),
    ];
    return charts.map(({ field }) => columnsOf(rows, field, { subjects, stepMs }));
  }, [loaded, ids.join()]);
}

/** Charts of which something was told since the page was opened: one must not vanish from under a finger. */
function useShown(charts: readonly Chart[], columns: readonly Columns[]): ReadonlySet<string> {
  const shown = useRef(new Set<string>());
  for (const [index, { field }] of charts.entries()) {
    if (hasValues(columns[index] ?? NOTHING)) shown.current.add(field);
  }
  return shown.current;
}
