// The official conformance suites against the hub's own code for MCP over HTTP: not one scored failure.
import { assert, assertEquals } from "@std/assert";
import { requestStates } from "../../src/mcp/server.ts";
import { withStage } from "../unit/mcp/stage.ts";
import { registerFixtures } from "./fixtures/all.ts";
import { KNOWN_UNSCORED } from "./known_unscored.ts";
import { type Finished, runProgram } from "./official_programs.ts";

interface Suite {
  program: "conformance-released" | "conformance-next";
  args: readonly string[];
  /** So many checks at least: a suite that looks at nothing passes as well. */
  checks: number;
  known: readonly string[];
}

const SUITES: Record<string, Suite> = {
  "released suite, 2025-11-25": { program: "conformance-released", args: [], checks: 40, known: [] },
  "next suite, 2025-11-25": {
    program: "conformance-next",
    args: ["--requirements", "2025-11-25"],
    checks: 80,
    known: [],
  },
  "next suite, 2026-07-28": {
    program: "conformance-next",
    args: ["--requirements", "2026-07-28"],
    checks: 160,
    known: Object.keys(KNOWN_UNSCORED),
  },
};

for (const [name, { program, args, checks, known }] of Object.entries(SUITES)) {
  Deno.test(`[MCP-CONFORMANCE] ${name}: no scored failure`, async () => {
    await withConformanceServer(async (url) => {
      const finished = await runProgram(program, ["server", "--url", url, ...args]);
      assertEquals(finished.code, 0, finished.all);
      assertEquals(failedScenarios(finished), known, finished.all);
      const [, passed = "0"] = /^Total: (\d+) passed/m.exec(finished.stdout) ?? [];
      assert(Number(passed) >= checks, `only ${passed} checks: ${finished.all}`);
    });
  });
}

/** The hub's own handler, with the fixtures beside its tools. The suites cannot log in: everybody is the admin. */
async function withConformanceServer(work: (url: string) => Promise<void>): Promise<void> {
  await withStage(({ url }) => work(url), {
    everybody: { user: "suite", role: "admin" },
    deps: (changes) => ({
      extend: (server) => registerFixtures(server, { bus: changes.bus, codec: requestStates }),
    }),
  });
}

/** Names of the scenarios in the summary that did not pass. */
function failedScenarios({ stdout }: Finished): string[] {
  const summary = stdout.slice(stdout.indexOf("=== SUMMARY ==="));
  return [...summary.matchAll(/^✗ ([\w-]+): /gm)].map(([, name = ""]) => name);
}
