// The API describes itself: as OpenAPI, and as a page for people that needs nothing from elsewhere.
import { Hono } from "hono";
import { html } from "hono/html";
import { VERSION } from "../base/version.ts";
import { OPERATIONS } from "../operations/index.ts";
import { descriptionOf, inputJson, outputJson } from "../operations/json_schemas.ts";
import { type Operation, TOOLSETS } from "../operations/operation.ts";
import type { GateEnv } from "./gate.ts";
import { openApi } from "./openapi.ts";

type Html = ReturnType<typeof html>;

/** Routes of the description. Both are made when they are asked for first. */
export function docsRoutes(): Hono<GateEnv> {
  const app = new Hono<GateEnv>();
  let description: string | undefined;
  let page: string | undefined;
  app.get("/api/openapi.json", (c) => {
    description ??= JSON.stringify(openApi(OPERATIONS.values(), VERSION));
    return c.body(description, 200, { "content-type": "application/json" });
  });
  app.get("/api/docs", async (c) => c.html(page ??= String(await docsPage([...OPERATIONS.values()]))));
  return app;
}

function docsPage(operations: readonly Operation[]): Html {
  const sets = TOOLSETS.map((toolset) =>
    [toolset, operations.filter((each) => each.toolset === toolset)] as const
  ).filter(([, list]) => list.length > 0);
  return html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>API · Tapo Camera MCP</title>
        <link rel="stylesheet" href="/static/app.css">
        <link rel="stylesheet" href="/static/page.css">
      </head>
      <body>
        <main class="measure">
          <h1>API</h1>
          <p>
            Every operation is asked for with <code>POST /api/operations/{name}</code> and a JSON object. For
            programs:
            <a href="/api/openapi.json">OpenAPI 3.1</a>.
          </p>
          ${sets.map(([name, list]) =>
            html`
              <h2>${name}</h2>${list.map(section)}
            `
          )}
        </main>
      </body>
    </html>
  `;
}

function section(operation: Operation): Html {
  const { name, title, effect, role, http, examples } = operation;
  const route = http && html`
    <p><code>${http.method} ${http.path.replace(/:([a-z_]+)/g, "{$1}")}</code></p>
  `;
  return html`
    <details id="${name}">
      <summary><code>${name}</code> ${title}</summary>
      <p>${descriptionOf(operation)}</p>
      <p>${effect}; needs the role ${role}</p>
      ${route ?? ""} ${block("Input", inputJson(operation))} ${examples.map((example) =>
        block(`Example: ${example.title}`, example.input)
      )} ${block("Result", outputJson(operation))}
    </details>
  `;
}

function block(title: string, value: unknown): Html {
  return html`
    <h3>${title}</h3><pre>${JSON.stringify(value, null, 2)}</pre>
  `;
}
