// Runs the Inspector's own command line, as its launcher does, but ends with the answer: the launcher waits until
// nothing is open any more, and under Deno a kept connection stays open for minutes. The first argument names the
// package.

const [inspector = "", ...args] = Deno.args;
const { handleError, runCli } = await import(`${inspector}/clients/cli/build/index.js`);
try {
  await runCli([Deno.execPath(), "mcp-inspector", ...args]);
  Deno.exit(0);
} catch (error) {
  await handleError(error);
}
