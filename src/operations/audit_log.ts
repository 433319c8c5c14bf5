// Takes down every change that was asked for: at once in memory, soon after in the database. Nobody waits for it.
import { Changes, sleepOrChange } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import { type HubError, isAbort } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { Backoff } from "../base/retry.ts";
import { redact } from "../base/secret.ts";
import type { AuditQuery, AuditRow, AuditTable, StoredAudit } from "../store/audit_table.ts";
import type { Operation, OperationContext } from "./operation.ts";

/** One change, as the gate reports it: with an output when it was done, with an error when it was not. */
export interface AuditEntry {
  operation: Operation;
  context: OperationContext;
  input: Record<string, unknown>;
  output?: Record<string, unknown>;
  error?: HubError;
}

const DAY_MS = 86_400_000;
const MAX_AGE_MS = 90 * DAY_MS;
const MAX_ROWS = 50_000;
const MAX_WAITING = 1000;
/** Rows of one transaction. */
const BATCH = 100;
const MAX_INPUT_CHARS = 4000;
const PRUNE_EVERY_MS = 3_600_000;

/** Keeps the changes of the last 90 days, at most 50,000. `run` does the writing. */
export class AuditLog {
  readonly #deps: { table: AuditTable; clock: Clock; log: Logger };
  readonly #arrived = new Changes();
  #waiting: AuditRow[] = [];
  #lost = 0;
  #pruneAtMs = 0;

  constructor(deps: { table: AuditTable; clock: Clock; log: Logger }) {
    this.#deps = deps;
  }

  /** Takes one down. Beyond 1000 that could not be written yet the oldest are lost, and counted. */
  note(entry: AuditEntry): void {
    if (this.#waiting.length >= MAX_WAITING) {
      this.#waiting.shift();
      this.#lost++;
    }
    this.#waiting.push(rowOf(entry, this.#deps.clock.now()));
    this.#arrived.notify();
  }

  /** What was written, newest first. @throws HubError when the database cannot be read. */
  list(query: AuditQuery): Promise<StoredAudit[]> {
    return this.#deps.table.list(query);
  }

  /** Writes until the signal aborts, and then what is left. Never fails: the hub works without it. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#deps;
    const backoff = new Backoff({ firstMs: 1000, maxMs: 60_000 });
    while (!signal.aborted) {
      try {
        await this.#writeAll();
        await this.#prune();
        if (backoff.failures > 0 || this.#lost > 0) {
          log.info("Changes are taken down again", { lost: this.#lost });
        }
        backoff.reset();
        this.#lost = 0;
        if (this.#waiting.length === 0) await sleepOrChange(PRUNE_EVERY_MS, this.#arrived, clock, signal);
      } catch (error) {
        if (isAbort(error)) break;
        if (backoff.failures === 0) log.error("Changes cannot be taken down; they wait in memory", { error });
        await clock.sleep(backoff.next(), signal).catch(() => {/* it ends */});
      }
    }
    await this.#writeAll().catch((error) => log.error("The last changes could not be taken down", { error }));
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, BATCH);
      await this.#deps.table.insert(batch);
      const written = new Set(batch);
      this.#waiting = this.#waiting.filter((row) => !written.has(row));
    }
  }

  async #prune(): Promise<void> {
    const { table, clock } = this.#deps;
    if (clock.monotonic() < this.#pruneAtMs) return;
    await table.prune({ maxRows: MAX_ROWS, beforeMs: clock.now() - MAX_AGE_MS });
    this.#pruneAtMs = clock.monotonic() + PRUNE_EVERY_MS;
  }
}

function rowOf({ operation, context, input, output, error }: AuditEntry, timeMs: number): AuditRow {
  const { user, role } = context.principal;
  const camera = input["camera_id"] ?? (output?.["camera"] as { id?: unknown } | undefined)?.id;
  const verified = output?.["verified"];
  return {
    timeMs,
    user,
    role,
    operation: operation.name,
    camera: typeof camera === "string" ? camera : undefined,
    input: shortened(redact(input)),
    outcome: error?.kind ?? "done",
    message: error && redact(error.message),
    verified: typeof verified === "string" ? verified : undefined,
  };
}

/** What is too long is named, not kept. */
function shortened(input: Record<string, unknown>): string {
  const whole = JSON.stringify(input);
  return whole.length <= MAX_INPUT_CHARS
    ? whole
    : JSON.stringify({ too_long: Object.keys(input).slice(0, 50) });
}
