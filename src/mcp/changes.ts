// What changed in the hub, told to everybody who is connected, at most once a second for each thing.
import { InMemoryServerEventBus, type McpServer, type ServerEvent } from "@modelcontextprotocol/server";

const EVERY_MS = 1000;

/** Takes changes and passes them to the SDK's bus. `close` stops what is waiting. */
export class McpChanges {
  /** Read by the handler of the 2026 era itself; older connections are bridged by `forward`. */
  readonly bus: InMemoryServerEventBus;
  /** What was told less than a second ago; true: it has changed again since. */
  readonly #recent = new Map<string, { again: boolean; timer: ReturnType<typeof setTimeout> }>();
  readonly #everyMs: number;

  constructor(onError: (error: unknown) => void, everyMs = EVERY_MS) {
    this.bus = new InMemoryServerEventBus(onError);
    this.#everyMs = everyMs;
  }

  /** The content of a resource is another one. */
  resourceUpdated(uri: string): void {
    this.#tell(uri, { kind: "resource_updated", uri });
  }

  /** There are other resources: cameras came or went. */
  resourcesChanged(): void {
    this.#tell("", { kind: "resources_list_changed" });
  }

  /** Tells nothing more. */
  close(): void {
    for (const { timer } of this.#recent.values()) clearTimeout(timer);
    this.#recent.clear();
  }

  /** At once where it is the first in a while; what follows within the second is told together at its end. */
  #tell(key: string, event: ServerEvent): void {
    const recent = this.#recent.get(key);
    if (recent) {
      recent.again = true;
      return;
    }
    const timer = setTimeout(() => {
      const isDue = this.#recent.get(key)?.again;
      this.#recent.delete(key);
      if (isDue) this.#tell(key, event);
    }, this.#everyMs);
    Deno.unrefTimer(timer);
    this.#recent.set(key, { again: false, timer });
    this.bus.publish(event);
  }
}

/**
 * Passes what is published to a connection that lasts: a session of the 2025 era, or stdio of either era.
 * Returns the way to stop.
 */
export function forward(
  bus: InMemoryServerEventBus,
  server: McpServer,
  options: { wants: (uri: string) => boolean; onError: (error: unknown) => void },
): () => void {
  return bus.subscribe((event) => {
    if (event.kind === "resource_updated" && !options.wants(event.uri)) return;
    if (server.isConnected()) tell(server, event).catch(options.onError);
  });
}

async function tell({ server }: McpServer, event: ServerEvent): Promise<void> {
  switch (event.kind) {
    case "tools_list_changed":
      return await server.sendToolListChanged();
    case "prompts_list_changed":
      return await server.sendPromptListChanged();
    case "resources_list_changed":
      return await server.sendResourceListChanged();
    case "resource_updated":
      return await server.sendResourceUpdated({ uri: event.uri });
  }
}

/** So many resources one connection may follow. */
const MAX_SUBSCRIPTIONS = 1000;

/** Answers `resources/subscribe` and `unsubscribe` of 2025 clients, which the SDK leaves to the server. */
export function keepSubscriptions(server: McpServer): (uri: string) => boolean {
  const uris = new Set<string>();
  server.server.setRequestHandler("resources/subscribe", ({ params }) => {
    if (uris.size < MAX_SUBSCRIPTIONS) uris.add(params.uri);
    return {};
  });
  server.server.setRequestHandler("resources/unsubscribe", ({ params }) => {
    uris.delete(params.uri);
    return {};
  });
  return (uri) => uris.has(uri);
}
