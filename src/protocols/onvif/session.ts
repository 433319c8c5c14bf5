// One camera being talked to: its services, its clock, and calls that end.
import type { Clock } from "../../base/clock.ts";
import { HubError } from "../../base/errors.ts";
import { AccountStanding, isRefusal, type OnRefused } from "./account.ts";
import { readAnswer } from "./faults.ts";
import { ignored, type OnvifAccount, RequestWriter, soapAction, type SoapRequest } from "./requests.ts";
import type { HttpResponse } from "../http/exchange.ts";
import { CameraHttp } from "./transport.ts";
import { childrenOf, find, numberAt, textAt, type XmlElement } from "./xml.ts";

/** Where the camera is and who logs in. */
export interface SessionOptions {
  host: string;
  port: number;
  /** Of the device service. */
  path: string;
  account: OnvifAccount | undefined;
  /** Longest wait for one answer. */
  timeoutMs: number;
  clock: Clock;
  /** Told once, when the camera refuses the account or has locked it. Returns what every call from then on throws. */
  onRefused?: OnRefused | undefined;
  /** Awaited once, before anything is sent with the account. What it throws, the call throws. */
  beforeLogin?: (() => Promise<void>) | undefined;
}

/** How a single call differs from the others. */
export interface CallOptions {
  signal: AbortSignal;
  /** Instead of the session's. */
  timeoutMs?: number;
  /** Instead of the address of the request's service. */
  url?: string;
  /** True: what `write` writes is unsigned, and a challenge is not answered either. */
  isAnonymous?: boolean;
}

/** More than the second that the camera's clock is told in, and the time of an answer. */
const CLOCK_MOVED_MS = 3000;

/** Calls to one camera. To be closed. */
export class OnvifSession {
  readonly clock: Clock;
  readonly host: string;
  readonly #origin: string;
  readonly #timeoutMs: number;
  readonly #writer: RequestWriter;
  readonly #http: CameraHttp;
  readonly #standing: AccountStanding;
  readonly #beforeLogin: () => Promise<void>;
  #login: Promise<void> | undefined;
  /** Addresses of the services, by the package's names. */
  readonly #services = new Map<string, string>();
  /** The camera's clock minus the clock that never jumps. */
  #cameraOffsetMs: number;

