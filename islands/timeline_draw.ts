// Draws the timeline on a canvas: ruler, lanes with what was recorded and what happened, the marked stretch, now, cursor.
import type { LaneView } from "../src/operations/timeline_views.ts";
import { eventColour } from "./event_colours.ts";
import { marksOf, spanOf, type View, xOf } from "./timeline_scale.ts";

export const RULER_HEIGHT = 34;
export const LANE_HEIGHT = 54;
const BAR = { top: 22, height: 12 };
const EVENTS = { top: 37, height: 13 };
const MARK_PIXELS = 76;

/** Colours of the page at the moment. */
export interface Palette {
  text: string;
  muted: string;
  line: string;
  surface: string;
  sunken: string;
  accent: string;
  bad: string;
}

/** What is drawn. */
export interface Drawing {
  view: View;
  lanes: readonly { name: string; lane: LaneView | undefined }[];
  bucketMs: number | undefined;
  atMs: number;
  nowMs: number;
  marked: Partial<View>;
  palette: Palette;
}

/** How high the canvas is for so many lanes. */
export function heightOf(lanes: number): number {
  return RULER_HEIGHT + lanes * LANE_HEIGHT;
}

/** Draws everything anew; sizes are CSS pixels. */
export function draw(context: CanvasRenderingContext2D, width: number, drawing: Drawing): void {
  const height = heightOf(drawing.lanes.length);
  context.clearRect(0, 0, width, height);
  drawRuler(context, width, drawing);
  for (const [index, { name, lane }] of drawing.lanes.entries()) {
    const top = RULER_HEIGHT + index * LANE_HEIGHT;
    if (lane) drawLane(context, { lane, top, width }, drawing);
    drawName(context, name, top, drawing.palette);
  }
  drawMarked(context, { width, height }, drawing);
  drawNow(context, { width, height }, drawing);
  drawCursor(context, { width, height }, drawing);
}

type Context = CanvasRenderingContext2D;
interface Size {
  width: number;
  height: number;
}

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const SECONDS = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short" });

function drawRuler(context: Context, width: number, { view, palette, lanes }: Drawing): void {
  context.fillStyle = palette.sunken;
  context.fillRect(0, 0, width, RULER_HEIGHT);
  context.font = "12px system-ui, sans-serif";
  context.textBaseline = "middle";
  const clock = spanOf(view) < 10 * 60_000 ? SECONDS : CLOCK;
  for (const { atMs, isDay } of marksOf(view, width, MARK_PIXELS)) {
    const x = Math.round(xOf(view, atMs, width)) + 0.5;
    context.strokeStyle = palette.line;
    context.lineWidth = isDay ? 2 : 1;
    context.beginPath();
    context.moveTo(x, isDay ? 4 : 22);
    context.lineTo(x, heightOf(lanes.length));
    context.stroke();
    context.fillStyle = isDay ? palette.text : palette.muted;
    context.fillText((isDay ? DAY : clock).format(atMs), x + 4, 13);
  }
}

function drawName(context: Context, name: string, top: number, { text, surface }: Palette): void {
  context.font = "600 12px system-ui, sans-serif";
  context.textBaseline = "middle";
  const width = context.measureText(name).width;
  context.globalAlpha = 0.85;
  context.fillStyle = surface;
  context.fillRect(2, top + 3, width + 10, 17);
  context.globalAlpha = 1;
  context.fillStyle = text;
  context.fillText(name, 7, top + 12);
}

interface Place {
  lane: LaneView;
  top: number;
  width: number;
}

function drawLane(context: Context, { lane, top, width }: Place, drawing: Drawing): void {
  const { view, palette, nowMs } = drawing;
  context.fillStyle = palette.line;
  context.fillRect(0, top, width, 1);
  context.fillStyle = palette.sunken;
  context.fillRect(0, top + BAR.top, width, BAR.height);
  const bar = (from: string, toMs: number, colour: string, least = 2) => {
    const x = xOf(view, Date.parse(from), width);
    const end = xOf(view, toMs, width);
    if (end < 0 || x > width) return;
    context.fillStyle = colour;
    context.fillRect(
      Math.max(0, x),
      top + BAR.top,
      Math.max(least, Math.min(width, end) - Math.max(0, x)),
      BAR.height,
    );
  };
  for (const { from, to } of lane.recorded) bar(from, Date.parse(to), palette.accent);
  if (lane.recording_since !== undefined) {
    context.globalAlpha = 0.45;
    bar(lane.recording_since, Math.min(nowMs, view.toMs), palette.accent);
    context.globalAlpha = 1;
  }
  for (const { from, to, reason } of lane.gaps) {
    if (reason === "privacy") bar(from, Date.parse(to), palette.muted);
    // Nobody wanted anything to be recorded after that.
    else if (!EXPECTED.has(reason)) thin(context, { from, to, top, width, view, colour: palette.bad });
  }
  drawEvents(context, { lane, top, width }, drawing);
}

