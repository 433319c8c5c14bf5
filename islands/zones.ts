// Polygons on a picture, as they are edited: corners in fractions of the picture. Pure.

export interface Corner {
  x: number;
  y: number;
}

/** A zone while it is edited. `kind` is one of those the editor was given, such as `count` or `ignore`. */
export interface DraftZone {
  /** Tells zones apart as long as they are edited. */
  id: number;
  name: string;
  kind: string;
  points: readonly Corner[];
}

export const MIN_CORNERS = 3;
export const MAX_CORNERS = 32;
export const MAX_ZONES = 16;

/** A rectangle between two opposite corners. */
export function rectangle(from: Corner, to: Corner): Corner[] {
  const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
  const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
  const corners = [{ x: left, y: top }, { x: right, y: top }, { x: right, y: bottom }, {
    x: left,
    y: bottom,
  }];
  return corners.map(inside);
}

/** The corners with one of them at another place, within the picture. */
export function withCornerAt(points: readonly Corner[], index: number, to: Corner): Corner[] {
  return points.map((point, at) => at === index ? inside(to) : point);
}

/** The corners with a new one half-way between one and the next; the same where there are enough. */
export function withCornerAfter(points: readonly Corner[], index: number): readonly Corner[] {
  const from = points[index], to = points[(index + 1) % points.length];
  if (!from || !to || points.length >= MAX_CORNERS) return points;
  return points.toSpliced(index + 1, 0, middle(from, to));
}

/** The corners without one; the same where no polygon would be left. */
export function withoutCorner(points: readonly Corner[], index: number): readonly Corner[] {
  return points.length <= MIN_CORNERS ? points : points.toSpliced(index, 1);
}

/** All corners moved by so much, as far as the picture allows; the shape stays. */
export function moved(points: readonly Corner[], by: Corner): Corner[] {
  const room = (values: number[], wanted: number) =>
    Math.max(-Math.min(...values), Math.min(1 - Math.max(...values), wanted));
  const x = room(points.map((point) => point.x), by.x);
  const y = room(points.map((point) => point.y), by.y);
  return points.map((point) => inside({ x: point.x + x, y: point.y + y }));
}

export function middle(from: Corner, to: Corner): Corner {
  return inside({ x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 });
}

/** Within the picture, to a thousandth. */
function inside({ x, y }: Corner): Corner {
  const fraction = (value: number) => Math.round(Math.max(0, Math.min(1, value)) * 1000) / 1000;
  return { x: fraction(x), y: fraction(y) };
}

/** An id that none of the zones has. */
export function freeId(zones: readonly DraftZone[]): number {
  return Math.max(0, ...zones.map(({ id }) => id)) + 1;
}
