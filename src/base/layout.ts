// Where the program's own files lie: beside the source, or inside the compiled binary.

/** Set by main.ts, the one module that knows where it stands. */
export interface Layout {
  /** Stylesheets, icons and the browser bundle. */
  staticDir: URL;
  /** The documentation that assistants can read. */
  docsDir: URL;
  /** What `grafana export` copies: dashboards, the panel plugin, README.md, smoke.sh. */
  grafanaDir: URL;
  /** Module of the database's thread. */
  storeWorker: URL;
}
