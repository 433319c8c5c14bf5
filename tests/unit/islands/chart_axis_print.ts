// Prints the words of a time axis as JSON: `TZ=Europe/Vienna deno run chart_axis_print.ts FROM TO WIDTH`.
import { axisMarks, markText } from "../../../islands/chart_axis.ts";

const [from = "", to = "", width = ""] = Deno.args;
const view = { fromMs: Date.parse(from), toMs: Date.parse(to) };
const marks = axisMarks(view, Number(width));
// deno-lint-ignore no-console
console.log(JSON.stringify(marks.map((mark) => [new Date(mark.atMs).toISOString(), markText(mark, view)])));
