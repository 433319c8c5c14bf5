// The configuration as it stands: another one after each reload.
import type { Alerts } from "../alerts/alerts.ts";
import type { Logger } from "../base/log.ts";
import { restartKeys } from "../config/restart_keys.ts";
import type { Config } from "../config/schema.ts";
import type { CameraCatalog } from "../devices/catalog.ts";
import type { ReloadPlan } from "../devices/reload_plan.ts";
import type { RuleBook } from "../devices/rule_book.ts";
import type { Hub } from "../operations/hub.ts";
import type { HubOptions } from "./options.ts";

/** What a reload changed. */
type Reloaded = Awaited<ReturnType<Hub["reloadConfig"]>>;

/** Holds the newest configuration that was read without a fault. */
export class LiveConfig {
  readonly #read: HubOptions["reload"];
  readonly #log: Logger;
  #now: Config;

  constructor({ loaded, reload, log }: Pick<HubOptions, "loaded" | "reload" | "log">) {
    this.#now = loaded.config;
    this.#read = reload;
    this.#log = log;
  }

  get now(): Config {
    return this.#now;
  }

  /** Reads the file anew and says what its cameras would do. @throws HubError where the file cannot be used. */
  async plan(catalog: CameraCatalog): Promise<ReloadPlan> {
    return await catalog.plan((await this.#read()).config.cameras);
  }

  /** Reads the file anew and lets its cameras take effect. @throws HubError where the file cannot be used. */
  async reload(catalog: CameraCatalog, rules: RuleBook, alerts: Pick<Alerts, "reload">): Promise<Reloaded> {
    const { config: next } = await this.#read();
    const result = await catalog.reload(next.cameras);
    const needs_restart = restartKeys(this.#now, next);
    this.#now = next;
    rules.changes.notify();
    alerts.reload();
    this.#log.info("The configuration was reloaded", { ...result, needs_restart });
    return { ...result, needs_restart };
  }
}