  /** @throws HubError `invalid_input` for a host or port that cannot be one. */
  constructor(options: SessionOptions) {
    this.clock = options.clock;
    this.host = options.host;
    this.#timeoutMs = options.timeoutMs;
    this.#standing = new AccountStanding(options.onRefused);
    this.#beforeLogin = options.beforeLogin ?? (() => Promise.resolve());
    this.#origin = originOf(options.host, options.port);
    this.#services.set("device", new URL(options.path, this.#origin).href);
    this.#cameraOffsetMs = this.clock.now() - this.clock.monotonic();
    this.#writer = new RequestWriter({
      account: options.account,
      cameraNowMs: () => this.cameraNowMs,
    });
    this.#http = new CameraHttp(this.#writer);
  }

  /** The time of the camera's clock, milliseconds since 1970. */
  get cameraNowMs(): number {
    return this.clock.monotonic() + this.#cameraOffsetMs;
  }

  /** How far the camera's clock is ahead of ours; negative when it is behind. */
  get clockSkewMs(): number {
    return Math.round(this.cameraNowMs - this.clock.now());
  }

  /** Names of the services that the camera has told. */
  get services(): readonly string[] {
    return [...this.#services.keys()];
  }

  /** Lets an operation of the package be written. */
  write(operation: Parameters<RequestWriter["write"]>[0]): SoapRequest {
    return this.#writer.write(operation);
  }

  /** Writes an operation of our own; see `RequestWriter.wrap`. */
  wrap(service: string | undefined, content: string, header?: string): SoapRequest {
    return this.#writer.wrap(service, content, header);
  }

  set usesMedia2(value: boolean) {
    this.#writer.usesMedia2 = value;
  }

  /**
   * Sends what `write` writes and returns the content of the answer. When the account is refused, the
   * camera's clock is read again, and only if it had moved is the call made once more: a wrong password is
   * not tried twice, in this call or in a later one. After a command that was refused, the next one waits
   * for the answer to a question.
   * @throws HubError, see `readAnswer` and `CameraHttp.post`; AbortError.
   */
  async call(write: () => SoapRequest, options: CallOptions): Promise<XmlElement> {
    this.#standing.assertTaken();
    await (this.#login ??= this.#beforeLogin());
    const action = soapAction(write().body);
    if (this.#standing.mustSettle(action)) {
      await this.#standing.settle(() => this.#askHarmlessly(), options.signal);
    }
    try {
      return await this.#exchangeByTheClock(write, options);
    } catch (error) {
      throw this.#writer.hasAccount ? await this.#standing.judge(error, action) : error;
    }
  }

  /** Not ended by whoever waits for it: the answer concerns all. It has the deadline of every call. */
  #askHarmlessly(): Promise<XmlElement> {
    const question = () => this.write((cam) => cam.getDeviceInformation(ignored));
    return this.call(question, { signal: new AbortController().signal });
  }

  async #exchangeByTheClock(write: () => SoapRequest, options: CallOptions): Promise<XmlElement> {
    try {
      return await this.#exchange(write, options);
    } catch (error) {
      if (!(error instanceof HubError) || error.kind !== "unauthenticated" || !this.#writer.hasAccount) {
        throw error;
      }
      if (!await this.#hasClockMoved(options.signal)) throw error;
      return await this.#exchange(write, options);
    }
  }

  async #hasClockMoved(signal: AbortSignal): Promise<boolean> {
    const beforeMs = this.#cameraOffsetMs;
    try {
      await this.readClock(signal);
    } catch (error) {
      if (error instanceof HubError) return false;
      throw error;
    }
    return Math.abs(this.#cameraOffsetMs - beforeMs) >= CLOCK_MOVED_MS;
  }

  async #exchange(write: () => SoapRequest, options: CallOptions): Promise<XmlElement> {
    const { signal, timeoutMs = this.#timeoutMs, isAnonymous = false } = options;
    const addressed = () => {
      const request = write();
      return { ...request, url: options.url ?? this.#urlOf(request.service) };
    };
    const { status, text } = await this.#http.post(addressed, { signal, timeoutMs, isAnonymous });
    return readAnswer(status, text);
  }

  #urlOf(service: string | undefined): string {
    // The package sends a restart to the service `deviceIO`, to which it does not belong.
    const url = this.#services.get(service === undefined || service === "deviceIO" ? "device" : service);
    if (url !== undefined) return url;
    throw new HubError("unsupported", `The camera has no ${service} service`);
  }

  /**
   * Reads the camera's clock, which its check of our signatures goes by. It is asked without account, as the
   * standard has it; the few cameras that refuse that are asked with the account. One that does not tell its
   * clock is taken to have ours.
   */
  async readClock(signal: AbortSignal): Promise<void> {
    try {
      const answer = await this.#askClock(signal);
      const cameraMs = readDateTime(find(answer, "SystemDateAndTime"));
      if (cameraMs !== undefined) this.#cameraOffsetMs = cameraMs - this.clock.monotonic();
    } catch (error) {
      if (!(error instanceof HubError) || error.kind !== "device_rejected") throw error;
    }
  }

  async #askClock(signal: AbortSignal): Promise<XmlElement> {
    const plain = () => this.#writer.write((cam) => cam.getSystemDateAndTime(ignored));
    const signed = () =>
      this.#writer.wrap(undefined, '<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/>');
    try {
      return await this.#exchange(plain, { signal, isAnonymous: true });
    } catch (error) {
      if (!(error instanceof HubError) || error.kind !== "unauthenticated" || !this.#writer.hasAccount) {
        throw error;
      }
      await (this.#login ??= this.#beforeLogin());
      return await this.#exchange(signed, { signal }).catch(async (refusal) => {
        throw isRefusal(refusal) ? await this.#standing.refuse(refusal) : refusal;
      });
    }
  }

  /** Asks which services there are, in the new way and, where that is unknown, in the old. */
  async readServices(signal: AbortSignal): Promise<void> {
    try {
      const services = await this.call(() => this.write((cam) => cam.getServices(false, ignored)), {
        signal,
      });
      for (const service of childrenOf(services, "Service")) {
        const name = serviceName(textAt(service, "Namespace") ?? "");
        if (name === undefined || name === "device") continue;
        this.#services.set(name, this.resolve(textAt(service, "XAddr")));
      }
    } catch (error) {
      if (
        !(error instanceof HubError) || (error.kind !== "unsupported" && error.kind !== "device_rejected")
      ) {
        throw error;
      }
      await this.#readCapabilities(signal);
    }
  }

  async #readCapabilities(signal: AbortSignal): Promise<void> {
    const answer = await this.call(() => this.write((cam) => cam.getCapabilities(ignored)), { signal });
    const capabilities = find(answer, "Capabilities");
    for (const name of ["Media", "PTZ", "Imaging", "Events"]) {
      const address = textAt(capabilities, name, "XAddr");
      if (address !== undefined) this.#services.set(name.toLowerCase(), this.resolve(address));
    }
  }

  /**
   * An address that the camera named, at the camera we know: behind NAT or with two networks its own host is
   * wrong, and it must not send us elsewhere. Its port counts only together with the host.
   */
  resolve(address: string | undefined): string {
    const own = new URL(this.#origin);
    const named = address === undefined ? null : URL.parse(address, own.href);
    if (!named || !named.protocol.startsWith("http")) return this.#services.get("device") ?? own.href;
    if (named.hostname === own.hostname) own.port = named.port;
    own.pathname = named.pathname;
    own.search = named.search;
    return own.href;
  }

  /** Reads what is no SOAP from the camera, such as a picture. */
  async get(url: string, options: { signal: AbortSignal; maxBytes: number }): Promise<HttpResponse> {
    return await this.#http.get(url, { ...options, timeoutMs: this.#timeoutMs });
  }

  /** Breaks off what is under way. */
  close(): void {
    this.#http.close();
  }
}

