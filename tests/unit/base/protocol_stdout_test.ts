// Whatever a library prints goes to stderr: a real process whose stdout is looked at.
import { assertEquals } from "@std/assert";

const MODULE = new URL("../../../src/base/protocol_stdout.ts", import.meta.url).href;

Deno.test("keepStdoutForProtocols: no method of the console writes to stdout any more, and nothing is lost", async () => {
  const code = `
    const { keepStdoutForProtocols } = await import(${JSON.stringify(MODULE)});
    keepStdoutForProtocols(console);
    for (const name of Object.keys(console)) {
      if (typeof console[name] === "function" && !["profile", "profileEnd"].includes(name)) {
        try { console[name]("said by " + name); } catch { /* not every method takes a text */ }
      }
    }
    Deno.stdout.writeSync(new TextEncoder().encode("protocol"));`;
  const run = await new Deno.Command(Deno.execPath(), { args: ["eval", "--no-config", code] }).output();
  const stderr = new TextDecoder().decode(run.stderr);
  assertEquals(new TextDecoder().decode(run.stdout), "protocol");
  for (const name of ["log", "info", "debug", "dir", "table", "group", "count", "warn", "error"]) {
    assertEquals(stderr.includes(`said by ${name}`), true, name);
  }
});
