// Who is logged in: the tokens in the paths, their ciphers and the numbers expected next.
import { randomHex, type SessionCipher } from "./digests.ts";

/** How an expired session is answered: a code in plain text, or HTTP 500 with the code encrypted. */
export type ExpiryAnswer = "code" | "http-500";

export interface Session {
  readonly stok: string;
  readonly username: string;
  readonly userGroup: string;
  /** Absent for logins without encryption. */
  readonly secure: { cipher: SessionCipher; tagKey: string } | undefined;
  readonly startSeq: number;
  nextSeq: number;
  /** A request is being worked on; another one meanwhile is refused. */
  isBusy: boolean;
  expired: ExpiryAnswer | undefined;
}

export type NewSession = Pick<Session, "username" | "userGroup" | "secure">;

const MAX_SESSIONS = 32;

/** All sessions of one device, oldest first. */
export class Sessions {
  readonly #byStok = new Map<string, Session>();
  /** True: a new login ends all others, as some firmware does. */
  isSingle = false;

  open(login: NewSession): Session {
    if (this.isSingle) this.expireAll("code");
    const startSeq = 100 + Math.floor(Math.random() * 900);
    const session: Session = {
      ...login,
      stok: randomHex(16).toLowerCase(),
      startSeq,
      nextSeq: startSeq,
      isBusy: false,
      expired: undefined,
    };
    this.#byStok.set(session.stok, session);
    const [oldest] = this.#byStok.keys();
    if (this.#byStok.size > MAX_SESSIONS && oldest !== undefined) this.#byStok.delete(oldest);
    return session;
  }

  find(stok: string): Session | undefined {
    return this.#byStok.get(stok);
  }

  /** Sessions that are not expired. */
  get active(): number {
    return [...this.#byStok.values()].filter(({ expired }) => expired === undefined).length;
  }

  /** Ends every session; each further request on one gets the answer. */
  expireAll(answer: ExpiryAnswer): void {
    for (const session of this.#byStok.values()) session.expired = answer;
  }

  /** Forgets every session, as a restart does. */
  clear(): void {
    this.#byStok.clear();
  }
}
