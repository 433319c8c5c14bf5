// Prints the panel plugin's module.js: the sources beside this file as one AMD module, as Grafana loads plugins
// (https://grafana.com/developers/plugin-tools). What Grafana gives to plugins stays outside.
import { build, stop } from "esbuild";

/** React is Grafana's own, whichever version that has: two of them in a page do not work together. */
const GIVEN = ["react", "@grafana/data", "@grafana/runtime", "@grafana/ui"];
const HEAD = [
  "/* Made from tools/panel by make generate. */",
  `define(${JSON.stringify(GIVEN)},`,
  "function(...given){",
  "const module={exports:{}};",
  `const names=${JSON.stringify(GIVEN)};`,
  "const require=(name)=>given[names.indexOf(name)];",
].join("");

try {
  const { outputFiles } = await build({
    entryPoints: [new URL("module.ts", import.meta.url).pathname],
    bundle: true,
    format: "cjs",
    external: GIVEN,
    target: "es2020",
    minify: true,
    legalComments: "none",
    write: false,
    banner: { js: HEAD },
    footer: { js: "return module.exports;});" },
    tsconfigRaw: "{}",
  });
  await Deno.stdout.write(outputFiles[0]!.contents);
} finally {
  await stop();
}
