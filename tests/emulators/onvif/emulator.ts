// An ONVIF camera for tests: it keeps to the standard, and misbehaves when it is told to.
import { Camera } from "./camera.ts";
import { answerDevice } from "./device_service.ts";
import type { EmitOptions, Subscription } from "./event_queue.ts";
import { isSubscriptionPath } from "./event_service.ts";
import { type HttpRequest, HttpServer, type Outcome } from "./http_server.ts";
import { answerImaging } from "./imaging_service.ts";
import { answerMedia, answerMedia2 } from "./media_service.ts";
import {
  type ImagingState,
  type OnvifEmulatorOptions,
  type Position,
  PROFILES,
  SMALL_JPEG,
} from "./model.ts";
import { answerPtz } from "./ptz_service.ts";
import { type Fault, misbehave, page, soap } from "./replies.ts";
import { refused, Security } from "./security.ts";
import { envelope, faultEnvelope, notSupported, readCall, type SoapCall, SoapFault } from "./soap.ts";

/** May be asked by everybody (ONVIF Core, access class PRE_AUTH). */
const OPEN = new Set([
  "GetSystemDateAndTime",
  "GetCapabilities",
  "GetServices",
  "GetServiceCapabilities",
  "GetHostname",
]);
const MAX_CALLS_KEPT = 1000;

export class OnvifEmulator {
  readonly #camera: Camera;
  readonly #security: Security;
  readonly #server: HttpServer;
  readonly #eventServer: HttpServer | undefined;
  readonly #calls: string[] = [];
  #fault: { kind: Fault; operation: string | undefined; left: number } | undefined;

  /** Listens at once. */
  static start(options: OnvifEmulatorOptions = {}): OnvifEmulator {
    return new OnvifEmulator(options);
  }

