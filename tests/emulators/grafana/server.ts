// What a panel plugin meets in a Grafana: a page of another origin that loads it, and `/api/ds/query` with an Infinity
// data source that holds the hub's token. Shapes of questions, answers and errors as in Grafana 13 and Infinity 3.11.

const ROOT = new URL("../../../", import.meta.url);
const PLUGIN = new URL("config/grafana/plugins/tapo-camera-panel/", ROOT);
const JSON_TYPE = { "content-type": "application/json" };

/** The Infinity data source, as it is configured. */
export interface InfinitySource {
  url: string;
  token: string;
  /** Sent along with every question. */
  params: Record<string, string>;
}

interface Query {
  refId: string;
  type: string;
  source: string;
  parser: string;
  url: string;
  root_selector: string;
  columns: { selector: string; text: string; type: string }[];
}

/** Listens on a port of its own of this machine. */
export class GrafanaEmulator {
  readonly source: InfinitySource;
  /** Paths that the data source was asked for. */
  readonly asked: string[] = [];
  readonly #bundle: string;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  private constructor(source: InfinitySource, bundle: string) {
    this.source = source;
    this.#bundle = bundle;
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(options, (request) => this.#answer(request));
  }

  static async start(source: InfinitySource): Promise<GrafanaEmulator> {
    return new GrafanaEmulator(source, await bundlePage());
  }

  /** Another name than the hub's: another site for the browser. */
  get origin(): string {
    return `http://localhost:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/") return new Response(PAGE, { headers: { "content-type": "text/html" } });
    if (pathname === "/page.js") return script(this.#bundle);
    if (pathname === "/public/plugins/tapo-camera-panel/module.js") {
      return script(await Deno.readTextFile(new URL("module.js", PLUGIN)));
    }
    if (pathname !== "/api/ds/query" || request.method !== "POST") return new Response("", { status: 404 });
    const { queries: [query] } = await request.json() as { queries: Query[] };
    return await this.#query(query!);
  }

  async #query(query: Query): Promise<Response> {
    const { refId, type, source, parser } = query;
    if (type !== "json" || source !== "url" || parser !== "backend") {
      return failure(refId, 400, `not emulated: ${JSON.stringify({ type, source, parser })}`);
    }
    const { url: base, token, params } = this.source;
    const url = new URL(base + query.url);
    this.asked.push(url.pathname + url.search);
    for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
    let answer: Response;
    try {
      answer = await fetch(url, {
        headers: { authorization: `Bearer ${token}`, accept: "application/json;q=0.9,text/plain" },
      });
    } catch (error) {
      const said = `error getting response from url ${query.url}. no response received. Error: ${error}`;
      return failure(refId, 500, said);
    }
    const body = await answer.json();
    if (answer.ok) {
      return Response.json({ results: { [refId]: { status: 200, frames: [frameOf(query, body)] } } });
    }
    const words = `${answer.status} ${STATUS[answer.status] ?? ""}`;
    const said =
      `unsuccessful HTTP response\nHTTP status code: ${words}\nError message from HTTP response: ${body.message}`;
    return failure(refId, 400, said);
  }
}

const STATUS: Readonly<Record<number, string>> = { 401: "Unauthorized", 403: "Forbidden", 404: "Not Found" };

function failure(refId: string, status: number, text: string): Response {
  const error = `error while performing the infinity query. ${text}`;
  return new Response(JSON.stringify({ results: { [refId]: { error, status } } }), {
    status,
    headers: JSON_TYPE,
  });
}

function frameOf({ root_selector, columns }: Query, body: Record<string, unknown>): object {
  const found = root_selector === "" ? body : body[root_selector];
  const rows = (Array.isArray(found) ? found : [found]) as Record<string, unknown>[];
  return {
    schema: { fields: columns.map(({ text, type }) => ({ name: text, type })) },
    data: { values: columns.map(({ selector }) => rows.map((row) => row[selector] ?? null)) },
  };
}

function script(text: string): Response {
  return new Response(text, { headers: { "content-type": "text/javascript" } });
}

/** The page's own script, with the real React. */
async function bundlePage(): Promise<string> {
  const args = [
    "bundle",
    "--quiet",
    "--config",
    "tests/deno.json",
    "--platform",
    "browser",
    "--format",
    "iife",
  ];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args, "tests/emulators/grafana/page.ts"],
    cwd: ROOT,
  }).output();
  if (success) return new TextDecoder().decode(stdout);
  throw new Error(`The page cannot be bundled: ${new TextDecoder().decode(stderr)}`);
}

const PAGE = `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>A dashboard</title>
  <link rel="icon" href="data:,">
  <style>body { margin: 16px; font-family: sans-serif } #below { height: 3000px }</style>
  <h1>A dashboard</h1>
  <div id="panel"></div>
  <div id="below"></div>
  <script src="/page.js"></script>
  <script src="/public/plugins/tapo-camera-panel/module.js"></script>
</html>
`;
