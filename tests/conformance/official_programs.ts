// Runs programs that others made, pinned in suites.json: the conformance suites and the Inspector of the protocol's
// makers, and clients.

const CONFIG = new URL("./suites.json", import.meta.url).pathname;
const LOCK = new URL("./suites.lock", import.meta.url).pathname;
/** A program that hangs must not hang the tests. */
const DEADLINE_MS = 60_000;

/** What a program wrote, and its exit code. */
export interface Finished {
  code: number;
  stdout: string;
  all: string;
}

type Program = "ai-sdk" | "conformance-released" | "conformance-next" | "inspector" | "mcp-remote";

/** Scripts of the tests that run what has no command line, or none that fits; they are given the package's name. */
const FRONTS: Partial<Record<Program, string>> = {
  "ai-sdk": new URL("./ai_sdk_client.ts", import.meta.url).pathname,
  inspector: new URL("./inspector_cli.ts", import.meta.url).pathname,
};

/** The arguments with which Deno runs a program. */
export async function argsOf(program: Program): Promise<string[]> {
  const specifier = JSON.parse(await Deno.readTextFile(CONFIG)).imports[program];
  const front = FRONTS[program];
  const pinned = ["--config", CONFIG, "--lock", LOCK, "--frozen"];
  const entry = front === undefined ? [specifier] : [front, specifier];
  return ["run", "--allow-all", "--quiet", "--no-check", ...pinned, ...entry];
}

/** Runs a program to its end, in an empty folder. */
export async function runProgram(program: Program, args: readonly string[]): Promise<Finished> {
  const cwd = await Deno.makeTempDir();
  const signal = AbortSignal.timeout(DEADLINE_MS);
  try {
    const child = new Deno.Command(Deno.execPath(), {
      args: [...await argsOf(program), ...args],
      cwd,
      stdin: "null",
      env: { NO_COLOR: "1" },
      signal,
    });
    const { code, stdout, stderr } = await child.output();
    if (signal.aborted) {
      throw new Error(`${program} ${args.join(" ")} did not end within ${DEADLINE_MS / 1000} s`);
    }
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    return { code, stdout: out ?? "", all: `${out}\n${err}` };
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}
