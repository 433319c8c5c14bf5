// Checks passwords one after the other: each costs a core for a while.
import { HubError } from "../base/errors.ts";
import type { Secret } from "../base/secret.ts";
import type { StoredUser } from "../store/access_tables.ts";
import { verifyPassword } from "./passwords.ts";

const MAX_WAITING = 20;

/** A queue of checks. */
export class PasswordChecks {
  readonly #users: () => Promise<StoredUser[]>;
  #checking: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(users: () => Promise<StoredUser[]>) {
    this.#users = users;
  }

  /** @throws HubError `unavailable` where too many wait. */
  refuseCrowd(): void {
    if (this.#waiting > MAX_WAITING) throw new HubError("unavailable", "Too many log in at this moment");
  }

  /** Whether there is that user, and the password is theirs. An unknown user's takes as long. */
  async check(user: string, password: Secret): Promise<{ isRight: boolean; isKnown: boolean }> {
    this.#waiting++;
    const turn = this.#checking.then(async () => {
      const found = (await this.#users()).find((each) => each.name === user);
      return {
        isRight: await verifyPassword(password, found?.passwordHash),
        isKnown: found !== undefined,
      };
    });
    this.#checking = turn.catch(() => {/* each caller hears of its own failure */});
    try {
      return await turn;
    } finally {
      this.#waiting--;
    }
  }
}
