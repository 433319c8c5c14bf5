// What the PromQL of all panels shares: which series are meant, and how a camera gets its name.

/** Series of the chosen hubs. */
export const HUB = 'job=~"$job",instance=~"$instance"';
/** Series of the chosen cameras. */
export const CAMERA = `${HUB},camera=~"$camera"`;
/** The legend of a series that `named` made. */
export const NAME = "{{name}}";

/** Gives the series of cameras their names; with several values a camera, each keeps its other labels. */
export function named(expr: string): string {
  return `(${expr}) * on (job, instance, camera) group_left (name) tapocam_camera_info{${CAMERA}}`;
}

/** A metric of cameras with their names. */
export function ofCamera(metric: string, matchers = CAMERA): string {
  return named(`${metric}{${matchers}}`);
}

/** A per-second rate. */
export function rate(metric: string, matchers: string, window = "$__rate_interval"): string {
  return `rate(${metric}{${matchers}}[${window}])`;
}

/** A share that is absent where there is nothing to share: never a division by zero. */
export function share(part: string, whole: string): string {
  return `(${part}) / ((${whole}) > 0)`;
}

/** A quantile of a histogram over a window; absent where nothing was counted in it. */
export function quantile(
  q: number,
  metric: string,
  { by = "", matchers = HUB, window = "$__rate_interval" } = {},
): string {
  const labels = by === "" ? "le" : `le, ${by}`;
  return `histogram_quantile(${q}, sum by (${labels}) (${rate(`${metric}_bucket`, matchers, window)})) >= 0`;
}

/** The same over all that was counted since the hub started, for what is rare. */
export function quantileSinceStart(
  q: number,
  metric: string,
  { by, matchers }: { by: string; matchers: string },
) {
  return `histogram_quantile(${q}, sum by (le, ${by}) (${metric}_bucket{${matchers}})) >= 0`;
}

/** Pictures per second that all viewers together should see. What is not shown is counted for each viewer, pictures once. */
export function wantedPictures(matchers: string, window: string): string {
  const made = rate("tapocam_stream_frames_total", matchers, window);
  return `sum(${made} * on (job, instance, camera) ` +
    `clamp_min(avg_over_time(tapocam_stream_viewers{${matchers}}[${window}]), 1))`;
}
