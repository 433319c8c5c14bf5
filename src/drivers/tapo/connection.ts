// The session with one Tapo device, with what the hub remembers of it: certificate, lockout, refused password.
import { Changes } from "../../base/changes.ts";
import { HubError } from "../../base/errors.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";
import { Secret } from "../../base/secret.ts";
import { AccountGuard, type GuardedAccount } from "../../devices/account_guard.ts";
import type { Impairment } from "../../devices/device.ts";
import type { CameraContext, DriverContext } from "../../devices/driver.ts";
import { isNewestLogin } from "../../protocols/tapo/errors.ts";
import type { LoginGuard } from "../../protocols/tapo/login.ts";
import { TapoSession } from "../../protocols/tapo/session.ts";
import {
  HttpsTransport,
  type TapoPost,
  type TapoTransport,
  type TlsKind,
} from "../../protocols/tapo/transport.ts";
import { connectTlsRsa } from "../../protocols/tls_rsa/client.ts";
import { DeviceConnectors } from "./device_connectors.ts";
import {
  CameraSession,
  type DeviceSession,
  DeviceSessions,
  type SessionKey,
  type SharedSession,
} from "./device_sessions.ts";
import type { TapoOptions } from "./options.ts";
import { PersonsWord } from "./persons_word.ts";
import { certificatePin, sealedMemory, trialPin } from "./trust.ts";

type Context = DriverContext & Pick<CameraContext, "isAsked">;

/** The name under which things about a device are remembered. */
export function deviceKey({ host, port }: Pick<TapoOptions, "host" | "port">): string {
  return `tapo ${host.toLowerCase()}:${port}`;
}

/** The guard of the camera account, for picture and events. */
export function cameraGuard(options: TapoOptions, context: Context): AccountGuard | undefined {
  const { username, password } = options;
  if (username === undefined || password === undefined) return undefined;
  const account = { device: deviceKey(options), account: "camera", username, password: new Secret(password) };
  return new AccountGuard(account, context);
}

/** A device as one camera has it. */
export interface TapoConnection {
  session: CameraSession;
  /** Whether the login is refused at present: to all cameras of the device, or to this one when it was opened. */
  impairment: CameraLogin;
  /** Rejects when the device shows another certificate than before; settles in no other way. */
  distrusted: Promise<never>;
  /** The opening is over: a person's word that was not needed for it counts no longer. */
  opened(): void;
  /** Ends what this camera has under way, for good, and the session with its last camera. */
  close(): void;
}

/**
 * Joins the session with the device, or makes it; nothing is sent before it is asked something. `undefined` without
 * the TP-Link password. `isTrial`: the certificate is compared, but neither kept nor accepted anew.
 */
export function connectTapo(
  options: TapoOptions,
  address: string,
  context: Context & { isTrial?: boolean },
): TapoConnection | undefined {
  if (options.cloud_password === undefined) return undefined;
  const { isTrial = false, isAsked, shared } = context;
  const key = { device: deviceKey(options), address, password: new Secret(options.cloud_password) };
  const sessions = shared.get(DeviceSessions);
  const joined = sessions.join(key);
  if (joined) {
    return connectionOver(joined, { isAsked: isAsked && !isTrial, prepare: () => forgive(key, context) });
  }
  const made = makeSession(key, options.port, context);
  // What a trial leaves open about the certificate is not for cameras to build upon.
  const own = isTrial ? { made, leave: () => made.end() } : sessions.add(key, made);
  return connectionOver(own, { isAsked, prepare: () => Promise.resolve() });
}

function connectionOver(
  { made, leave }: SharedSession,
  { isAsked, prepare }: { isAsked: boolean; prepare: () => Promise<void> },
): TapoConnection {
  const session = new CameraSession(made.session, prepare);
  const opened = isAsked ? made.word.give() : () => {};
  const impairment = new CameraLogin(made.impairment);
  const close = () => {
    opened();
    impairment.forget();
    session.end();
    leave();
  };
  return { session, impairment, distrusted: made.distrusted, opened, close };
}

/** A session that is open asks its own guard, which knows nothing of a person who came later. */
async function forgive(key: SessionKey, context: Context): Promise<void> {
  if (!context.isAsked) return;
  try {
    await new AccountGuard(accountOf(key), context).forgive("control");
  } catch (error) {
    // A lockout, for one: the login hears of it as well.
    if (!(error instanceof HubError)) throw error;
  }
}

function accountOf({ device, password }: SessionKey): GuardedAccount {
  return { device, account: "control", username: "admin", password };
}

