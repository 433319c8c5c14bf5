// What the hub is started with, and what it tells once it serves.
import type { Layout } from "../base/layout.ts";
import type { Logger } from "../base/log.ts";
import type { LogRing } from "../base/log_ring.ts";
import type { Warnings } from "../base/warnings.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { ReloadResult } from "../devices/reload_plan.ts";
import type { Narrowing } from "../mcp/narrowing.ts";
import type { Ends } from "../mcp/relay/relay.ts";

/** What the hub is started with. */
export interface HubOptions {
  loaded: LoadedConfig;
  dataDir: string;
  layout: Layout;
  log: Logger;
  /** Keeps the newest lines of `log`. */
  logs: LogRing;
  /** Under which name or address this machine is reached. */
  originHost: string;
  /** Reads the configuration anew, with the same command line laid over it. */
  reload: () => Promise<LoadedConfig>;
  /** True prints a login link although a password exists: somebody sits at the terminal. */
  isAttended: boolean;
  /** Where programs of the hub's own user reach it without a login. */
  socketPaths: readonly string[];
  /** True when the metrics port was named on the command line: then it must be had. */
  isMetricsPortChosen: boolean;
  /** False opens no port: a hub that somebody's MCP client has started for itself. */
  hasPorts: boolean;
  mcp: {
    isOnHttp: boolean;
    /** Of clients over HTTP. */
    narrowing: Narrowing;
    stdio?: {
      /** The client on stdin and stdout, once it speaks; undefined when it leaves without a word. */
      client: (signal: AbortSignal) => Promise<Ends | undefined>;
      narrowing: Narrowing;
    };
  };
  /**
   * Called when a hub that was started as a service is to have the data folder: this one is then to be stopped.
   * Left out: it keeps the folder.
   */
  giveWay?: () => void;
}

/** What is told once the hub serves. */
export interface HubStarted {
  /** Undefined where the hub has no port. */
  port: number | undefined;
  metricsPort: number | undefined;
  /** Paths of the sockets that could be opened. */
  sockets: readonly string[];
  /** Token of the one-time link; undefined when a password exists and nobody is at the terminal. */
  linkToken: string | undefined;
  warnings: Warnings;
  reload: () => Promise<ReloadResult>;
}
