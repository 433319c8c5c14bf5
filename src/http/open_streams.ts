// What a login has opened and keeps open: live pictures end when the login does.
import type { Access } from "../auth/access.ts";
import type { Clock } from "../base/clock.ts";
import { isAbort } from "../base/errors.ts";

const CHECK_EVERY_MS = 15_000;

/** Knows the open streams of each session or token. `run` closes those whose session is over. */
export class OpenStreams {
  readonly #bySession = new Map<string, Set<() => void>>();

  /** Notes a stream; the returned function forgets it. */
  add(session: string, close: () => void): () => void {
    const streams = this.#bySession.get(session) ?? new Set();
    this.#bySession.set(session, streams.add(close));
    return () => {
      streams.delete(close);
      if (streams.size === 0 && this.#bySession.get(session) === streams) this.#bySession.delete(session);
    };
  }

  /** Ends everything that a session has open. */
  close(session: string): void {
    for (const each of [...this.#bySession.get(session) ?? []]) each();
    this.#bySession.delete(session);
  }

  /** Looks every 15 s which sessions are over, until the signal aborts. */
  async run(access: Access, clock: Clock, signal: AbortSignal): Promise<void> {
    try {
      for (;;) {
        await clock.sleep(CHECK_EVERY_MS, signal);
        await this.check(access);
      }
    } catch (error) {
      if (!isAbort(error)) throw error;
    }
  }

  /** Ends the streams of what is over: logged out, expired, revoked, user removed or password changed. */
  async check(access: Access): Promise<void> {
    for (const session of [...this.#bySession.keys()]) {
      if (!await access.isGood(session)) this.close(session);
    }
  }
}
