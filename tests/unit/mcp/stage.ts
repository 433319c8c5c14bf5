// A hub of toys that speaks MCP over HTTP and over a stdio-like connection, and clients of both generations.
import { Client, InMemoryTransport, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { hashToken } from "../../../src/auth/credentials.ts";
import type { Principal } from "../../../src/auth/roles.ts";
import { httpApp } from "../../../src/http/app.ts";
import { OpenStreams } from "../../../src/http/open_streams.ts";
import { McpChanges } from "../../../src/mcp/changes.ts";
import { type McpHttp, mcpHttp, type McpHttpDeps } from "../../../src/mcp/http.ts";
import { mcpFactory } from "../../../src/mcp/server.ts";
import { OPERATIONS } from "../../../src/operations/index.ts";
import { TokensTable } from "../../../src/store/tokens_table.ts";
import { LAYOUT } from "../tools/app.ts";
import { type Bench, type GadgetOptions, withGadgets } from "../tools/gadgets.ts";
import { toyOperations, type Toys } from "./toy_operations.ts";

export const ERAS = { "2025-11-25": "legacy", "2026-07-28": "auto" } as const;
export type Era = keyof typeof ERAS;
export type Way = "stdio" | "http";

export const USERS: Readonly<Record<string, Principal>> = {
  anna: { user: "anna", role: "admin" },
  bert: { user: "bert", role: "viewer" },
};

/** The token of a user of the stage, in place of one made by chance. */
export function tokenOf(user: string): string {
  return `tapocam_${user.padEnd(43, "-")}`;
}

/** How a client comes. */
export interface Visitor {
  era?: Era;
  way?: Way;
  user?: string;
  /** What its user answers to questions; absent: it cannot ask. */
  answer?: "yes" | "no" | undefined;
  /** Behind the address, such as `?tools=ptz`. */
  query?: string;
}

export interface Stage extends Bench {
  mcp: McpHttp;
  deps: McpHttpDeps;
  changes: McpChanges;
  toyWork: Toys;
  url: string;
  /** What a client's user was asked. */
  questions: string[];
  client(visitor?: Visitor): Promise<Client>;
}

/** What a test may set otherwise. */
export interface StageOptions extends GadgetOptions {
  deps?: Partial<McpHttpDeps> | ((changes: McpChanges) => Partial<McpHttpDeps>);
}

/** A picture of the toys: begins like a JPEG. */
export const PICTURE = new Uint8Array([0xff, 0xd8, 0xff, 0xd9]);

/** Builds it all, runs the work and takes it down. */
export async function withStage(
  work: (stage: Stage) => Promise<void>,
  options: StageOptions = {},
): Promise<void> {
  await withGadgets(async (bench) => {
    const toyWork = toyOperations();
    const changes = new McpChanges(() => {}, 20);
    const deps: McpHttpDeps = {
      hub: bench.hub,
      operations: new Map([...OPERATIONS, ...toyWork.operations]),
      changes,
      log: bench.context.log,
      layout: LAYOUT,
      snapshot: () => Promise.resolve(PICTURE),
      hostnames: () => ["cameras.example.org"],
      ...(typeof options.deps === "function" ? options.deps(changes) : options.deps),
    };
    const mcp = mcpHttp(deps);
    const http = await serve(bench, mcp);
    const url = `http://127.0.0.1:${http.addr.port}/mcp`;
    const questions: string[] = [];
    const open: (() => Promise<void>)[] = [];
    const client = async (visitor: Visitor = {}) => {
      const { transport, close } = reach({ url, deps, visitor });
      const made = makeClient(visitor, questions);
      open.push(async () => {
        await made.close();
        await close();
      });
      await made.connect(transport);
      return made;
    };
    try {
      await work({ ...bench, mcp, deps, changes, toyWork, url, questions, client });
    } finally {
      for (const close of open) await close();
      await mcp.close();
      await http.shutdown();
    }
  }, options);
}

/** The hub's own HTTP application with its gate, on a port, and a token for every user. */
async function serve({ access, hub, launcher, context, database, clock }: Bench, mcp: McpHttp) {
  const tokens = new TokensTable(database);
  for (const [name, { role }] of Object.entries(USERS)) {
    const tokenHash = hashToken(tokenOf(name));
    const never = { usedAtMs: undefined, expiresAtMs: undefined };
    await tokens.add({ name, tokenHash, role, createdAtMs: clock.now(), ...never });
  }
  const { log } = context;
  const app = httpApp({ access, hub, launcher, log, openStreams: new OpenStreams(), mcp: mcp.handle });
  return Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request, info) => app.fetch(request, info),
  );
}

function makeClient({ era = "2026-07-28", answer }: Visitor, questions: string[]): Client {
  const client = new Client({ name: "test", version: "1" }, {
    capabilities: answer ? { elicitation: { form: {} } } : {},
    versionNegotiation: { mode: ERAS[era] },
  });
  if (answer) {
    client.setRequestHandler("elicitation/create", ({ params }) => {
      questions.push(params.message);
      return answer === "yes" ? { action: "accept", content: { confirm: true } } : { action: "decline" };
    });
  }
  return client;
}

function reach({ url, deps, visitor }: { url: string; deps: McpHttpDeps; visitor: Visitor }) {
  const { way = "http", user = "anna", query = "" } = visitor;
  if (way === "http") {
    const requestInit = { headers: { authorization: `Bearer ${tokenOf(user)}` } };
    const transport = new StreamableHTTPClientTransport(new URL(url + query), { requestInit });
    return { transport, close: () => Promise.resolve() };
  }
  const [transport, far] = InMemoryTransport.createLinkedPair();
  // A process on stdio has one user and one server for as long as it lives.
  const factory = mcpFactory({ ...deps, local: USERS[user] });
  const handle = serveStdio(factory, { transport: far });
  return { transport, close: () => handle.close() };
}

/** The text of a result. */
export function textOf(result: unknown): string {
  return (result as { content: { text: string }[] }).content[0]?.text ?? "";
}

/** The error that a result tells. */
// deno-lint-ignore no-explicit-any -- tests look into answers of every shape
export function problemIn(result: unknown): any {
  return JSON.parse(textOf(result));
}

/** The structured content of a result. */
// deno-lint-ignore no-explicit-any -- tests look into answers of every shape
export function dataOf(result: unknown): any {
  return (result as { structuredContent?: unknown }).structuredContent;
}
