// As much of Grafana's HTTP API as smoke.sh asks: health, data sources, queries, alert rules, dashboards, plugins. Its
// answers have the shapes of Grafana's documentation (grafana.com/docs/grafana/latest/developers/http_api).

/** What is wrong with it; nothing, unless a test says so. */
export interface GrafanaFaults {
  /** The hub is not scraped, or has no camera. */
  noData?: boolean;
  /** The data source of this uid does not work. */
  brokenSource?: string;
  /** Only so many rules were provisioned. */
  rules?: number;
  noDashboards?: boolean;
}

/** A Grafana on a free port. */
export class GrafanaApi implements AsyncDisposable {
  readonly address: string;
  faults: GrafanaFaults = {};
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #contents: { rules: readonly string[]; dashboards: number };

  constructor(contents: { rules: readonly string[]; dashboards: number }) {
    this.#contents = contents;
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(options, (request) => this.#answer(request));
    this.address = `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const body = await request.text();
    if (pathname === "/api/health") return Response.json({ database: "ok", version: "13.2.3" });
    if (request.headers.get("authorization") !== `Basic ${btoa(`admin:${PASSWORD}`)}`) {
      return Response.json({ message: "Invalid username or password" }, { status: 401 });
    }
    const [, source] = /^\/api\/datasources\/uid\/([\w-]+)\/health$/.exec(pathname) ?? [];
    if (source !== undefined) return this.#health(source);
    if (pathname === "/api/ds/query" && request.method === "POST") return this.#query(JSON.parse(body));
    const { rules, dashboards } = this.#contents;
    if (pathname === "/api/v1/provisioning/alert-rules") {
      const present = rules.slice(0, this.faults.rules ?? rules.length);
      return Response.json(present.map((uid, id) => ({ id, uid, title: uid, folderUID: "abc" })));
    }
    if (pathname === "/api/search" && searchParams.get("folderUIDs") === "tapocam") {
      const count = this.faults.noDashboards ? 0 : dashboards;
      return Response.json(
        Array.from({ length: count }, (_, id) => ({ id, uid: `d${id}`, type: "dash-db" })),
      );
    }
    if (pathname === "/api/plugins/tapo-camera-panel/settings") {
      return Response.json({ name: "Tapo Camera Live View", type: "panel", id: "tapo-camera-panel" });
    }
    return Response.json({ message: "Not found" }, { status: 404 });
  }

  #health(source: string): Response {
    const isBroken = source === this.faults.brokenSource;
    if (isBroken) return Response.json({ message: "Unauthorized", status: "ERROR" }, { status: 400 });
    return Response.json({ message: "OK", status: "OK" });
  }

  #query({ queries: [query] }: { queries: { refId: string; expr: string; datasource: { uid: string } }[] }) {
    const isKnown = query?.datasource.uid === "tapocam-prometheus" && query.expr !== "";
    const values = isKnown && !this.faults.noData ? [[1767225600000], [1]] : [];
    const frame = { schema: { fields: [{ name: "Time" }, { name: "Value" }] }, data: { values } };
    return Response.json({ results: { [query?.refId ?? "A"]: { status: 200, frames: [frame] } } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** With what a shell and curl could stumble over. */
export const PASSWORD = 'geheim "x\\y" $HOME';
