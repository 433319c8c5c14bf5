// What the routes of the history and of patterns are answered from.
import { machineZone } from "../base/time_zone.ts";
import { EventPatterns } from "../events/patterns.ts";
import type { HistoryDeps } from "../http/metrics_history.ts";
import type { Hub } from "../operations/hub.ts";
import type { Store } from "../store/open_store.ts";
import { PatternsTable } from "../store/patterns_table.ts";

export function historyDeps(
  { database }: Pick<Store, "database">,
  { hub, timezone }: {
    hub: Pick<Hub, "clock" | "history" | "manager">;
    /** As configured. */
    timezone(): string | undefined;
  },
): HistoryDeps {
  const { clock, history, manager } = hub;
  return {
    history,
    clock,
    patterns: new EventPatterns({ table: new PatternsTable(database), clock }),
    cameras: () => manager.cameras.map(({ id }) => id),
    zone: () => timezone() ?? machineZone(),
  };
}
