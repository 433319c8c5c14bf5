// Puts together what is packed into the bundle for Claude Desktop. Arguments: the compiled program, the folder.
import { manifest, PROGRAM } from "./manifest.ts";

const [program, folder] = Deno.args;
if (program === undefined || folder === undefined) throw new Error("Give the program and the folder");
await Deno.mkdir(`${folder}/server`, { recursive: true });
await Deno.copyFile(program, `${folder}/${PROGRAM}`);
await Deno.chmod(`${folder}/${PROGRAM}`, 0o755);
await Deno.writeTextFile(`${folder}/manifest.json`, JSON.stringify(manifest(), null, 2) + "\n");
