// What descriptions of routes are put together from.

/** A piece of the OpenAPI document. */
export type Json = Record<string, unknown>;

/** Names a schema of the document. */
export function ref(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}

/** An answer in JSON. */
export function answer(description: string, schema: unknown): Json {
  return { description, content: { "application/json": { schema } } };
}

/** A failure that has its own words; all others are `anyProblem`. */
export function problem(description: string): Json {
  return { description, content: { "application/problem+json": { schema: ref("Problem") } } };
}

/** Whatever else goes wrong. */
export const anyProblem: Json = { $ref: "#/components/responses/Problem" };
