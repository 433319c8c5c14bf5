// The JSON API, made from the list of operations: each by its name, and those that have one under their own route.
// All go through the one gate, `invoke`.
import { type Context, Hono } from "hono";
import { HubError } from "../base/errors.ts";
import type { Hub } from "../operations/hub.ts";
import { OPERATIONS } from "../operations/index.ts";
import { invoke } from "../operations/invoke.ts";
import type { Operation, Route } from "../operations/operation.ts";
import { sightOf } from "../operations/sight.ts";
import { jsonBody } from "./body.ts";
import type { GateEnv } from "./gate.ts";
import { problemResponse } from "./problem.ts";
import { queryInput } from "./query.ts";

type Ctx = Context<GateEnv>;

/** Routes below /api that speak JSON. */
export function apiRoutes(
  hub: Hub,
  operations: ReadonlyMap<string, Operation> = OPERATIONS,
): Hono<GateEnv> {
  const app = new Hono<GateEnv>();
  for (const operation of operations.values()) {
    const { http } = operation;
    if (!http) continue;
    app.on(http.method, http.path, async (c) => {
      const input = { ...await inputOf(c, operation, http), ...queryInput(operation.input, c.req.param()) };
      return await answer(c, hub, operation, input, http);
    });
  }
  app.post("/api/operations/:name", async (c) => {
    const name = c.req.param("name");
    const operation = operations.get(name);
    if (!operation) throw unknownOperation(name, operations);
    return await answer(c, hub, operation, await jsonBody(c));
  });
  return app;
}

/** What is asked for: in the body where the method has one, else in the query. */
async function inputOf(c: Ctx, operation: Operation, { method, names }: Route): Promise<object> {
  return method === "GET" || method === "DELETE"
    ? queryInput(operation.input, c.req.query(), names)
    : await jsonBody(c);
}

async function answer(c: Ctx, hub: Hub, operation: Operation, input: object, route?: Route) {
  const principal = c.get("principal");
  refuseOtherCamera(c.get("camera"), input);
  const context = {
    hub,
    principal,
    sight: sightOf(principal),
    signal: c.req.raw.signal,
    report: () => {},
  };
  const output = await invoke(operation, context, input);
  if (output["needs"] === "confirm") return unconfirmed(output);
  if (output["dry_run"] === true) return c.json(output);
  return c.json(route?.field === undefined ? output : output[route.field] as object, route?.status ?? 200);
}

/** A ticket is for one camera, which must be named. */
function refuseOtherCamera(camera: string | undefined, input: { camera_id?: unknown }): void {
  if (camera === undefined || input.camera_id === camera) return;
  throw new HubError("forbidden", `This ticket is for camera "${camera}"`, {
    hint: `Give camera_id: "${camera}"`,
  });
}

/** What would be done stands in the problem, so that it can be shown to whoever must confirm it. */
function unconfirmed({ would, camera_id }: Record<string, unknown>): Response {
  return problemResponse(
    new HubError("conflict", `This must be confirmed first: ${would}`, {
      hint: "Say so with confirm: true (DELETE: ?confirm=true)",
      details: { needs: "confirm", would, ...(camera_id === undefined ? {} : { camera_id }) },
    }),
  );
}

function unknownOperation(name: string, operations: ReadonlyMap<string, Operation>): HubError {
  return new HubError("not_found", `There is no operation "${name}"`, {
    hint: `The operations are: ${[...operations.keys()].join(", ")}`,
  });
}
