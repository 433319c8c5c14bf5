// Cameras are looked for with broadcasts, which are nobody else's business: in a network namespace of its own, with
// nothing but loopback. The tests themselves are in discovery_cases.ts.
import { assertEquals } from "@std/assert";

const CASES = new URL("discovery_cases.ts", import.meta.url).pathname;
const CONFIG = new URL("../deno.json", import.meta.url).pathname;

async function run(program: string, args: string[]): Promise<{ code: number; output: string }> {
  const { code, stdout, stderr } = await new Deno.Command(program, { args, stdin: "null" }).output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** Containers may forbid it; cameras are then not looked for in tests. */
async function mayUnshare(): Promise<boolean> {
  const { code } = await run("unshare", ["--map-root-user", "--net", "ip", "link", "set", "lo", "up"]);
  return code === 0;
}

Deno.test({
  name: "cameras are found on the network, once each, whatever answers",
  ignore: !await mayUnshare(),
  fn: async () => {
    const test = ["test", "--quiet", "--config", CONFIG, "--allow-all", "--trace-leaks", CASES];
    const script = 'ip link set lo up && exec "$0" "$@"';
    const { code, output } = await run("unshare", [
      "--map-root-user",
      "--net",
      "sh",
      "-c",
      script,
      Deno.execPath(),
      ...test,
    ]);
    assertEquals(code, 0, output);
  },
});
