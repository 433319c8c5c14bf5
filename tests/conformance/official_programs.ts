// Runs the official programs of the protocol's makers: conformance suites and Inspector, pinned in suites.json.

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

type Program = "conformance-released" | "conformance-next" | "inspector";

/** The arguments that run a program. */
async function argsOf(program: Program): Promise<string[]> {
  const specifier = JSON.parse(await Deno.readTextFile(CONFIG)).imports[program];
  const front = new URL("./inspector_cli.ts", import.meta.url).pathname;
  return program === "inspector" ? [front, specifier] : [specifier];
}

/** Runs a program to its end, in an empty folder. */
export async function runProgram(program: Program, args: readonly string[]): Promise<Finished> {
  const cwd = await Deno.makeTempDir();
  const signal = AbortSignal.timeout(DEADLINE_MS);
  try {
    const pinned = ["--config", CONFIG, "--lock", LOCK, "--frozen"];
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-all", "--quiet", "--no-check", ...pinned, ...await argsOf(program), ...args],
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
