// The colours of the lines on charts: tones that can be told apart and stand out on a light and on a dark ground.

const COLOURS = [
  "#2f7fd6",
  "#d9570f",
  "#1f9254",
  "#b04fc4",
  "#b07a00",
  "#d6336c",
  "#0b8aa0",
  "#7a66e8",
  "#7f7a3a",
  "#a8614a",
];
/** Lines beyond the colours are dashed, in the same colours. */
const DASHES = [[], [8, 4], [2, 3]];

/** How one line is drawn. */
export interface LineLook {
  /** `#rrggbb`. */
  colour: string;
  /** Lengths of dashes and holes, pixels; none for a whole line. */
  dash: readonly number[];
}

/** The look of the line of that place in the list. */
export function lineLook(index: number): LineLook {
  return {
    colour: COLOURS[index % COLOURS.length] ?? "#2f7fd6",
    dash: DASHES[Math.floor(index / COLOURS.length) % DASHES.length] ?? [],
  };
}
