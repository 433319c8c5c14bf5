// A hub in the process of an MCP client, while no other has the data folder: MCP clients of this machine ask it alike.
import { HubError } from "../base/errors.ts";
import type { Layout } from "../base/layout.ts";
import type { HubAddress } from "../mcp/relay/hub_link.ts";
import { RelayError } from "../mcp/relay/problems.ts";
import type { Ends } from "../mcp/relay/relay.ts";
import { type Holder, holderOf, lastHolder } from "../store/folder_lock.ts";
import type { CommandLine } from "./flags.ts";
import { dataFolder } from "./folders.ts";
import { addressOf, localHub } from "./hub_address.ts";

/** A hub that holds the data folder starts, or ends, within this time. */
const HUB_COMES_MS = 10_000;
const LOOK_EVERY_MS = 200;

interface Running {
  stop: AbortController;
  /** Resolves when it has stopped; never rejects. */
  ended: Promise<void>;
}

/** Starts and stops that hub. To be closed. */
export class StandIn {
  readonly #line: CommandLine;
  readonly #layout: Layout;
  readonly #ends: Ends;
  readonly #gone = new AbortController();
  #dataDir: string | undefined;
  #running: Running | undefined;
  #starting: Promise<unknown> | undefined;
  #failure: { error: unknown } | undefined;

  constructor(line: CommandLine, layout: Layout, ends: Ends) {
    this.#line = line;
    this.#layout = layout;
    this.#ends = ends;
  }

  /** Aborts when the hub has ended by itself: the system told it to, it failed, or it served the client and that left. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /**
   * Opens the cameras, unless a hub that cannot be asked yet holds the data folder: then waits for that. Returns the
   * hub to ask; undefined where the hub could open no socket and serves the client itself.
   * @throws HubError `conflict` when it neither listens nor ends; what keeps a hub from starting.
   */
  async begin(): Promise<HubAddress | undefined> {
    const until = performance.now() + HUB_COMES_MS;
    const last = await lastHolder(await this.#folder());
    for (let holder: Holder | undefined = last?.kind === "reserved" ? last : undefined;;) {
      const isLast = performance.now() > until;
      // A hub that is restarted has ended before it begins: its folder is not taken from it meanwhile.
      if (!holder || holder.kind === "mcp" || isLast) {
        try {
          return await this.#start(this.#ends);
        } catch (error) {
          holder = holderOf(error);
          if (!holder || isLast) throw error;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      const address = await localHub(this.#line);
      if (address) return address;
    }
  }

  /**
   * Opens the cameras in place of the hub at the address, which has gone: where that was another client's. A service
   * that was stopped is left stopped, and waited for.
   * @throws RelayError that says why the cameras could not be opened.
   */
  async takeOver(address: HubAddress): Promise<void> {
    this.#starting ??= this.#takeOver(address).finally(() => this.#starting = undefined);
    await this.#starting;
  }

  async #takeOver(address: HubAddress): Promise<void> {
    if (this.#running || this.#gone.signal.aborted) return;
    try {
      const dataDir = await this.#folder();
      if (address.socket !== `${dataDir}/hub.sock`) return;
      const last = await lastHolder(dataDir);
      if (last?.kind === "serve" || last?.kind === "reserved") return;
      await this.#start();
    } catch (error) {
      if (!holderOf(error)) throw explain(error);
    }
  }

  async #folder(): Promise<string> {
    if (this.#dataDir === undefined) {
      const { loadSettings } = await import("./settings.ts");
      this.#dataDir = this.#line.data ??
        dataFolder(this.#line, (await loadSettings(this.#line)).config.data_dir);
    }
    return this.#dataDir;
  }

  /** @param ends the client, where it is to be served directly if no socket can be opened. */
  async #start(ends?: Ends): Promise<HubAddress | undefined> {
    const { serveStandIn } = await import("./serve.ts");
    const stop = new AbortController();
    const started = Promise.withResolvers<readonly string[]>();
    const serving = serveStandIn(this.#line, this.#layout, {
      signal: stop.signal,
      ends,
      onStarted: ({ sockets }) => started.resolve(sockets),
      giveWay: () => stop.abort(),
    });
    const sockets = await Promise.race([started.promise, serving]);
    this.#follow({ stop, serving });
    // The one in the data folder is the last, and every hub has it.
    const socket = sockets?.at(-1);
    return socket === undefined ? undefined : addressOf(socket, this.#line);
  }

  #follow({ stop, serving }: { stop: AbortController; serving: Promise<void> }): void {
    const ended = serving.then(
      () => {
        if (!stop.signal.aborted) this.#gone.abort();
      },
      (error) => {
        this.#failure = { error };
        this.#gone.abort();
      },
    ).finally(() => this.#running = undefined);
    this.#running = { stop, ended };
  }

  /** Stops the hub, if it runs here. @throws what it failed with. */
  async close(): Promise<void> {
    this.#gone.abort();
    await Promise.allSettled([this.#starting]);
    this.#running?.stop.abort();
    await this.#running?.ended;
    if (this.#failure) throw this.#failure.error;
  }
}

function explain(error: unknown): unknown {
  if (!(error instanceof HubError)) return error;
  return new RelayError(error.kind, `No hub runs, and the cameras could not be opened: ${error.message}`, {
    recovery: error.hint ?? "Its log says what happened",
  });
}
