// Finds the hub whose MCP is to be served: the one that was named, else one that runs on this machine.
import { Secret } from "../base/secret.ts";
import type { HubAddress } from "../mcp/relay/hub_link.ts";
import { type CommandLine, usageError } from "./flags.ts";
import { dataFolder, socketPaths, SYSTEM_SOCKET } from "./folders.ts";

type Given = Pick<CommandLine, "url" | "token" | "tools" | "readOnly">;
type Env = (name: string) => string | undefined;

/** The hub that flags or environment name; undefined when they name none. @throws HubError for a wrong address. */
export function namedHub(line: Given, env: Env): HubAddress | undefined {
  const url = present(line.url) ?? present(env("TAPO_CAMERA_MCP_URL"));
  if (url === undefined) return undefined;
  const token = present(line.token) ?? present(env("TAPO_CAMERA_MCP_TOKEN"));
  return { url: mcpUrl(url, line), token: token === undefined ? undefined : new Secret(token) };
}

/** Claude Desktop hands on a setting that was left empty as an empty text, or as the setting's name. */
function present(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return !trimmed || /^\$\{user_config\.\w+\}$/.test(trimmed) ? undefined : trimmed;
}

function mcpUrl(text: string, line: Given): string {
  const full = text.includes("://") ? text : `http://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    throw usageError("The hub's address cannot be used", "Give one such as http://raspberrypi.local:7777");
  }
  if (url.pathname === "/") url.pathname = "/mcp";
  return narrowed(url, line);
}

function narrowed(url: URL, { tools, readOnly }: Given): string {
  if (tools) url.searchParams.set("tools", tools.join(","));
  if (readOnly) url.searchParams.set("read_only", "true");
  return url.href;
}

/** The hub that runs on this machine; undefined when there is none. */
export async function localHub(line: CommandLine): Promise<HubAddress | undefined> {
  for await (const socket of candidates(line)) {
    if (await isHeld(socket)) return addressOf(socket, line);
  }
  return undefined;
}

/** The hub that listens there, narrowed to what the flags leave of it. */
export function addressOf(socket: string, line: Given): HubAddress {
  return { url: narrowed(new URL("http://localhost/mcp"), line), socket };
}

/** Sockets of hubs that this command line could mean. The configuration is read only where it decides. */
async function* candidates(line: CommandLine): AsyncGenerator<string> {
  if (line.data !== undefined) return yield `${line.data}/hub.sock`;
  const isConfigNamed = line.config !== undefined || Deno.env.get("TAPO_CAMERA_MCP_CONFIG") !== undefined;
  if (!isConfigNamed) {
    if (Deno.env.get("STATE_DIRECTORY") ?? Deno.env.get("XDG_DATA_HOME") ?? Deno.env.get("HOME")) {
      yield* socketPaths(dataFolder(line, undefined));
    }
    yield SYSTEM_SOCKET;
  }
  const { loadSettings } = await import("./settings.ts");
  const { config } = await loadSettings(line);
  if (isConfigNamed || config.data_dir !== undefined) yield* socketPaths(dataFolder(line, config.data_dir));
}

/**
 * True unless it is certain that nobody listens there: a socket of another user's hub, or one whose queue is full,
 * is a hub as well, and two must not share the cameras.
 */
async function isHeld(path: string): Promise<boolean> {
  // Nobody can listen there, and the system's own error for it has no name.
  if (new TextEncoder().encode(path).length > MAX_SOCKET_PATH_BYTES) return false;
  try {
    (await Deno.connect({ transport: "unix", path })).close();
    return true;
  } catch (error) {
    return !ABSENT.some((kind) => error instanceof kind);
  }
}

const MAX_SOCKET_PATH_BYTES = 107;
/** A folder that is none holds no socket, either. */
const ABSENT = [Deno.errors.NotFound, Deno.errors.ConnectionRefused, Deno.errors.NotADirectory];
