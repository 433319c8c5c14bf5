// The figures below a chart: what each of its lines came to in what is shown. They are its legend, too.
import { type Columns, type Figures, figuresOf, valueAt } from "./chart_columns.ts";
import type { Chart } from "./chart_list.ts";
import type { ChartLine } from "./history_card.tsx";
import { LineSwatch } from "./line_swatch.tsx";
import type { View } from "./timeline_scale.ts";

const TEXT = {
  caption: (title: string) => `${title}: figures of what is shown`,
  line: "Line",
  unknown: "–",
  unknownLong: "not known",
};

const WITH_MEAN: readonly (readonly [title: string, of: keyof Figures])[] = [
  ["Lowest", "least"],
  ["Mean", "mean"],
  ["Highest", "most"],
  ["Last", "last"],
];
const COUNTED: typeof WITH_MEAN = [["Total", "total"], ["Most in a step", "most"], ["Last", "last"]];

const MOMENT = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});

export interface HistoryFiguresProps {
  chart: Chart;
  lines: readonly ChartLine[];
  columns: Columns;
  view: View;
  /** Where the pointer is on any of the charts. */
  cursor: { atMs: number; stepMs: number } | undefined;
}

export function HistoryFigures({ chart, lines, columns, view, cursor }: HistoryFiguresProps) {
  const titles = chart.isCount ? COUNTED : WITH_MEAN;
  return (
    <div class="chart-figures">
      <table>
        <caption class="visually-hidden">{TEXT.caption(chart.title)}</caption>
        <thead>
          <tr class={`has-${titles.length}`}>
            <th scope="col">
              <span class="visually-hidden">{TEXT.line}</span>
              {cursor && <span class="chart-moment" aria-hidden="true">{MOMENT.format(cursor.atMs)}</span>}
            </th>
            {titles.map(([title]) => <th key={title} scope="col">{title}</th>)}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ id, name, look }, index) => {
            const figures = figuresOf(columns, { line: index, lines: lines.length, view });
            const value = cursor && valueAt(columns, index, cursor);
            return (
              <tr key={id} class={`has-${titles.length}`} data-line={id}>
                <th scope="row">
                  <span class="chart-line">
                    <LineSwatch look={look} />
                    <span class="chart-name">{name}</span>
                    {cursor && (
                      <strong class="chart-value" aria-hidden="true">
                        {value === undefined ? TEXT.unknown : chart.write(value)}
                      </strong>
                    )}
                  </span>
                </th>
                {titles.map(([title, of]) => (
                  <td key={title}>{figures ? chart.write(figures[of]) : <Unknown />}</td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Unknown() {
  return (
    <>
      <span aria-hidden="true">{TEXT.unknown}</span>
      <span class="visually-hidden">{TEXT.unknownLong}</span>
    </>
  );
}
