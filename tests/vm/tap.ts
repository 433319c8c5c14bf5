// Prints test results as TAP lines and counts them.

const encoder = new TextEncoder();

export function say(line: string): void {
  Deno.stdout.writeSync(encoder.encode(`${line}\n`));
}

/** Notes a figure or fact under the check that runs. */
export function note(line: string): void {
  for (const each of line.trimEnd().split("\n")) say(`# ${each}`);
}

export class Tap {
  #passed = 0;
  #failed = 0;

  /** A check passes when its function returns; a failure is reported and does not stop the others. */
  async check(name: string, body: () => Promise<void>): Promise<void> {
    const began = performance.now();
    let failure: unknown;
    try {
      await body();
      this.#passed++;
    } catch (error) {
      failure = error ?? new Error("failed without a reason");
      this.#failed++;
    }
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    say(`${failure ? "not ok" : "ok"} ${this.#passed + this.#failed} - ${name} (${seconds} s)`);
    if (failure) note(failure instanceof Error ? failure.message : String(failure));
  }

  /** Prints the last line and gives the exit status. */
  finish(): number {
    say(`1..${this.#passed + this.#failed}`);
    say(`${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed === 0 && this.#passed > 0 ? 0 : 1;
  }
}

export function ensure(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

export function ensureEqual(found: unknown, expected: unknown, what: string): void {
  const [is, want] = [JSON.stringify(found), JSON.stringify(expected)];
  if (is !== want) throw new Error(`${what} is ${is}, expected ${want}`);
}

/** Asks again and again until there is an answer; returns it with the milliseconds it took. */
export async function eventually<T>(
  what: string,
  limitMs: number,
  probe: () => Promise<T | undefined>,
): Promise<{ value: T; ms: number }> {
  const began = performance.now();
  let last = "";
  while (true) {
    try {
      const value = await probe();
      if (value !== undefined) return { value, ms: Math.round(performance.now() - began) };
      last = "";
    } catch (error) {
      last = `: ${(error as Error).message}`;
    }
    if (performance.now() - began > limitMs) {
      throw new Error(`${what} did not happen within ${limitMs / 1000} s${last}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
