// An MCP client that starts the product on stdio, as assistants do, and keeps what it wrote.
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { BINARY } from "./hub_process.ts";

/** Both eras, by the way in which the client settles on one. */
export const MODES = { "2025-11-25": "legacy", "2026-07-28": "auto" } as const;
export type Era = keyof typeof MODES;

/** A test with the SDK's client, whose transport leaves timers of its own running for two seconds after its end. */
export function clientTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });
}

/** A connected client. */
export interface StdioClient {
  client: Client;
  /** The structured content of a tool's result. */
  // deno-lint-ignore no-explicit-any -- tests look into answers of every shape
  call(name: string, input?: Record<string, unknown>): Promise<any>;
  readyMs: number;
}

/** Starts `tapo-camera-mcp` with the arguments and connects; ends it after the work. */
export async function withStdioClient(
  { args, env = {}, era, prefix = [] }: {
    args: string[];
    env?: Record<string, string>;
    era: Era;
    /** What stands before the command, for example a namespace. */
    prefix?: string[];
  },
  work: (started: StdioClient) => Promise<void>,
): Promise<void> {
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: MODES[era] } });
  const begun = performance.now();
  const [command = "", ...rest] = [...prefix, BINARY, ...args];
  const transport = new StdioClientTransport({
    command,
    args: rest,
    env: { PATH: Deno.env.get("PATH") ?? "", HOME: "/nonexistent", ...env },
    stderr: "ignore",
  });
  await client.connect(transport);
  const readyMs = performance.now() - begun;
  try {
    const call = async (name: string, input: Record<string, unknown> = {}) =>
      (await client.callTool({ name, arguments: input })).structuredContent;
    await work({ client, call, readyMs });
  } finally {
    await client.close();
  }
}

/** Subscribes to a resource in the way of the era; the list grows with each notification. */
export async function follow(client: Client, era: Era, uri: string): Promise<string[]> {
  const updated: string[] = [];
  client.setNotificationHandler(
    "notifications/resources/updated",
    ({ params }) => void updated.push(params.uri),
  );
  if (era === "2025-11-25") await client.subscribeResource({ uri });
  else await client.listen({ resourceSubscriptions: [uri] });
  return updated;
}

/** Starts the product, writes lines to its stdin and closes that; returns all it wrote, and its exit code. */
export async function talkOnStdio(
  args: string[],
  lines: string,
  options: { env?: Record<string, string>; answers?: number; program?: string } = {},
): Promise<{ stdout: string; stderr: string; code: number }> {
  const child = new Deno.Command(options.program ?? BINARY, {
    args,
    env: options.env ?? {},
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).text();
  let stdout = "";
  const enough = Promise.withResolvers<void>();
  const reading = (async () => {
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      stdout += text;
      if (stdout.split("\n").length > (options.answers ?? Infinity)) enough.resolve();
    }
    enough.resolve();
  })();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(lines));
  if (options.answers !== undefined) await enough.promise;
  await writer.close();
  await reading;
  const { code } = await child.status;
  return { stdout, stderr: await stderr, code };
}