const EXPECTED: ReadonlySet<string> = new Set(["stopped", "duration"]);

/** A line where a recording should have been. */
function thin(
  context: Context,
  { from, to, top, width, view, colour }: {
    from: string;
    to: string;
    top: number;
    width: number;
    view: View;
    colour: string;
  },
): void {
  const [x, end] = [xOf(view, Date.parse(from), width), xOf(view, Date.parse(to), width)];
  context.fillStyle = colour;
  context.fillRect(x, top + BAR.top + BAR.height / 2 - 1, Math.max(1, end - x), 2);
}

function drawEvents(context: Context, { lane, top, width }: Place, { view, nowMs, bucketMs }: Drawing): void {
  for (const { kind, from, to } of lane.events) {
    const x = xOf(view, Date.parse(from), width);
    const end = xOf(view, to === undefined ? Math.min(nowMs, view.toMs) : Date.parse(to), width);
    if (end < -3 || x > width) continue;
    context.fillStyle = eventColour(kind);
    const isState = kind === "camera_state" || kind === "gap";
    // A state lasts until the next: only its beginning is news.
    context.fillRect(x, top + EVENTS.top, isState ? 3 : Math.max(3, end - x), EVENTS.height);
  }
  if (bucketMs === undefined) return;
  const most = Math.max(1, ...lane.density.map(({ counts }) => sum(counts)));
  for (const { from, counts } of lane.density) {
    const x = xOf(view, Date.parse(from), width);
    const wide = Math.max(1, xOf(view, Date.parse(from) + bucketMs, width) - x - 0.5);
    let bottom = top + EVENTS.top + EVENTS.height;
    for (const [kind, count] of Object.entries(counts)) {
      // The root: one person among a hundred motions must not vanish.
      const high = EVENTS.height * Math.sqrt(sum(counts) / most) * count / sum(counts);
      context.fillStyle = eventColour(kind);
      context.fillRect(x, bottom - Math.max(1, high), wide, Math.max(1, high));
      bottom -= Math.max(1, high);
    }
  }
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, each) => total + each, 0);
}

function drawMarked(context: Context, { width, height }: Size, { view, marked, palette }: Drawing): void {
  const { fromMs, toMs } = marked;
  if (fromMs === undefined && toMs === undefined) return;
  const x = fromMs === undefined ? xOf(view, toMs ?? 0, width) : xOf(view, fromMs, width);
  const end = toMs === undefined ? x : xOf(view, toMs, width);
  context.fillStyle = palette.accent;
  context.globalAlpha = 0.16;
  context.fillRect(x, 0, end - x, height);
  context.globalAlpha = 1;
  for (const edge of [x, end]) context.fillRect(edge - 1, 0, 2, height);
}

function drawNow(context: Context, { width, height }: Size, { view, nowMs, palette }: Drawing): void {
  const x = xOf(view, nowMs, width);
  if (x < 0 || x > width) return;
  context.fillStyle = palette.bad;
  context.globalAlpha = 0.7;
  context.fillRect(x, 22, 1, height - 22);
  context.globalAlpha = 1;
}

function drawCursor(context: Context, { width, height }: Size, { view, atMs, palette }: Drawing): void {
  const x = Math.round(xOf(view, atMs, width));
  if (x < -8 || x > width + 8) return;
  context.fillStyle = palette.text;
  context.fillRect(x - 1, 22, 2, height - 22);
  context.beginPath();
  context.moveTo(x - 7, 20);
  context.lineTo(x + 7, 20);
  context.lineTo(x, RULER_HEIGHT - 2);
  context.fill();
}

/** Colours of the page, which follow the system's choice of light or dark. */
export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    text: read("text"),
    muted: read("muted"),
    line: read("line"),
    surface: read("surface"),
    sunken: read("sunken"),
    accent: read("accent"),
    bad: read("bad"),
  };
}
