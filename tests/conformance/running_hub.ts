// The compiled hub with a test picture "a" and a token of an operator, as programs of others find it.
import { OPERATIONS } from "../../src/operations/index.ts";
import { BINARY, HubProcess } from "../tools/hub_process.ts";

const PATTERN = "cameras: [{id: a, type: testpattern, width: 320, height: 180}]";

export interface Running {
  hub: HubProcess;
  /** Where MCP is served over HTTP. */
  url: string;
  /** Of an operator. */
  token: string;
}

/** Starts a hub, makes the token, and ends the hub after the work. */
export async function withHub(work: (running: Running) => Promise<void>): Promise<void> {
  await using hub = await HubProcess.start({ config: PATTERN });
  await hub.login();
  const args = ["token", "create", "client", "--role", "operator", "--data", hub.dataDir];
  const { stdout } = await new Deno.Command(BINARY, { args }).output();
  const token = new TextDecoder().decode(stdout).trimEnd();
  await work({ hub, url: `${hub.client.origin}/mcp`, token });
}

const all = [...OPERATIONS.values()];

/** The names of all tools that a client on stdio, who is the hub's own user, is offered. */
export const OFFERED_HERE = all.map(({ name }) => name).sort();

/** The names of all tools that an operator is offered. */
export const OFFERED_OPERATOR = all.filter(({ role }) => role !== "admin").map(({ name }) => name).sort();
