// Tells MCP clients what happens in the hub: cameras that come, go or change, and what the journal takes down.
import { isObserved } from "../events/event.ts";
import type { Hub } from "../operations/hub.ts";
import type { McpChanges } from "./changes.ts";
import { EVENTS_URI, HUB_STATUS_URI, snapshotUri, statusUri } from "./uris.ts";

/** Follows the hub until the returned function is called. */
export function feedChanges(
  changes: McpChanges,
  { manager, journal }: Pick<Hub, "manager" | "journal">,
): () => void {
  let known = statuses(manager);
  const endManager = manager.changes.subscribe(() => {
    const now = statuses(manager);
    const isOther = [...now.keys()].join() !== [...known.keys()].join();
    if (isOther) changes.resourcesChanged();
    for (const [id, status] of now) if (known.get(id) !== status) changes.resourceUpdated(statusUri(id));
    for (const id of known.keys()) if (!now.has(id)) changes.resourceUpdated(statusUri(id));
    if (isOther || [...now].some(([id, status]) => known.get(id) !== status)) {
      changes.resourceUpdated(HUB_STATUS_URI);
    }
    known = now;
  });
  const endJournal = journal.subscribe(({ camera, kind }) => {
    changes.resourceUpdated(EVENTS_URI);
    // After an event of the hub's own making, a camera's picture shows nothing new.
    if (camera !== undefined && isObserved(kind)) changes.resourceUpdated(snapshotUri(camera));
  });
  return () => {
    endManager();
    endJournal();
  };
}

function statuses(manager: Hub["manager"]): Map<string, string> {
  return new Map(
    manager.cameras.map(({ id, spec, status }) => [
      id,
      JSON.stringify([spec.name, status.status, status.reason]),
    ]),
  );
}
