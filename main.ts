// The program: hands the command line to cli/ and exits with its code.
import { runCli } from "./src/cli/run.ts";

Deno.exit(await runCli(Deno.args));
