// The hub's version, as released. `make check` holds it against deno.json.
export const VERSION = "0.1.0";
