// The module of Grafana's panel plugin, made by esbuild from tools/panel. A program of its own: the hub knows no esbuild.

const PANEL = new URL("../panel/", import.meta.url).pathname;
const RIGHTS = ["--allow-read", "--allow-env", "--allow-run", "--allow-sys"];

/** @throws Error with what esbuild says. */
export async function panelModule(): Promise<string> {
  const config = ["--config", `${PANEL}deno.json`, "--lock", `${PANEL}deno.lock`, "--frozen"];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", ...config, ...RIGHTS, `${PANEL}build.ts`],
  }).output();
  if (success) return new TextDecoder().decode(stdout);
  throw new Error(`The panel plugin cannot be built:\n${new TextDecoder().decode(stderr)}`);
}
