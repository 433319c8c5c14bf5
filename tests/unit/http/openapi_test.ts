// The API's description of itself: valid, complete, and made from the list of operations.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Validator } from "@seriousme/openapi-schema-validator";
import { openApi } from "../../../src/http/openapi.ts";
import { OPERATIONS } from "../../../src/operations/index.ts";
import { toyDriver } from "../tools/devices.ts";
import { withSite } from "../tools/app.ts";

// deno-lint-ignore no-explicit-any
const description = openApi(OPERATIONS.values(), "1.2.3") as any;

Deno.test("openApi: is valid OpenAPI 3.1", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(description));
  assert(valid, JSON.stringify(errors));
  assertEquals(validator.version, "3.1");
});

Deno.test("openApi: has every operation with its schemas and examples, and every route of its own", () => {
  const ids = new Set<string>();
  for (const [name, { http, examples, effect }] of OPERATIONS) {
    const { post } = description.paths[`/api/operations/${name}`];
    assertEquals(Object.keys(post.requestBody.content["application/json"].examples).length, examples.length);
    assertEquals(post.responses["409"] !== undefined, effect === "destructive", name);
    ids.add(post.operationId);
    if (!http) continue;
    const route = description.paths[http.path.replace(/:(\w+)/g, "{$1}")][http.method.toLowerCase()];
    ids.add(route.operationId);
  }
  const routes = [...OPERATIONS.values()].filter(({ http }) => http).length;
  assertEquals(ids.size, OPERATIONS.size + routes);
});

Deno.test("openApi: the parameters of routes are those that the API takes", () => {
  const list = description.paths["/api/events"].get;
  assertEquals(list.parameters.map(({ name }: { name: string }) => name), [
    "camera",
    "kind",
    "from",
    "to",
    "after",
    "before",
    "limit",
  ]);
  const patch = description.paths["/api/cameras/{camera_id}"].patch;
  assertEquals(patch.parameters.map((each: { name: string; in: string }) => [each.name, each.in]), [
    ["camera_id", "path"],
  ]);
  const { properties } = patch.requestBody.content["application/json"].schema;
  assertEquals(Object.keys(properties), ["name", "enabled", "options", "dry_run"]);
  const add = description.paths["/api/cameras"].post;
  assertEquals(Object.keys(add.responses), ["200", "201", "default"]);
});

Deno.test("openApi: every reference leads somewhere", () => {
  const refs = [...JSON.stringify(description).matchAll(/"\$ref":"#\/components\/([^"]+)"/g)];
  assert(refs.length > 50);
  for (const [, path = ""] of refs) {
    const [kind = "", name = ""] = path.split("/");
    assert(description.components[kind][name], path);
  }
});

Deno.test("docsRoutes: description and page are served to who is logged in, without anything from elsewhere", async () => {
  await withSite([toyDriver().driver], async ({ ask, as }) => {
    assertEquals((await ask("/api/openapi.json")).status, 401);
    const served = await as("/api/openapi.json");
    assertEquals([served.status, served.headers.get("content-type")], [200, "application/json"]);
    assertEquals((await served.json()).openapi, "3.1.0");
    const page = await (await as("/api/docs")).text();
    for (const name of OPERATIONS.keys()) assertStringIncludes(page, `<details id="${name}">`);
    assertEquals(/(?:src|href)="https?:|<script|style=/.test(page), false);
  });
});
