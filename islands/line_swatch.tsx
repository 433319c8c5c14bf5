// A piece of a chart's line, for legends.
import type { LineLook } from "./chart_colours.ts";

export function LineSwatch({ look: { colour, dash } }: { look: LineLook }) {
  return (
    <svg class="line-swatch" viewBox="0 0 20 8" aria-hidden="true">
      <path d="M0 4h20" stroke={colour} stroke-width="3" stroke-dasharray={dash.join(" ")} />
    </svg>
  );
}
