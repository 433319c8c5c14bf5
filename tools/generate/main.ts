// `make generate`: writes everything that is made from lists in the source. With --check it writes nothing, names
// what differs, and exits 1 when something does.
// deno-lint-ignore-file no-console -- it prints for people
import { generatedFiles } from "./files.ts";

const ROOT = new URL("../../", import.meta.url);
const isCheck = Deno.args.includes("--check");
const stale: string[] = [];
for (const [path, content] of await generatedFiles()) {
  const url = new URL(path, ROOT);
  const present = await Deno.readTextFile(url).catch(() => undefined);
  if (present === content) continue;
  stale.push(path);
  if (isCheck) continue;
  await Deno.mkdir(new URL("./", url), { recursive: true });
  await Deno.writeTextFile(url, content);
}
for (const path of stale) {
  console.log(isCheck ? `${path} is out of date: run "make generate"` : `wrote ${path}`);
}
if (isCheck && stale.length > 0) Deno.exit(1);
