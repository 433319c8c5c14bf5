// `tapo-camera-mcp serve`: runs the hub until a signal stops it.
import type { HubOptions, HubStarted } from "../app/options.ts";
import { runHub } from "../app/run_hub.ts";
import { HubError } from "../base/errors.ts";
import type { Layout } from "../base/layout.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import { Logger, StderrSink } from "../base/log.ts";
import { LogRing } from "../base/log_ring.ts";
import { VERSION } from "../base/version.ts";
import type { Ends } from "../mcp/relay/relay.ts";
import { print, printAside } from "./console.ts";
import { awaitFirst } from "./first_message.ts";
import type { CommandLine } from "./flags.ts";
import { lanAddress, linkHost, originHost, systemLinkSources } from "./link.ts";
import { dataFolder, socketPaths } from "./folders.ts";
import { afterHandOver } from "./hand_over.ts";
import { loadSettings } from "./settings.ts";

/** Runs the hub. @throws HubError when it cannot start. */
export async function serve(line: CommandLine, layout: Layout): Promise<void> {
  const isOnStdio = line.mcp === "stdio" || line.mcp === "both";
  const narrowing = { toolsets: line.tools, isReadOnly: line.readOnly };
  await run(line, layout, {
    hasPorts: true,
    isAttended: Deno.stdout.isTerminal(),
    mcp: {
      isOnHttp: line.mcp === "http" || line.mcp === "both",
      narrowing,
      ...(isOnStdio ? { stdio: { client: awaitClient, narrowing } } : {}),
    },
    // Stdout is the client's.
    tell: isOnStdio ? printAside : print,
  });
}

/** How a hub is run for MCP clients of this machine. */
export interface StandInOptions {
  /** Stops it. */
  signal: AbortSignal;
  /** The client that is served directly where no socket could be opened. */
  ends: Ends | undefined;
  onStarted: (started: HubStarted) => void;
  /** Called when a hub that was started as a service is to have the folder: the signal is then to abort. */
  giveWay: () => void;
}

/** Runs a hub without ports, which MCP clients find by its socket, until the signal aborts. */
export async function serveStandIn(
  line: CommandLine,
  layout: Layout,
  options: StandInOptions,
): Promise<void> {
  let sockets: readonly string[] = [];
  await run(line, layout, {
    hasPorts: false,
    isAttended: false,
    mcp: {
      isOnHttp: true,
      // Each client's relay asks for what that client is to have.
      narrowing: { toolsets: undefined, isReadOnly: false },
      stdio: {
        client: () => Promise.resolve(sockets.length === 0 ? options.ends : undefined),
        narrowing: { toolsets: line.tools, isReadOnly: line.readOnly },
      },
    },
    tell: printAside,
    giveWay: options.giveWay,
    until: options.signal,
    onStarted: (started) => {
      sockets = started.sockets;
      options.onStarted(started);
    },
  });
}

async function awaitClient(signal: AbortSignal): Promise<Ends | undefined> {
  const input = await awaitFirst(Deno.stdin.readable, signal);
  return input && { input, output: Deno.stdout.writable };
}

type Manner = Pick<HubOptions, "hasPorts" | "isAttended" | "mcp" | "giveWay"> & {
  tell: (line: string) => void;
  /** Stops the hub, as signals of the system do. */
  until?: AbortSignal;
  onStarted?: (started: HubStarted) => void;
};

async function run(
  line: CommandLine,
  layout: Layout,
  { tell, until, onStarted, ...manner }: Manner,
): Promise<void> {
  const loaded = await loadSettings(line);
  const { config } = loaded;
  const sink = new StderrSink();
  const logs = new LogRing();
  const log = new Logger(logs.tee(sink.write), config.log.level);
  const dataDir = dataFolder(line, config.data_dir);
  using stop = new LinkedSignal(...(until ? [until] : []));
  const signals = followSignals(stop, log);
  const options: HubOptions = {
    loaded,
    layout,
    dataDir,
    socketPaths: socketPaths(dataDir),
    log,
    logs,
    originHost: originHost(config.server.host, systemLinkSources),
    reload: () => loadSettings(line),
    isMetricsPortChosen: line.metricsPort !== undefined,
    ...manner,
  };
  const onUp = (started: HubStarted) => {
    signals.onReload = started.reload;
    const { port } = started;
    if (port !== undefined) announce(config.server.host, { ...started, port }, tell);
    log.info("The hub serves", { version: VERSION, port, config: loaded.path ?? "built-in" });
    onStarted?.(started);
  };
  try {
    const start = () => runHub(options, onUp, stop.signal);
    await (manner.hasPorts ? afterHandOver(start, { dataDir, log, signal: stop.signal }) : start());
    log.info("The hub has stopped");
  } finally {
    signals.close();
    await sink.flush();
  }
}

/** Prints the one link that logs a browser in. */
function announce(
  host: string,
  { port, linkToken }: Pick<HubStarted, "linkToken"> & { port: number },
  tell: Manner["tell"],
): void {
  const base = `http://${linkHost(host, systemLinkSources)}:${port}/`;
  if (linkToken === undefined) return tell(`Tapo Camera MCP is running: ${base}`);
  tell(`Tapo Camera MCP is running. Open this link to log in; it works once, within 24 hours:`);
  tell(`    ${base}?token=${linkToken}`);
  const lan = host === "0.0.0.0" ? lanAddress(systemLinkSources) : undefined;
  if (lan !== undefined && !base.includes(lan)) {
    tell(`From another machine put ${lan} in place of the host name.`);
  }
}

interface Signals {
  onReload: () => Promise<unknown>;
  close(): void;
}

/** SIGTERM and SIGINT stop the hub; a second one at once. SIGHUP reloads the configuration. */
function followSignals(stop: LinkedSignal, log: Logger): Signals {
  const signals: Signals = {
    onReload: () => Promise.resolve(),
    close: () => {
      Deno.removeSignalListener("SIGTERM", end);
      Deno.removeSignalListener("SIGINT", end);
      Deno.removeSignalListener("SIGHUP", reload);
    },
  };
  const end = () => {
    if (stop.signal.aborted) Deno.exit(1);
    log.info("The hub is stopping");
    stop.abort();
  };
  const reload = () => {
    signals.onReload().catch((error) => {
      const isExpected = error instanceof HubError;
      log.error("The configuration was not reloaded; the old one stays in force", { error });
      if (!isExpected) stop.abort();
    });
  };
  Deno.addSignalListener("SIGTERM", end);
  Deno.addSignalListener("SIGINT", end);
  Deno.addSignalListener("SIGHUP", reload);
  return signals;
}