function originOf(host: string, port: number): string {
  const plain = host.replace(/^\[(.*)\]$/, "$1");
  const url = URL.parse(`http://${plain.includes(":") ? `[${plain}]` : plain}:${port}`);
  if (url && /^[^\s/@?#]+$/.test(plain)) return url.origin;
  throw new HubError("invalid_input", `"${host}" with port ${port} is no address of a camera`);
}

/**
 * `http://www.onvif.org/ver20/media/wsdl` is `media2` to the package; other second versions replace the
 * first.
 */
function serviceName(namespace: string): string | undefined {
  const [, version, name] = /^http:\/\/www\.onvif\.org\/(ver\d\d)\/(\w{1,40})\/wsdl$/.exec(namespace) ?? [];
  return version === "ver20" && name === "media" ? "media2" : name;
}

function readDateTime(time: XmlElement | undefined): number | undefined {
  const utc = find(time, "UTCDateTime") ?? find(time, "LocalDateTime");
  const part = (...path: string[]) => numberAt(utc, ...path);
  const [year, month, day] = [part("Date", "Year"), part("Date", "Month"), part("Date", "Day")];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const [hour, minute, second] = [part("Time", "Hour"), part("Time", "Minute"), part("Time", "Second")];
  const ms = Date.UTC(year, month - 1, day, hour ?? 0, minute ?? 0, second ?? 0);
  return Number.isFinite(ms) ? ms : undefined;
}
