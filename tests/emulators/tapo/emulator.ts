// A Tapo camera, doorbell or hub on the loopback network, down to its protocol, with faults on demand.
import { type Certificate, keepCertificate, type KeyKind, makeCertificate } from "./certificate.ts";
import { TapoDevice } from "./device.ts";
import type { PasswordForm } from "./digests.ts";
import { FaultQueue } from "./faults.ts";
import type { TlsAge } from "./front.ts";
import { Gateway } from "./gateway.ts";
import { type Identity, identityOf } from "./identity.ts";
import { Lockout } from "./lockout.ts";
import type { CameraAccount, LoginKind } from "./login.ts";
import type { TapoModel } from "./models/model.ts";
import type { Move } from "./motor.ts";
import { type Call, type LogEntry, type LoginAttempts, Received } from "./received.ts";
import { CameraServer } from "./server.ts";
import { type ExpiryAnswer, Sessions } from "./sessions.ts";
import { type View, ViewFeed, type ViewListener } from "./view.ts";

export interface TapoOptions {
  model: TapoModel;
  /** 127.0.0.1 by default. */
  host?: string;
  /** 0, the default: any free one. */
  port?: number;
  /** The password of `admin`. */
  cloudPassword: string;
  cameraAccount: CameraAccount;
  /** `sha256` by default. */
  passwordForm?: PasswordForm;
  /** `v3` by default. */
  login?: LoginKind;
  /** `modern` by default; `old` needs socat. */
  tls?: TlsAge;
  /** Where the picture and ONVIF are; the emulator only keeps them for those who ask. 554 and 2020 by default. */
  rtspPort?: number;
  onvifPort?: number;
  /** Seconds by which the camera's clock is ahead. */
  clockSkewS?: number;
  /** Wrong passwords until it locks; 5 by default. */
  lockAfter?: number;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** What its owner calls it. */
  name?: string;
  /** Tells devices apart that are alike in everything else: the MAC address and the ids depend on it. */
  serial?: string;
  /** Keeps the certificate there, for a camera that is the same after a restart. */
  certificateFile?: string;
}

/** With what was left out filled in. */
type FullOptions = Required<Omit<TapoOptions, "certificateFile">> & Pick<TapoOptions, "certificateFile">;

/** One emulated device: reachable from `start` until it is disposed of. */
export class TapoEmulator implements AsyncDisposable {
  readonly options: Readonly<FullOptions>;
  readonly identity: Identity;
  readonly device: TapoDevice;
  readonly faults = new FaultQueue();
  readonly lockout: Lockout;
  readonly sessions = new Sessions();
  readonly received = new Received();
  /** How the login works, how long requests take, how many clients it bears. */
  readonly gateway: Gateway;
  readonly #views = new ViewFeed(() => this.device);
  #server!: CameraServer;
  #certificate!: Certificate;
  #isDisposed = false;
  #rebootTimer: ReturnType<typeof setTimeout> | undefined;
  /** How long a restart takes; Infinity: until `online` is called. */
  rebootMs = 2000;
  reboots = 0;

  private constructor(options: FullOptions) {
    this.options = options;
    const { model, now } = options;
    this.identity = identityOf(
      [model.model, options.host, options.name, options.serial].join(" "),
      options.name,
    );
    this.lockout = new Lockout(options.lockAfter, now);
    this.device = new TapoDevice({
      model,
      now,
      identity: this.identity,
      host: options.host,
      cameraUser: options.cameraAccount.username,
      clockSkewS: options.clockSkewS,
      onChange: () => this.#views.changed(),
    });
    this.gateway = this.#newGateway();
  }

  static async start(options: TapoOptions): Promise<TapoEmulator> {
    const emulator = new TapoEmulator({
      host: "127.0.0.1",
      port: 0,
      passwordForm: "sha256",
      login: "v3",
      tls: "modern",
      rtspPort: 554,
      onvifPort: 2020,
      clockSkewS: 0,
      lockAfter: 5,
      now: () => Date.now(),
      name: `Test ${options.model.model}`,
      serial: "",
      ...options,
    });
    await emulator.#listen();
    return emulator;
  }

  get model(): TapoModel {
    return this.options.model;
  }

  get host(): string {
    return this.options.host;
  }

  get port(): number {
    return this.#server.port;
  }

  get isOnline(): boolean {
    return this.#server.isOnline;
  }

  /** Open connections. */
  get connections(): number {
    return this.#server.connections;
  }

