// `tapo-camera-mcp serve`: runs the hub until a signal stops it.
import type { HubOptions, HubStarted } from "../app/options.ts";
import { runHub } from "../app/run_hub.ts";
import { HubError } from "../base/errors.ts";
import type { Layout } from "../base/layout.ts";
import { Logger, StderrSink } from "../base/log.ts";
import { LogRing } from "../base/log_ring.ts";
import { VERSION } from "../base/version.ts";
import type { Ends } from "../mcp/relay/relay.ts";
import { print, printAside } from "./console.ts";
import { awaitFirst } from "./first_message.ts";
import type { CommandLine } from "./flags.ts";
import { lanAddress, linkHost, systemLinkSources } from "./link.ts";
import { dataFolder, socketPaths } from "./folders.ts";
import { loadSettings } from "./settings.ts";

/** Runs the hub. @throws HubError when it cannot start. */
export async function serve(line: CommandLine, layout: Layout): Promise<void> {
  const isOnStdio = line.mcp === "stdio" || line.mcp === "both";
  await run(line, layout, {
    hasPorts: true,
    isAttended: Deno.stdout.isTerminal(),
    mcp: {
      isOnHttp: line.mcp === "http" || line.mcp === "both",
      narrowing: { toolsets: line.tools, isReadOnly: line.readOnly },
      ...(isOnStdio ? { stdio: awaitClient } : {}),
    },
    // Stdout is the client's.
    tell: isOnStdio ? printAside : print,
  });
}

/** Runs a hub without ports for the MCP client that has begun to speak, until it leaves. */
export async function serveClient(line: CommandLine, layout: Layout, ends: Ends): Promise<void> {
  await run(line, layout, {
    hasPorts: false,
    isAttended: false,
    mcp: {
      // For a second client: it finds this hub by its socket, and the cameras are opened once.
      isOnHttp: true,
      narrowing: { toolsets: line.tools, isReadOnly: line.readOnly },
      stdio: () => Promise.resolve(ends),
    },
    tell: printAside,
  });
}

async function awaitClient(signal: AbortSignal): Promise<Ends | undefined> {
  const input = await awaitFirst(Deno.stdin.readable, signal);
  return input && { input, output: Deno.stdout.writable };
}

type Manner = Pick<HubOptions, "hasPorts" | "isAttended" | "mcp"> & { tell: (line: string) => void };

async function run(line: CommandLine, layout: Layout, { tell, ...manner }: Manner): Promise<void> {
  const loaded = await loadSettings(line);
  const { config } = loaded;
  const sink = new StderrSink();
  const logs = new LogRing();
  const log = new Logger(logs.tee(sink.write), config.log.level);
  const dataDir = dataFolder(line, config.data_dir);
  const stop = new AbortController();
  const signals = followSignals(stop, log);
  try {
    await runHub(
      {
        loaded,
        layout,
        dataDir,
        socketPaths: socketPaths(dataDir),
        log,
        logs,
        linkHost: linkHost(config.server.host, systemLinkSources),
        reload: () => loadSettings(line),
        isMetricsPortChosen: line.metricsPort !== undefined,
        ...manner,
      },
      (started) => {
        signals.onReload = started.reload;
        const { port } = started;
        if (port !== undefined) announce(config.server.host, { ...started, port }, tell);
        log.info("The hub serves", {
          version: VERSION,
          port,
          config: loaded.path ?? "built-in",
        });
      },
      stop.signal,
    );
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
function followSignals(stop: AbortController, log: Logger): Signals {
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
      if (!isExpected) stop.abort(error);
    });
  };
  Deno.addSignalListener("SIGTERM", end);
  Deno.addSignalListener("SIGINT", end);
  Deno.addSignalListener("SIGHUP", reload);
  return signals;
}
