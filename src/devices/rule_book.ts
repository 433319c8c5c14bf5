// What the hub does with each camera's picture: as set at run time, else as the file says, else by default.
import { Changes } from "../base/changes.ts";
import { HubError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { type CameraRules, cameraRulesSchema, type RuleSubject } from "../config/camera_rules.ts";
import type { CameraRulesTable } from "../store/camera_rules_table.ts";

/** Where rules come from. */
export interface RuleBookDeps {
  table: CameraRulesTable;
  log: Logger;
  /** What the configuration file says of a camera. */
  ofFile(cameraId: string): Partial<CameraRules> | undefined;
}

const DEFAULTS: CameraRules = cameraRulesSchema.parse({});

const WHOLE_PICTURE: CameraRules["privacy"] = {
  zones: [{ points: [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }, { x: 0, y: 1 }] }],
  style: "black",
};

/** The rules of all cameras. `load` comes first. */
export class RuleBook {
  /** Notified when the rules of any camera may have changed. */
  readonly changes = new Changes();
  readonly #deps: RuleBookDeps;
  readonly #set = new Map<string, Partial<CameraRules>>();

  constructor(deps: RuleBookDeps) {
    this.#deps = deps;
  }

  /**
   * Reads what was set. What no longer fits is left out and logged: the hub starts all the same. Where it was about
   * privacy, the whole picture is covered, since nobody knows what was to be hidden.
   */
  async load(): Promise<void> {
    for (const { camera, subject, value } of await this.#deps.table.list()) {
      if (!isSubject(subject)) continue;
      const parsed = cameraRulesSchema.shape[subject].safeParse(value);
      if (parsed.success) this.#remember(camera, subject, parsed.data as CameraRules[typeof subject]);
      else {
        this.#deps.log.warn("What was set for a camera is not understood and left out", { camera, subject });
        if (subject === "privacy") this.#remember(camera, subject, WHOLE_PICTURE);
      }
    }
    this.changes.notify();
  }

  /** The rules of a camera, whether there is one of that id or not. */
  of(cameraId: string): CameraRules {
    return { ...DEFAULTS, ...this.#deps.ofFile(cameraId), ...this.#set.get(cameraId) };
  }

  /** True where it was set at run time, so that the file no longer counts. */
  isSet(cameraId: string, subject: RuleSubject): boolean {
    return this.#set.get(cameraId)?.[subject] !== undefined;
  }

  /** What a change would make of the present rules. @throws HubError `invalid_input`. */
  preview<S extends RuleSubject>(
    cameraId: string,
    subject: S,
    change: Partial<CameraRules[S]>,
  ): CameraRules[S] {
    const merged = { ...this.of(cameraId)[subject], ...change };
    const parsed = cameraRulesSchema.shape[subject].safeParse(merged);
    if (parsed.success) return parsed.data as CameraRules[S];
    const issue = parsed.error.issues[0];
    const where = [subject, ...issue?.path ?? []].join(".");
    throw new HubError("invalid_input", `${where}: ${issue?.message ?? "not valid"}`);
  }

  /** Lays a change over the present rules, keeps and returns them. @throws HubError `invalid_input`, or of the database. */
  async change<S extends RuleSubject>(
    cameraId: string,
    subject: S,
    change: Partial<CameraRules[S]>,
  ): Promise<CameraRules[S]> {
    const value = this.preview(cameraId, subject, change);
    await this.#deps.table.put({ camera: cameraId, subject, value });
    this.#remember(cameraId, subject, value);
    this.changes.notify();
    return value;
  }

  /** Forgets what was set for a camera that is removed, but for its privacy zones: they go on covering its recordings. */
  async forgetRemoved(cameraId: string): Promise<void> {
    await this.forget(cameraId, "motion");
    await this.forget(cameraId, "recording");
  }

  /** Forgets what was set for a camera: of one subject, or all of it. */
  async forget(cameraId: string, subject?: RuleSubject): Promise<void> {
    await this.#deps.table.remove(cameraId, subject);
    const { [subject ?? "motion"]: _, ...rest } = this.#set.get(cameraId) ?? {};
    if (subject === undefined) this.#set.delete(cameraId);
    else this.#set.set(cameraId, rest);
    this.changes.notify();
  }

  #remember<S extends RuleSubject>(cameraId: string, subject: S, value: CameraRules[S]): void {
    this.#set.set(cameraId, { ...this.#set.get(cameraId), [subject]: value });
  }
}

function isSubject(word: string): word is RuleSubject {
  return word in cameraRulesSchema.shape;
}
