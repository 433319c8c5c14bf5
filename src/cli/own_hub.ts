// MCP on stdin and stdout by a hub of its own.
import { HubError } from "../base/errors.ts";
import type { Layout } from "../base/layout.ts";
import type { CommandLine } from "./flags.ts";

export function ownHub(
  _line: CommandLine,
  _layout: Layout,
  _input: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<void> {
  return Promise.reject(new HubError("unavailable", "No hub runs on this machine"));
}
