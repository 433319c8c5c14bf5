// Reads the parameters of a question one by one and gathers what is wrong with them, so that all of it is told at once.
import { inputError, MOST_PROBLEMS, nearest, type Problem, shortened } from "../../config/problems.ts";

/** Parameters as they stand in an address: a name may come several times. */
export class Params {
  readonly #given: URLSearchParams;
  readonly #problems: Problem[] = [];

  constructor(given: URLSearchParams, known: readonly string[]) {
    this.#given = given;
    for (const name of new Set(given.keys())) {
      if (known.includes(name)) continue;
      if (this.#problems.length >= MOST_PROBLEMS) break;
      this.refuse(
        shortened(name),
        `There is no parameter ${quoted(name)}`,
        `one of: ${known.join(", ")}`,
        nearest(name, known),
      );
    }
  }

  has(name: string): boolean {
    return this.#given.has(name);
  }

  refuse(path: string, message: string, expected: string, suggestion?: string): void {
    this.#problems.push({ path, message, expected, ...(suggestion === undefined ? {} : { suggestion }) });
  }

  /** True where one of these was refused. */
  isRefused(...names: readonly string[]): boolean {
    return this.#problems.some(({ path }) => names.includes(path));
  }

  /** The one value; what comes twice is refused. */
  text(name: string): string | undefined {
    const [value, ...more] = this.#given.getAll(name);
    if (more.length > 0) this.refuse(name, "is given twice", "one value");
    return value;
  }

  /**
   * Values behind one another with commas, or the name again and again, each once; undefined where there are none. Of
   * too many, which are refused, only the first.
   */
  list(name: string, most: number): string[] | undefined {
    const values = this.#given.getAll(name).flatMap((each) => each.split(",")).map((each) => each.trim());
    const list = [...new Set(values.filter((each) => each !== ""))];
    if (list.length > most) this.refuse(name, `names ${list.length} things`, `at most ${most}`);
    return list.length === 0 ? undefined : list.slice(0, most);
  }

  /** One of a few words: all are told, and none is guessed. */
  choice<W extends string>(name: string, words: readonly W[], otherwise: W): W {
    const given = this.text(name);
    if (given === undefined || given === "") return otherwise;
    const found = words.find((each) => each === given);
    if (found === undefined) this.refuse(name, `${quoted(given)} is not possible here`, oneOf(words));
    return found ?? otherwise;
  }

  /** The word as one of many possible; refused and undefined where it is none. */
  word<W extends string>(name: string, given: string, words: readonly W[]): W | undefined {
    const found = words.find((each) => each === given);
    if (found === undefined) {
      this.refuse(
        name,
        `${quoted(given)} is not possible here`,
        oneOf(words),
        nearest(given, words),
      );
    }
    return found;
  }

  /** Reads a value in its own way; refused where that gives nothing. */
  value<T>(name: string, read: (text: string) => T | undefined, expected: string): T | undefined {
    const given = this.text(name);
    if (given === undefined || given === "") return undefined;
    const value = read(given);
    if (value === undefined) this.refuse(name, `${quoted(given)} is not understood`, expected);
    return value;
  }

  /** To be called when all was read. @throws HubError `invalid_input` with everything that is wrong. */
  check(): void {
    if (this.#problems.length > 0) throw inputError(this.#problems);
  }
}

function oneOf(words: readonly string[]): string {
  return `one of ${words.join(", ")}`;
}

/** As it was given, as far as it is worth to be told. */
export function quoted(text: string): string {
  return `"${shortened(text)}"`;
}
