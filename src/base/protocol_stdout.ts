// Keeps stdout for protocols: whatever a library prints goes to stderr.

/** Methods of the console that write to stdout. */
const PRINTING = [
  "log",
  "info",
  "debug",
  "dir",
  "dirxml",
  "table",
  "group",
  "groupCollapsed",
  "count",
  "timeLog",
  "timeEnd",
] as const;

/** Makes every method of the console write to stderr. To be called before anything else is loaded. */
export function keepStdoutForProtocols(printer: Console): void {
  for (const method of PRINTING) printer[method] = (...things: unknown[]) => printer.error(...things);
  printer.clear = () => {}; // it would send the terminal's own characters
}
