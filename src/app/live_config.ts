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
  /** The one before, while its cameras still go. */
  #before: Config | undefined;

  constructor({ loaded, reload, log }: Pick<HubOptions, "loaded" | "reload" | "log">) {
    this.#now = loaded.config;
    this.#read = reload;
    this.#log = log;
  }

  get now(): Config {
    return this.#now;
  }

  /**
   * A camera's entry. While a reload goes on, those count that come and those that go: neither may be without its
   * privacy zones for a moment.
   */
  camera(id: string): Config["cameras"][number] | undefined {
    const of = (config: Config | undefined) => config?.cameras.find((camera) => camera.id === id);
    return of(this.#now) ?? of(this.#before);
  }

  /** Reads the file anew and says what its cameras would do. @throws HubError where the file cannot be used. */
  async plan(catalog: CameraCatalog): Promise<ReloadPlan> {
    return await catalog.plan((await this.#read()).config.cameras);
  }

  /** Reads the file anew and lets its cameras take effect. @throws HubError where the file cannot be used. */
  async reload(
    catalog: Pick<CameraCatalog, "reload">,
    rules: Pick<RuleBook, "changes">,
    alerts: Pick<Alerts, "reload">,
  ): Promise<Reloaded> {
    const { config: next } = await this.#read();
    const before = this.#now;
    const result = await this.#during(next, rules, () => catalog.reload(next.cameras));
    const needs_restart = restartKeys(before, next);
    alerts.reload();
    this.#log.info("The configuration was reloaded", { ...result, needs_restart });
    return { ...result, needs_restart };
  }

  /** Lets the next configuration count while the work is done, and from then on if it succeeds. */
  async #during<T>(next: Config, rules: Pick<RuleBook, "changes">, work: () => Promise<T>): Promise<T> {
    const before = this.#now;
    this.#before = before;
    this.#now = next;
    try {
      rules.changes.notify();
      return await work();
    } catch (error) {
      this.#now = before;
      throw error;
    } finally {
      this.#before = undefined;
      rules.changes.notify();
    }
  }
}