  /** Connections that broke before their first request was answered: refused certificates, faults, impatience. */
  get brokenConnections(): number {
    return this.#server.brokenConnections;
  }

  /** What a client pins: SHA-256 of the certificate, upper-case with colons. */
  get fingerprint(): string {
    return this.#certificate.fingerprint;
  }

  /** The certificate as PEM. */
  get certificate(): string {
    return this.#certificate.cert;
  }

  get log(): readonly LogEntry[] {
    return this.received.log;
  }

  get calls(): readonly Call[] {
    return this.received.calls;
  }

  get loginAttempts(): Readonly<LoginAttempts> {
    return this.received.loginAttempts;
  }

  get requestsWhileLocked(): number {
    return this.received.requestsWhileLocked;
  }

  get moves(): readonly Move[] {
    return this.device.motor?.moves ?? [];
  }

  /** The next so many calls to the motor find it busy. */
  motorBusy(times: number): void {
    this.device.motor?.busy(times);
  }

  /** Ends every session, as time does. */
  expireSessions(answer: ExpiryAnswer = "code"): void {
    this.sessions.expireAll(answer);
  }

  /** Somebody else logs in, and all others are out. */
  stealSession(answer: ExpiryAnswer = "http-500"): void {
    this.sessions.expireAll(answer);
    this.sessions.open({ username: "admin", userGroup: "root", secure: undefined });
  }

  /** Vanishes from the network: no port, and every connection ends. */
  offline(): Promise<void> {
    return this.#server.offline();
  }

  /** Ends every connection, as cameras do with those that were idle for some seconds. */
  dropConnections(): void {
    this.#server.dropConnections();
  }

  /** Comes back on the same port. */
  online(): Promise<void> {
    this.#endReboot();
    return this.#server.online(this.#certificate);
  }

  /** Restarts: away for `rebootMs`, and nobody is logged in any more. */
  async reboot(): Promise<void> {
    this.#endReboot();
    this.reboots++;
    this.sessions.clear();
    this.device.motor?.halt();
    await this.offline();
    if (this.rebootMs === Infinity || this.#isDisposed) return;
    this.#rebootTimer = setTimeout(() => void this.online(), this.rebootMs);
  }

  /** Has a new certificate from now on; every connection ends. */
  async rotateCertificate(): Promise<void> {
    this.#certificate = await this.#makeCertificate();
    const wasOnline = this.isOnline;
    await this.offline();
    if (wasOnline) await this.online();
  }

  /** What the lens sees. */
  get view(): View {
    return this.#views.now;
  }

  /** Calls the listener at each change of the view, until the function returned is called. */
  onViewChange(listener: ViewListener): () => void {
    return this.#views.listen(listener);
  }

  /** Whether it is dark around the camera. */
  get isDark(): boolean {
    return this.#views.isDark;
  }

  set isDark(isDark: boolean) {
    this.#views.isDark = isDark;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    this.#endReboot();
    this.#views.close();
    await this.#server.stop();
  }

  #endReboot(): void {
    clearTimeout(this.#rebootTimer);
    this.#rebootTimer = undefined;
  }

  #makeCertificate(): Promise<Certificate> {
    return makeCertificate(this.host, this.#keyKind);
  }

  get #keyKind(): KeyKind {
    return this.options.tls === "old" ? "rsa" : "ec";
  }

  async #listen(): Promise<void> {
    const { host, port, tls, certificateFile } = this.options;
    this.#certificate = certificateFile === undefined
      ? await this.#makeCertificate()
      : await keepCertificate(certificateFile, this.host, this.#keyKind);
    const handle = this.gateway.handle.bind(this.gateway);
    this.#server = await CameraServer.start({ host, port, tls, certificate: this.#certificate, handle });
  }

  #newGateway(): Gateway {
    const { cloudPassword, cameraAccount, passwordForm, model, now, login } = this.options;
    return new Gateway({
      context: {
        accounts: { cloudPassword, cameraAccount, passwordForm },
        lockout: this.lockout,
        sessions: this.sessions,
        received: this.received,
      },
      device: this.device,
      faults: this.faults,
      now,
      port: () => this.port,
      quirks: {
        reorder: model.quirks?.reorder ?? false,
        omitOuterCode: model.quirks?.omitOuterCode ?? false,
      },
      answered: () => this.#rebootIfWanted(),
    }, login);
  }

  #rebootIfWanted(): void {
    if (!this.device.wantsReboot) return;
    this.device.wantsReboot = false;
    void this.reboot();
  }
}
