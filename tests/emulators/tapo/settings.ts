// A device's settings as a tree: module, section, field. Reads and writes follow the rules of the firmware.
import { checkField, type Ranges } from "./setting_checks.ts";
import { asList, asObject, asText, copyOf, type Json, type JsonObject } from "./json.ts";
import { CODES, VendorError } from "./vendor_error.ts";

/** Module → section → fields (or a table: a list). */
export type Modules = { [module: string]: JsonObject };

/** Sections that each lens has for itself, in the modules that have such ones. */
const PER_LENS = new Set(["motion_det", "detection", "tamper_det", "switch", "common"]);

export interface SettingsOptions {
  /** Lens numbers; only cameras with several lenses take `chn_id`. */
  lenses?: readonly number[] | undefined;
  /** Firmware of some years ago puts its own names into every section. */
  dotNames?: boolean | undefined;
  /** Values that this model allows. */
  ranges?: Ranges | undefined;
  /** Told the module and section of every change. */
  onChange: (module: string, section: string) => void;
}

/** The settings of one device. */
export class Settings {
  readonly #byLens: Map<number, Modules>;
  readonly #options: SettingsOptions;

  constructor(modules: Modules, options: SettingsOptions) {
    this.#options = options;
    const lenses = options.lenses ?? [1];
    this.#byLens = new Map(lenses.map((lens) => [lens, copyOf(modules as JsonObject) as Modules]));
  }

  /** One field, for tests and for what the settings act on; of the first lens unless told. */
  field(module: string, section: string, name: string, lens = 1): Json | undefined {
    return asObject(this.#byLens.get(lens)?.[module]?.[section])?.[name];
  }

  /** Sets fields without asking, as the app would. */
  put(module: string, section: string, fields: JsonObject, lens = 1): void {
    const found = asObject(this.#byLens.get(lens)?.[module]?.[section]);
    if (!found) throw new Error(`This model has no ${module}.${section}`);
    Object.assign(found, fields);
    this.#options.onChange(module, section);
  }

  has(module: string): boolean {
    return this.#byLens.get(1)?.[module] !== undefined;
  }

  /**
   * Answers `{module: {name: [...], table: [...]}}` for the modules allowed.
   * @throws VendorError for sections that are not there.
   */
  read(params: JsonObject, allowed: readonly string[]): JsonObject {
    const entries = Object.entries(params).filter(([module]) => allowed.includes(module));
    if (entries.length === 0) throw new VendorError(CODES.noSuchParameter);
    return Object.fromEntries(entries.map(([module, query]) => [module, this.#readModule(module, query)]));
  }

  #readModule(module: string, query: Json): JsonObject {
    const wanted = asObject(query) ?? {};
    const names = [...namesOf(wanted["name"]), ...namesOf(wanted["table"])];
    const lenses = asList(wanted["chn_id"])?.map(Number);
    const answer: JsonObject = {};
    for (const name of names) {
      if (lenses) answer[`${name}_chn`] = this.#readLenses(module, name, lenses);
      else answer[name] = this.#section(module, name, 1);
    }
    return answer;
  }

  #readLenses(module: string, name: string, lenses: number[]): JsonObject {
    this.#requireLenses(name, lenses);
    return Object.fromEntries(lenses.map((lens) => [String(lens), this.#section(module, name, lens)]));
  }

  #requireLenses(section: string, lenses: number[]): void {
    const known = this.#options.lenses;
    if (!known || !PER_LENS.has(section) || lenses.some((lens) => !known.includes(lens))) {
      throw new VendorError(CODES.noSuchParameter);
    }
  }

  #section(module: string, name: string, lens: number): Json {
    const sections = this.#byLens.get(lens)?.[module] ?? {};
    const section = sections[name] ?? tableOf(sections, name);
    if (section === undefined) throw new VendorError(CODES.noSuchParameter);
    const object = asObject(section);
    if (!object || !this.#options.dotNames) return copyOf(section);
    return { ".name": name, ".type": "enabled" in object ? "on_off" : name, ...copyOf(object) };
  }

  /**
   * Carries out `{module: {section: {field: value}}}`, or the form with `chn_id` and `<section>_chn`. Fields that
   * the device does not know are ignored without a word, as real ones do.
   * @throws VendorError for unknown sections and impossible values; nothing is then changed.
   */
  write(params: JsonObject, allowed: readonly string[]): void {
    const changes = Object.entries(params)
      .filter(([module]) => allowed.includes(module))
      .flatMap(([module, sections]) => this.#changesOf(module, asObject(sections) ?? {}));
    if (changes.length === 0) throw new VendorError(CODES.noSuchParameter);
    for (const [name, value] of changes.flatMap(({ fields }) => Object.entries(fields))) {
      checkField(name, value, this.#options.ranges ?? {});
    }
    for (const { module, section, target, fields } of changes) {
      for (const [name, value] of Object.entries(fields)) {
        if (name in target) target[name] = typeof target[name] === "string" ? asText(value) ?? value : value;
      }
      this.#options.onChange(module, section);
    }
  }

  #changesOf(module: string, sections: JsonObject): Change[] {
    const lenses = asList(sections["chn_id"])?.map(Number);
    return Object.entries(sections).filter(([name]) => name !== "chn_id").flatMap(([name, fields]) => {
      if (!lenses) return [this.#change({ module, section: name, lens: 1 }, fields)];
      const section = name.replace(/_chn$/, "");
      this.#requireLenses(section, lenses);
      return Object.entries(asObject(fields) ?? {}).map(([lens, each]) =>
        this.#change({ module, section, lens: Number(lens) }, each)
      );
    });
  }

  #change(at: { module: string; section: string; lens: number }, value: Json): Change {
    const target = asObject(this.#byLens.get(at.lens)?.[at.module]?.[at.section]);
    const fields = asObject(value);
    if (!target) throw new VendorError(CODES.noSuchParameter);
    if (!fields) throw new VendorError(CODES.badArguments);
    return { module: at.module, section: at.section, target, fields };
  }
}

interface Change {
  module: string;
  section: string;
  target: JsonObject;
  fields: JsonObject;
}

/** Sections `label_info_1`, `label_info_2`, … are the table `label_info`. */
function tableOf(sections: JsonObject, name: string): Json[] | undefined {
  const rows = Object.entries(sections).filter(([key]) => key.startsWith(`${name}_`) && /_\d+$/.test(key));
  return rows.length === 0 ? undefined : rows.map(([key, value]) => ({ [key]: value }));
}

/** `"a"` and `["a", "b"]` are both ways to name sections. */
function namesOf(value: Json | undefined): string[] {
  const list = asList(value) ?? (value === undefined ? [] : [value]);
  return list.map((name) => asText(name)).filter((name) => name !== undefined);
}
