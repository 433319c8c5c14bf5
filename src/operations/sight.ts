// Who sees a camera's privacy zones: administrators in the dashboard and over the API, unless they ask for what others
// see. Never an MCP client, whose pictures go to a model elsewhere, and never an alert.
import { isEnough, type Principal } from "../auth/roles.ts";
import type { Sight } from "../media/sight.ts";

/** What an administrator of the hub sees over HTTP, and what others see. */
export function sightOf({ role }: Principal, asksForMasked = false): Sight {
  return isEnough(role, "admin") && !asksForMasked ? "open" : "masked";
}