function makeSession(
  key: SessionKey,
  port: number,
  context: Context & { isTrial?: boolean },
): DeviceSession {
  const { memory, clock, shared, isTrial } = context;
  const { device, address, password } = key;
  const impairment = new LoginState(new AccountGuard(accountOf(key), context));
  const word = new PersonsWord();
  const judgement = { memory, word };
  const transport = new EndingTransport(
    new HttpsTransport({
      host: address,
      port,
      clock,
      connector: shared.get(DeviceConnectors).of(device),
      pin: isTrial ? trialPin(device, context) : certificatePin(device, judgement),
      hint: {
        read: async () => await memory.read(device, "tls") as TlsKind | undefined,
        write: (kind) => memory.write(device, "tls", kind),
      },
      fallback: (target, signal) => connectTlsRsa(target, { signal }),
    }),
  );
  const session = new TapoSession({
    transport,
    guard: impairment,
    password,
    clock,
    sealed: sealedMemory(device, judgement),
  });
  return { session, impairment, word, distrusted: transport.distrusted, end: () => transport.end() };
}

/** A transport that opens nothing any more once it has ended, whatever still waits to be sent. */
class EndingTransport implements TapoTransport {
  readonly #inner: TapoTransport;
  readonly #ended = new AbortController();
  readonly #distrust = Promise.withResolvers<never>();

  constructor(inner: TapoTransport) {
    this.#inner = inner;
    this.#distrust.promise.catch(() => {/* who asks is told as well */});
  }

  get distrusted(): Promise<never> {
    return this.#distrust.promise;
  }

  async post(request: TapoPost, signal: AbortSignal): ReturnType<TapoTransport["post"]> {
    using either = new LinkedSignal(signal, this.#ended.signal);
    try {
      return await this.#inner.post(request, either.signal);
    } catch (error) {
      if (this.#ended.signal.aborted && !signal.aborted) {
        throw new HubError("unavailable", "The camera is no longer in use", { cause: error });
      }
      if (error instanceof HubError && error.details?.certificate_changed) this.#distrust.reject(error);
      throw error;
    }
  }

  close(): void {
    this.#inner.close();
  }

  end(): void {
    this.#ended.abort();
    this.#inner.close();
  }
}

/** Passes on to the account's guard, and knows whether the device takes logins. */
export class LoginState implements LoginGuard, Impairment {
  readonly changes = new Changes();
  readonly #guard: AccountGuard;
  readonly #refusals = new WeakSet<HubError>();
  readonly #notes = new Map<CameraLogin, HubError>();
  #error: HubError | undefined;

  constructor(guard: AccountGuard) {
    this.#guard = guard;
  }

  get error(): HubError | undefined {
    return this.#error;
  }

  begin(signal: AbortSignal): Promise<() => void> {
    return this.#told(() => this.#guard.begin("control", signal));
  }

  async refused(error: HubError): Promise<void> {
    this.#set(error);
    await this.#guard.refused("control", error);
  }

  async lockedOut(untilMs: number): Promise<void> {
    await this.#guard.lockedOut(untilMs);
    // The guard words it, and says until when.
    await this.#told(() => this.#guard.assertAllowed("control")).catch(() => {/* it is kept as the state */});
  }

  async accepted(): Promise<void> {
    const hadNotes = this.#notes.size > 0;
    this.#notes.clear();
    this.#set(undefined);
    if (hadNotes) this.changes.notify();
    await this.#guard.accepted("control");
  }

  /** True for the error with which a login was refused, or not sent because it would be. */
  hasRefused(error: HubError): boolean {
    return this.#refusals.has(error) ||
      (error.kind === "locked_out" && this.#error?.kind === "locked_out");
  }

  /** Notes for one camera why control cannot be had; it counts until a login is accepted. */
  note(camera: CameraLogin, error: HubError): void {
    this.#notes.set(camera, error);
    this.changes.notify();
  }

  noteOf(camera: CameraLogin): HubError | undefined {
    return this.#notes.get(camera);
  }

  forget(camera: CameraLogin): void {
    this.#notes.delete(camera);
  }

  async #told<T>(asking: () => Promise<T>): Promise<T> {
    try {
      return await asking();
    } catch (error) {
      if (error instanceof HubError) this.#set(error);
      throw error;
    }
  }

  #set(error: HubError | undefined): void {
    if (error === this.#error) return;
    this.#error = error;
    if (error) this.#refusals.add(error);
    this.changes.notify();
  }
}

/** What one camera knows of the login. What stands in its own way alone does not concern the others. */
export class CameraLogin implements Impairment {
  readonly #login: LoginState;

  constructor(login: LoginState) {
    this.#login = login;
  }

  get changes(): Changes {
    return this.#login.changes;
  }

  get error(): HubError | undefined {
    return this.#login.error ?? this.#login.noteOf(this);
  }

  /** True for an error that came of the login, and of nothing else that was asked. It is the state from then on. */
  explains(error: unknown): boolean {
    if (!(error instanceof HubError)) return false;
    const hasNoWayIn = isNewestLogin(error) || error.details?.["tls"] !== undefined;
    if (!hasNoWayIn) return this.#login.hasRefused(error);
    this.#login.note(this, error);
    return true;
  }

  /** The camera is closed. */
  forget(): void {
    this.#login.forget(this);
  }
}