  private constructor(options: OnvifEmulatorOptions) {
    this.#camera = new Camera(options);
    this.#security = new Security({
      username: options.username ?? "admin",
      password: options.password ?? "secret",
      clockToleranceMs: options.clockToleranceMs ?? 5000,
      lockAfter: options.lockAfter ?? 0,
      nowMs: () => this.#camera.nowMs(),
    });
    const server = (port: number) =>
      new HttpServer({
        hostname: options.hostname ?? "127.0.0.1",
        port,
        resets: () => this.#takeFault("reset", undefined),
        handle: (request) => this.#handle(request),
      });
    this.#server = server(options.port ?? 0);
    this.#eventServer = options.ownEventPort ? server(0) : undefined;
    this.#camera.ports = {
      main: this.#server.port,
      events: this.#eventServer?.port ?? this.#server.port,
    };
  }

  get host(): string {
    return this.#camera.options.hostname ?? "127.0.0.1";
  }

  get port(): number {
    return this.#server.port;
  }

  /** Address of the device service, as the camera names it. */
  get xaddr(): string {
    return this.#camera.origin + this.#camera.pathOf("device");
  }

  get scopes(): readonly string[] {
    return this.#camera.scopes;
  }

  /**
   * Operations that were asked for, refused ones included, in their order; `GET path` for what is no SOAP.
   */
  get calls(): readonly string[] {
    return this.#calls;
  }

  /** How often somebody came with a wrong user name or password. */
  get authFailures(): number {
    return this.#security.failures;
  }

  get clockRefusals(): number {
    return this.#security.clockRefusals;
  }

  get replays(): number {
    return this.#security.replays;
  }

  get position(): Position {
    return this.#camera.head.position;
  }

  /** Looks there, as if somebody had moved it by other means. */
  place(position: Partial<Position>): void {
    this.#camera.head.moveTo(position);
  }

  get isMoving(): boolean {
    return this.#camera.head.isMoving;
  }

  get moves(): readonly string[] {
    return this.#camera.moves;
  }

  get presets(): ReadonlyMap<string, { name: string; position: Position }> {
    return this.#camera.head.presets;
  }

  get imaging(): Readonly<ImagingState> {
    return this.#camera.imaging;
  }

  get reboots(): number {
    return this.#camera.reboots;
  }

  get subscriptions(): readonly Subscription[] {
    return this.#camera.events.subscriptions;
  }

  get subscriptionsCreated(): number {
    return this.#camera.events.created;
  }

  get unsubscribed(): number {
    return this.#camera.events.unsubscribed;
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#server.open + (this.#eventServer?.open ?? 0);
  }

  /** Tells an event to every subscription. */
  emit(topic: string, item: string, value: string | boolean, options: EmitOptions = {}): void {
    this.#camera.events.emit(topic, item, String(value), options);
  }

  loseSubscription(): void {
    this.#camera.events.lose();
  }

  expire(): void {
    this.#camera.events.expire();
  }

  setClockSkew(skewMs: number): void {
    this.#camera.clockSkewMs = skewMs;
  }

  setPassword(password: string): void {
    this.#security.password = password;
  }

  /** Misbehaves from now on, for one operation or all, so many times. */
  fail(kind: Fault, options: { operation?: string; times?: number } = {}): void {
    this.#fault = { kind, operation: options.operation, left: options.times ?? Infinity };
  }

  behave(): void {
    this.#fault = undefined;
  }

  /** Nobody listens, as while the camera restarts. */
  async offline(): Promise<void> {
    await Promise.all([this.#server.close(), this.#eventServer?.close()]);
  }

  online(): void {
    this.#server.listen();
    this.#eventServer?.listen();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#camera.head.stop();
    await this.offline();
  }

  /** True when the fault of that kind is due for the operation; uses one of its times up. */
  #takeFault(kind: Fault | undefined, operation: string | undefined): boolean {
    const fault = this.#fault;
    if (!fault || fault.left <= 0 || (kind !== undefined && fault.kind !== kind)) return false;
    if (fault.operation !== undefined && fault.operation !== operation) return false;
    fault.left--;
    return true;
  }

  async #handle(request: HttpRequest): Promise<Outcome> {
    const call = request.method === "POST" ? readCall(request.body) : undefined;
    const name = call?.operation ?? `${request.method} ${request.path}`;
    this.#calls.push(name);
    if (this.#calls.length > MAX_CALLS_KEPT) this.#calls.shift();
    const fault = this.#fault;
    if (fault && fault.kind !== "reset" && this.#takeFault(fault.kind, name)) return misbehave(fault.kind);
    if (request.path.startsWith("/onvif/snapshot")) return this.#snapshot(request);
    if (!call) return page(400, "Bad Request");
    try {
      return await this.#answer(call, request);
    } catch (error) {
      if (error instanceof SoapFault) return soap(error.status, faultEnvelope(error));
      throw error;
    }
  }

  async #answer(call: SoapCall, request: HttpRequest): Promise<Outcome> {
    const service = this.#camera.serviceOf(call.namespace);
    const isServed = service !== undefined && request.path === this.#camera.pathOf(service);
    if (!isServed && !isSubscriptionPath(request.path)) return page(404, "Not Found");
    const { refuses, forbids, guardsClock } = this.#camera.options;
    const isOpen = OPEN.has(call.operation) && !(guardsClock && call.operation === "GetSystemDateAndTime");
    const refusal = isOpen ? undefined : this.#checkAccount(call, request);
    if (refusal) return refusal;
    if (forbids?.includes(call.operation)) throw refused();
    if (refuses?.includes(call.operation)) throw notSupported(call.operation);
    if (this.#camera.isTapo && call.operation === "GetSnapshotUri") throw notSupported(call.operation);
    const answer = await this.#serve(service, call, request);
    if (answer === "hang_up") return "hang_up";
    if (answer === undefined) throw notSupported(call.operation);
    return soap(200, envelope(answer));
  }

  /** Fails, or returns what to answer, when the account is not the right one. */
  #checkAccount({ envelope }: SoapCall, request: HttpRequest): Outcome | undefined {
    const { authentication = "ws-security", countsSignatures, explainsChallenge, isTerse } =
      this.#camera.options;
    switch (authentication) {
      case "ws-security":
        return this.#security.checkToken(envelope);
      case "digest":
        if (countsSignatures) this.#security.countToken(request, envelope);
        return this.#security.checkDigest(request, explainsChallenge ? refused() : undefined);
      case "either":
        return this.#security.checkEither(request, { envelope, isTerse });
    }
  }

  async #serve(
    service: ReturnType<Camera["serviceOf"]>,
    call: SoapCall,
    request: HttpRequest,
  ): Promise<string | undefined> {
    switch (service) {
      case "device":
        return answerDevice(this.#camera, call);
      case "media":
        return answerMedia(this.#camera, call);
      case "media2":
        return answerMedia2(this.#camera, call);
      case "ptz":
        return answerPtz(this.#camera, call);
      case "imaging":
        return answerImaging(this.#camera, call);
      case "events":
        return await this.#camera.events.answer(call, request);
    }
  }

  #snapshot(request: HttpRequest): Outcome {
    const token = new URL(request.path, "http://camera").searchParams.get("token");
    if (!PROFILES.some((profile) => profile.token === token)) return page(404, "Not Found");
    const isOpen = this.#camera.options.authentication === "none";
    const body = (this.#camera.options.snapshot ?? (() => SMALL_JPEG))();
    return (isOpen ? undefined : this.#security.checkDigest(request)) ??
      { status: 200, headers: { "Content-Type": "image/jpeg" }, body };
  }
}
