// The session with one Tapo device, with what the hub remembers of it: certificate, lockout, refused password.
import { Changes } from "../../base/changes.ts";
import { HubError } from "../../base/errors.ts";
import { Secret } from "../../base/secret.ts";
import { AccountGuard } from "../../devices/account_guard.ts";
import type { Impairment } from "../../devices/device.ts";
import type { CameraContext, DriverContext } from "../../devices/driver.ts";
import type { LoginGuard } from "../../protocols/tapo/login.ts";
import { TapoSession } from "../../protocols/tapo/session.ts";
import { HttpsTransport, type TlsKind } from "../../protocols/tapo/transport.ts";
import { connectTlsRsa } from "../../protocols/tls_rsa/client.ts";
import type { TapoOptions } from "./options.ts";

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

/** A session, and whether its login is refused at present. */
export interface TapoConnection {
  session: TapoSession;
  impairment: LoginState;
  close(): void;
}

/** Makes a session; nothing is sent before it is asked something. `undefined` without the TP-Link password. */
export function connectTapo(
  options: TapoOptions,
  address: string,
  context: Context,
): TapoConnection | undefined {
  if (options.cloud_password === undefined) return undefined;
  const { memory, clock } = context;
  const device = deviceKey(options);
  const password = new Secret(options.cloud_password);
  const account = new AccountGuard({ device, account: "control", username: "admin", password }, context);
  const impairment = new LoginState(account);
  const transport = new HttpsTransport({
    host: address,
    port: options.port,
    clock,
    pin: {
      read: () => memory.read(device, "certificate"),
      write: (fingerprint) => memory.write(device, "certificate", fingerprint),
    },
    hint: {
      read: async () => await memory.read(device, "tls") as TlsKind | undefined,
      write: (kind) => memory.write(device, "tls", kind),
    },
    fallback: (target, signal) => connectTlsRsa(target, { signal }),
  });
  const session = new TapoSession({ transport, guard: impairment, password, clock });
  return { session, impairment, close: () => transport.close() };
}

/** Forgets the certificate: a person has said that the new one is right. */
export async function forgetCertificate(options: TapoOptions, context: DriverContext): Promise<void> {
  await context.memory.write(deviceKey(options), "certificate", undefined);
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

  async assertAllowed(): Promise<void> {
    try {
      await this.#guard.assertAllowed();
    } catch (error) {
      if (error instanceof HubError) this.#set(error);
      throw error;
    }
  }

  async refused(error: HubError): Promise<void> {
    this.#set(error);
    await this.#guard.refused(error);
  }

  async lockedOut(untilMs: number): Promise<void> {
    await this.#guard.lockedOut(untilMs);
    // The guard words it, and says until when.
    await this.assertAllowed().catch(() => {/* it is kept as the state */});
  }

  async accepted(): Promise<void> {
    this.#set(undefined);
    await this.#guard.accepted();
  }

  #set(error: HubError | undefined): void {
    if (error === this.#error) return;
    this.#error = error;
    this.changes.notify();
  }
}
