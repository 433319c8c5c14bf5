// A hub that is started as a service takes the data folder over from one that an MCP client started for itself.
import { HubError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { pause } from "../mcp/relay/pause.ts";
import { type Holder, holderOf } from "../store/folder_lock.ts";

/** The other hub lets its calls finish, and stops, within this time. */
const HAND_OVER_MS = 20_000;
const LOOK_EVERY_MS = 100;
const ANSWER_MS = 5000;

/** Where the folder is, and who wants it. */
export interface Claim {
  dataDir: string;
  log: Logger;
  signal: AbortSignal;
}

/**
 * Starts the hub once the folder is free.
 * @throws HubError `conflict` when another that was started as a service has it, or one that does not give way;
 * what `start` throws.
 */
export async function afterHandOver(start: () => Promise<void>, claim: Claim): Promise<void> {
  const until = performance.now() + HAND_OVER_MS;
  const asked = new Set<number>();
  for (let before: Holder | undefined;;) {
    try {
      return await start();
    } catch (error) {
      const holder = holderOf(error);
      // Told by the file, in which somebody who has the folder since a moment has not written yet: seen twice, it counts.
      const stays = before !== undefined && before.pid === holder?.pid && before.kind === holder?.kind;
      const isLasting = stays && (holder?.kind ?? "serve") === "serve";
      if (!holder || isLasting || performance.now() > until) throw error;
      if (holder.kind === "mcp" && !asked.has(holder.pid ?? 0)) {
        const answer = await ask(`${claim.dataDir}/hub.sock`);
        if (answer === "refused") throw error;
        if (answer === "granted") {
          asked.add(holder.pid ?? 0);
          claim.log.info("The hub of an MCP client gives way", { pid: holder.pid });
        }
      }
      before = holder;
      await pause(LOOK_EVERY_MS, claim.signal);
      if (claim.signal.aborted) return;
    }
  }
}

/** Asks the hub behind the socket; `silent` where none answers, because it starts or ends. */
async function ask(path: string): Promise<"granted" | "refused" | "silent"> {
  if (!await isOwnSocket(path)) return "silent";
  using client = Deno.createHttpClient({ proxy: { transport: "unix", path } });
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const response = await fetch("http://localhost/api/hand-over", { method: "POST", client, signal });
    await response.body?.cancel();
    return response.status === 202 ? "granted" : "refused";
  } catch {
    return "silent"; // it has stopped meanwhile, or hangs: the lock shows which
  }
}

/** Nothing else is spoken to: another user could have put it there. */
async function isOwnSocket(path: string): Promise<boolean> {
  try {
    const { isSocket, uid, mode } = await Deno.lstat(path);
    return (isSocket ?? false) && uid === Deno.uid() && ((mode ?? 0) & 0o777) === 0o600;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw new HubError("unavailable", `${path} could not be looked at`, { cause: error });
  }
}
