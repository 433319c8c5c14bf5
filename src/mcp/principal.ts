// Who asks over MCP. HTTP brings the principal along with each request; a process on stdio has exactly one.
import type { AuthInfo, McpRequestContext, ServerContext } from "@modelcontextprotocol/server";
import type { Principal } from "../auth/roles.ts";
import { HubError } from "../base/errors.ts";

/** What the SDK carries along. The token stays empty: nothing behind it needs it, and no log can show it. */
export function authInfoOf(principal: Principal): AuthInfo {
  return { token: "", clientId: ownerOf(principal), scopes: [principal.role], extra: { principal } };
}

/** What a session belongs to: a token of less right that has a user's name does not get at that user's sessions. */
export function ownerOf({ user, role }: Principal): string {
  return `${role}:${user}`;
}

/**
 * The principal of a request: its own, else that of the connection.
 * @throws HubError `unauthenticated` when there is none.
 */
export function principalOf(
  request: ServerContext | undefined,
  connection: McpRequestContext,
  local: Principal | undefined,
): Principal {
  const info = request?.http?.authInfo ?? connection.authInfo;
  const principal = info?.extra?.["principal"] as Principal | undefined ?? local;
  if (!principal) throw new HubError("unauthenticated", "This request came without a login");
  return principal;
}
