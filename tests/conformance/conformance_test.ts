// The official conformance suites against the hub's own HTTP application, its gate included: not one scored failure.
import { assert, assertEquals } from "@std/assert";
import { requestStates } from "../../src/mcp/server.ts";
import { openAs, PLAIN } from "../unit/mcp/raw.ts";
import { tokenOf, withStage } from "../unit/mcp/stage.ts";
import { bearerProxy } from "./bearer_proxy.ts";
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

Deno.test("[MCP-CONFORMANCE] the suites stand before the hub's gate, with a token and the names they call it by", async () => {
  await withConformanceServer(async (url, hub) => {
    assertEquals(await openAs(hub, PLAIN), 401);
    assertEquals(await openAs(url, PLAIN), 200);
    assertEquals(await openAs(url, { ...PLAIN, host: "evil.example.com" }), 403);
    assertEquals(await openAs(url, { ...PLAIN, origin: "https://evil.example.com" }), 403);
  });
});

/** The hub's HTTP application, with the fixtures beside its tools; the suites send no token, so a proxy adds one. */
async function withConformanceServer(work: (url: string, hub: string) => Promise<void>): Promise<void> {
  await withStage(async ({ url }) => {
    await using proxy = bearerProxy(url, tokenOf("anna"));
    await work(proxy.url, url);
  }, {
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
