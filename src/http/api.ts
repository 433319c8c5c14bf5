// The JSON API: resource-shaped routes and operations by name. Both go through the one gate, `invoke`.
import { type Context, Hono } from "hono";
import { HubError } from "../base/errors.ts";
import type { Hub } from "../operations/hub.ts";
import { OPERATIONS } from "../operations/index.ts";
import { invoke } from "../operations/operation.ts";
import { jsonBody } from "./body.ts";
import type { GateEnv } from "./gate.ts";

type Ctx = Context<GateEnv>;

/** Routes below /api that speak JSON. */
export function apiRoutes(hub: Hub): Hono<GateEnv> {
  const app = new Hono<GateEnv>();

  const run = (c: Ctx, name: string, input: unknown) => {
    const operation = OPERATIONS.get(name);
    if (!operation) throw unknownOperation(name);
    return invoke(operation, { hub, principal: c.get("principal"), signal: c.req.raw.signal }, input);
  };
  const camera = (c: Ctx) => ({ camera_id: c.req.param("id") });

  app.get("/api/status", async (c) => c.json((await run(c, "get_system_info", {}) as { hub: object }).hub));
  app.get("/api/cameras", async (c) => c.json(await run(c, "list_cameras", c.req.query()) as object));
  app.post("/api/cameras", async (c) => c.json(await run(c, "add_camera", await jsonBody(c)) as object, 201));
  app.get("/api/cameras/:id", async (c) => {
    const { camera: view } = await run(c, "get_camera_info", camera(c)) as { camera: object };
    return c.json(view);
  });
  app.patch("/api/cameras/:id", async (c) => {
    const body = await jsonBody(c);
    return c.json(await run(c, "update_camera", { ...body, ...camera(c) }) as object);
  });
  app.delete("/api/cameras/:id", async (c) => c.json(await run(c, "remove_camera", camera(c)) as object));
  app.post("/api/operations/:name", async (c) => {
    return c.json(await run(c, c.req.param("name"), await jsonBody(c)) as object);
  });
  return app;
}

function unknownOperation(name: string): HubError {
  return new HubError("not_found", `There is no operation "${name}"`, {
    hint: `The operations are: ${[...OPERATIONS.keys()].join(", ")}`,
  });
}
