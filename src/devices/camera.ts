// One camera of the hub: opens its device, keeps it open, opens it again after a loss, and knows its status.
import { Changes, sleepOrChange } from "../base/changes.ts";
import { HubError, isAbort, toHubError } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import { RepetitionLimit } from "../base/limited_log.ts";
import { Backoff, waitAfter } from "../base/retry.ts";
import type { Logger } from "../base/log.ts";
import type { Device } from "./device.ts";
import type { CameraContext, Driver, DriverContext } from "./driver.ts";
import { cameraStatus, type StatusValue, type StreamReport } from "./status.ts";

/** Where a camera's entry comes from: the configuration file, the database, or found by the hub. */
export type CameraOrigin = "file" | "store" | "auto";

/** A camera as configured. */
export interface CameraSpec {
  id: string;
  name: string;
  type: string;
  enabled: boolean;
  origin: CameraOrigin;
  /** Validated by the driver's schema. */
  options: Record<string, unknown>;
}

/** The same transition is logged at most this often. */
const LOG_AGAIN_MS = 60_000;
const OPEN_TIMEOUT_MS = 20_000;
const OPEN_BACKOFF = { firstMs: 500, maxMs: 10_000 };
/** A device that cannot be reached is looked for often: that is cheap, and it is back soon after it returns. */
const UNREACHABLE_WAIT_MS = 2000;
/** After a longer wait the driver is asked again: it knows what it may send, and the wall clock may have jumped. */
const LONGEST_WAIT_MS = 60_000;

/** Owns one device from configuration to capabilities. `run` does the work. */
export class Camera {
  /** Notified when the status, the device or the configuration changes. */
  readonly changes = new Changes();
  readonly #driver: Driver;
  readonly #context: DriverContext;
  readonly #log: Logger;
  /** Ends a wait before the next opening: a device of this kind came or went. */
  readonly #wake = new Changes();
  /** A camera that comes and goes must not fill the journal. */
  readonly #repetition: RepetitionLimit;
  #spec: CameraSpec;
  #device: Device | undefined;
  #privacy: { device: Device; isCovered: boolean | undefined } | undefined;
  #openError: HubError | undefined;
  #nextOpenAtMs: number | undefined;
  #stream: StreamReport = { state: "idle" };
  #streamError: HubError | undefined;
  /** A person asked for the next opening; for the one under way. */
  #isAsked = false;
  #isOpeningAsked = false;
  #status: StatusValue & { sinceMs: number };

