// `make generate`: writes config/grafana/dashboards. With --check it writes nothing, names what differs, exits 1.
// deno-lint-ignore-file no-console -- it prints for people
import { DASHBOARDS } from "./dashboards.ts";

const FOLDER = new URL("../../config/grafana/dashboards/", import.meta.url);
const isCheck = Deno.args.includes("--check");
const stale: string[] = [];
const made = new Map(DASHBOARDS.map((each) => [`${each.uid}.json`, JSON.stringify(each, null, 2) + "\n"]));
if (!isCheck) await Deno.mkdir(FOLDER, { recursive: true });
for (const [name, content] of made) {
  const present = await Deno.readTextFile(new URL(name, FOLDER)).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (present === content) continue;
  stale.push(name);
  if (!isCheck) await Deno.writeTextFile(new URL(name, FOLDER), content);
}
for await (const { name } of Deno.readDir(FOLDER)) {
  if (!name.endsWith(".json") || made.has(name)) continue;
  stale.push(name);
  if (!isCheck) await Deno.remove(new URL(name, FOLDER));
}
for (const name of stale) {
  const path = `config/grafana/dashboards/${name}`;
  console.log(isCheck ? `${path} is out of date: run "make generate"` : `wrote ${path}`);
}
if (isCheck && stale.length > 0) Deno.exit(1);
