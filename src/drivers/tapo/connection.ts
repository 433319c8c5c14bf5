// The session with one Tapo device, with what the hub remembers of it: certificate, lockout, refused password.
import { Changes } from "../../base/changes.ts";
import { HubError } from "../../base/errors.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";
import { Secret } from "../../base/secret.ts";
import { AccountGuard } from "../../devices/account_guard.ts";
import type { Impairment } from "../../devices/device.ts";
import type { CameraContext, DriverContext } from "../../devices/driver.ts";
import type { LoginGuard, SealedMemory } from "../../protocols/tapo/login.ts";
import { TapoSession } from "../../protocols/tapo/session.ts";
import {
  type CertificatePin,
  HttpsTransport,
  type TapoPost,
  type TapoTransport,
  type TlsKind,
} from "../../protocols/tapo/transport.ts";
import { connectTlsRsa } from "../../protocols/tls_rsa/client.ts";
import { DeviceConnectors } from "./device_connectors.ts";
import type { TapoOptions } from "./options.ts";
import { PersonsWord } from "./persons_word.ts";

type Context = DriverContext & Pick<CameraContext, "isAsked">;
/** What decides about a device with a person's word. */
type Judgement = Pick<Context, "memory"> & { word: PersonsWord };

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

/** A session, and whether its login is refused at present. */
export interface TapoConnection {
  session: TapoSession;
  impairment: LoginState;
  /** Rejects when the device shows another certificate than before; settles in no other way. */
  distrusted: Promise<never>;
  /** The opening is over: a person's word that was not needed for it counts no longer. */
  opened(): void;
  /** Ends what is under way, for good. */
  close(): void;
}

/**
 * Makes a session; nothing is sent before it is asked something. `undefined` without the TP-Link password.
 * `isTrial`: the certificate is compared, but neither kept nor accepted anew.
 */
export function connectTapo(
  options: TapoOptions,
  address: string,
  context: Context & { isTrial?: boolean },
): TapoConnection | undefined {
  if (options.cloud_password === undefined) return undefined;
  const { memory, clock } = context;
  const device = deviceKey(options);
  const password = new Secret(options.cloud_password);
  const account = new AccountGuard({ device, account: "control", username: "admin", password }, context);
  const impairment = new LoginState(account);
  const word = new PersonsWord(context.isAsked);
  const judgement = { memory, word };
  const transport = new EndingTransport(
    new HttpsTransport({
      host: address,
      port: options.port,
      clock,
      connector: context.shared.get(DeviceConnectors).of(device),
      pin: context.isTrial ? trialPin(device, context) : certificatePin(device, judgement),
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
  return {
    session,
    impairment,
    distrusted: transport.distrusted,
    opened: () => void word.take(),
    close: () => transport.end(),
  };
}

/** A person who connects the camera again accepts that it knows the old login only. */
function sealedMemory(device: string, { memory, word }: Judgement): SealedMemory {
  return {
    wasSealed: async () => {
      if (await memory.read(device, "login") !== "sealed") return false;
      if (!word.take()) return true;
      await memory.write(device, "login", undefined);
      return false;
    },
    noteSealed: () => memory.write(device, "login", "sealed"),
  };
}

const CERTIFICATE = "certificate";
/** The one that was refused last, of which a person has been told. */
const REFUSED_CERTIFICATE = "refused certificate";

/** A person who connects the camera again accepts the certificate that was refused before, and no other. */
function certificatePin(device: string, { memory, word }: Judgement): CertificatePin {
  return {
    read: () => memory.read(device, CERTIFICATE),
    write: async (fingerprint) => {
      await memory.write(device, CERTIFICATE, fingerprint);
      await memory.write(device, REFUSED_CERTIFICATE, undefined);
    },
    accepts: async (fingerprint) => {
      if (word.take() && await memory.read(device, REFUSED_CERTIFICATE) === fingerprint) return true;
      await memory.write(device, REFUSED_CERTIFICATE, fingerprint);
      return false;
    },
  };
}

/** Who only tries an account learns of another certificate, and leaves what is known of the device as it is. */
function trialPin(device: string, { memory }: Context): CertificatePin {
  let first: string | undefined;
  return {
    read: async () => await memory.read(device, CERTIFICATE) ?? first,
    write: (fingerprint) => {
      first = fingerprint;
      return Promise.resolve();
    },
  };
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

/** Passes on to the account's guard, and knows whether the camera takes logins. */
export class LoginState implements LoginGuard, Impairment {
  readonly changes = new Changes();
  readonly #guard: AccountGuard;
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
    this.#set(undefined);
    await this.#guard.accepted("control");
  }

  /** Control cannot be had for another reason. */
  note(error: HubError): void {
    this.#set(error);
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
    this.changes.notify();
  }
}