  constructor(spec: CameraSpec, driver: Driver, context: DriverContext) {
    this.#spec = spec;
    this.#driver = driver;
    this.#log = context.log.child({ camera: spec.id });
    this.#repetition = new RepetitionLimit({
      periodMs: LOG_AGAIN_MS,
      monotonic: () => context.clock.monotonic(),
    });
    this.#context = { ...context, log: this.#log };
    this.#status = { ...this.#decide(), sinceMs: context.clock.now() };
  }

  get id(): string {
    return this.#spec.id;
  }

  get spec(): CameraSpec {
    return this.#spec;
  }

  get driver(): Driver {
    return this.#driver;
  }

  /** The open device; undefined while there is none or the camera is disabled. */
  get device(): Device | undefined {
    return this.#device;
  }

  /** What the open device last said of its lens; undefined while that is not known. */
  get isCovered(): boolean | undefined {
    return this.#privacy && this.#privacy.device === this.#device ? this.#privacy.isCovered : undefined;
  }

  /** Told by whoever asked the device, or set it: undefined where the answer left it open. */
  noteCovered(device: Device, isCovered: boolean | undefined): void {
    const wasCovered = this.isCovered;
    this.#privacy = { device, isCovered };
    if (this.isCovered !== wasCovered) this.changes.notify();
  }

  /** The present status and since when it is so. */
  get status(): StatusValue & { sinceMs: number } {
    return this.#status;
  }

  /** Takes a name or switches the camera on or off, without touching what does not change. */
  update(change: Partial<Pick<CameraSpec, "name" | "enabled" | "origin">>): void {
    const isSwitched = change.enabled !== undefined && change.enabled !== this.#spec.enabled;
    if (isSwitched && change.enabled) {
      this.#openError = undefined;
      this.#isAsked = true;
    }
    this.#spec = { ...this.#spec, ...change };
    this.#settle();
    if (isSwitched) this.#wake.notify();
  }

  /** Told by the stream how it stands. */
  reportStream(report: StreamReport): void {
    this.#stream = report;
    if (report.state === "waiting") this.#streamError = report.error;
    if (report.state === "running" || report.state === "idle") this.#streamError = undefined;
    this.#settle();
  }

  /**
   * Tries at once, if it is waiting for its next try.
   * @param isAsked a person wants it: a password that was refused may be tried once more. An open device of
   * which a part waits for just that is opened anew.
   */
  wake(isAsked = false): void {
    const isOf = this.#device === undefined ? !this.#isOpeningAsked : this.#isPartStuck;
    this.#isAsked ||= isAsked && isOf;
    this.#wake.notify();
  }

  /** True when the stream or a part of the open device waits for a person. */
  get #isPartStuck(): boolean {
    return [this.#streamError, this.#device?.impairment?.error].some((error) =>
      error?.retryAtMs === Infinity
    );
  }

  /** Opens, watches and reopens the device until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const backoff = new Backoff(OPEN_BACKOFF);
    while (!signal.aborted) {
      if (!this.#spec.enabled) {
        await this.#wake.next(signal);
        continue;
      }
      const error = await this.#session(backoff, signal);
      if (signal.aborted || error === undefined) continue;
      const waitMs = this.#waitAfter(error, backoff);
      this.#nextOpenAtMs = waitMs === Infinity ? undefined : this.#context.clock.now() + waitMs;
      this.#settle();
      const sleepMs = waitMs === Infinity ? waitMs : Math.min(waitMs, LONGEST_WAIT_MS);
      await sleepOrChange(sleepMs, this.#wake, this.#context.clock, signal);
    }
  }

  /** From one opening to the loss of the device. Returns why it was lost; undefined when it was switched off. */
  async #session(backoff: Backoff, signal: AbortSignal): Promise<HubError | undefined> {
    using session = new LinkedSignal(signal);
    this.#nextOpenAtMs = undefined;
    const unsubscribe: ((() => void) | undefined)[] = [this.#wake.subscribe(() => {
      const isToReopen = this.#isAsked && this.#device !== undefined;
      if (!this.#spec.enabled || isToReopen) session.abort();
    })];
    try {
      this.#device = await this.#open(session.signal);
      this.#openError = undefined;
      this.#nextOpenAtMs = undefined;
      backoff.reset();
      unsubscribe.push(this.#device.impairment?.changes.subscribe(() => this.#settle()));
      this.#settle();
      await this.#device.run(session.signal);
      if (session.signal.aborted) return undefined;
      throw new HubError("unavailable", "The device ended its session", { hint: "The hub opens it again" });
    } catch (error) {
      if (session.signal.aborted && isAbort(error)) return undefined;
      this.#openError = toHubError(error);
      return this.#openError;
    } finally {
      for (const each of unsubscribe) each?.();
      this.#device = undefined;
      if (!signal.aborted) this.#settle();
    }
  }

  #waitAfter(error: HubError, backoff: Backoff): number {
    const waitMs = waitAfter(error, backoff, this.#context.clock.now());
    return error.details?.unreachable === true ? Math.min(waitMs, UNREACHABLE_WAIT_MS) : waitMs;
  }

  async #open(signal: AbortSignal): Promise<Device> {
    const deadline = AbortSignal.timeout(OPEN_TIMEOUT_MS);
    using either = new LinkedSignal(signal, deadline);
    const context: CameraContext = { ...this.#context, cameraId: this.#spec.id, isAsked: this.#isAsked };
    this.#isOpeningAsked = this.#isAsked;
    this.#isAsked = false;
    try {
      return await this.#driver.open(this.#spec.options, context, either.signal);
    } catch (error) {
      if (signal.aborted || !deadline.aborted) throw error;
      throw new HubError("timeout", `The device did not answer within ${OPEN_TIMEOUT_MS / 1000} s`);
    } finally {
      this.#isOpeningAsked = false;
    }
  }

  #decide(): StatusValue {
    return cameraStatus({
      enabled: this.#spec.enabled,
      isOpen: this.#device !== undefined,
      openError: this.#openError,
      nextOpenAtMs: this.#nextOpenAtMs,
      impairment: this.#device?.impairment?.error,
      stream: this.#stream,
      streamError: this.#streamError,
    });
  }

  /** Decides the status anew, keeps since when it holds, and logs each transition once. */
  #settle(): void {
    const next = this.#decide();
    const before = this.#status;
    const isSame = before.status === next.status && before.reason === next.reason;
    // A reason that is understood better after a while does not make the state begin anew.
    const sinceMs = before.status === next.status ? before.sinceMs : this.#context.clock.now();
    this.#status = { ...next, sinceMs };
    if (!isSame) this.#logTransition(next);
    this.changes.notify();
  }

  #logTransition(next: StatusValue): void {
    const isFault = next.status !== "online" && next.status !== "connecting" && next.status !== "disabled";
    const held = this.#repetition.pass(`${next.status} ${next.reason ?? ""}`);
    if (held === undefined) return;
    const fields = {
      status: next.status,
      reason: next.reason,
      hint: next.hint,
      ...(held > 0 ? { repeated: held } : {}),
    };
    if (isFault) this.#log.warn("Camera is not online", fields);
    else this.#log.info("Camera changed its status", fields);
  }
}
