// The sessions with Tapo devices: cameras that are made of one device share its session, so that it is asked one
// thing at a time, whoever asks.
import { HubError, isAbort } from "../../base/errors.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";
import type { Secret } from "../../base/secret.ts";
import {
  childCaller,
  type TapoAnswer,
  type TapoCaller,
  type TapoRequest,
} from "../../protocols/tapo/caller.ts";
import type { TapoSession } from "../../protocols/tapo/session.ts";
import type { TapoObject } from "../../protocols/tapo/values.ts";
import type { LoginState } from "./connection.ts";
import type { PersonsWord } from "./persons_word.ts";

/** With whom a session is. */
export interface SessionKey {
  /** From `deviceKey`. */
  device: string;
  address: string;
  password: Secret;
}

/** One session with a device, whoever uses it. */
export interface DeviceSession {
  session: TapoSession;
  impairment: LoginState;
  /** Rejects when the device shows another certificate than before; settles in no other way. */
  distrusted: Promise<never>;
  word: PersonsWord;
  /** Closes it for good. */
  end(): void;
}

/** A session as one of its users holds it. */
export interface SharedSession {
  made: DeviceSession;
  /** The last one to leave closes it. */
  leave(): void;
}

interface Entry {
  key: SessionKey;
  made: DeviceSession;
  users: number;
}

/** All sessions of the hub. */
export class DeviceSessions {
  readonly #entries = new Set<Entry>();

  /** The session that is open, with one more user; undefined when there is none. */
  join(key: SessionKey): SharedSession | undefined {
    for (const entry of this.#entries) if (isSame(entry.key, key)) return this.#enter(entry);
    return undefined;
  }

  /** Adds a session that was just made, with its first user. One with a device that is distrusted is not shared. */
  add(key: SessionKey, made: DeviceSession): SharedSession {
    const entry: Entry = { key, made, users: 0 };
    this.#entries.add(entry);
    made.distrusted.catch(() => this.#entries.delete(entry));
    return this.#enter(entry);
  }

  #enter(entry: Entry): SharedSession {
    const count = (by: number) => {
      entry.users += by;
      entry.made.session.users = entry.users;
    };
    count(1);
    let hasLeft = false;
    const leave = () => {
      if (hasLeft) return;
      hasLeft = true;
      count(-1);
      if (entry.users > 0) return;
      this.#entries.delete(entry);
      entry.made.end();
    };
    return { made: entry.made, leave };
  }
}

function isSame(one: SessionKey, other: SessionKey): boolean {
  return one.device === other.device && one.address === other.address &&
    one.password.reveal() === other.password.reveal();
}

/** What one camera sees of a session: its own requests end with it, those of others go on. */
export class CameraSession implements TapoCaller {
  readonly #session: TapoCaller;
  readonly #ended = new AbortController();
  readonly #prepare: () => Promise<void>;
  #ready: Promise<void> | undefined;

  /** @param prepare awaited once, before the first message. */
  constructor(session: TapoCaller, prepare: () => Promise<void>) {
    this.#session = session;
    this.#prepare = prepare;
  }

  request(method: string, params: TapoObject, signal: AbortSignal): Promise<TapoObject> {
    return this.#ask((own) => this.#session.request(method, params, own), signal);
  }

  batch(requests: readonly TapoRequest[], signal: AbortSignal): Promise<TapoAnswer[]> {
    return this.#ask((own) => this.#session.batch(requests, own), signal);
  }

  single(body: TapoObject, signal: AbortSignal): Promise<TapoObject> {
    return this.#ask((own) => this.#session.single(body, own), signal);
  }

  /** A caller for one child of this hub. */
  child(deviceId: string): TapoCaller {
    return childCaller(this, deviceId);
  }

  end(): void {
    this.#ended.abort();
  }

  async #ask<T>(asking: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    using either = new LinkedSignal(signal, this.#ended.signal);
    try {
      this.#ready ??= this.#prepare();
      await this.#ready;
      return await asking(either.signal);
    } catch (error) {
      if (!isAbort(error) || signal.aborted) throw error;
      throw new HubError("unavailable", "The camera is no longer in use", { cause: error });
    }
  }
}
