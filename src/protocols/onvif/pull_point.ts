// A subscription that the camera keeps a queue for and that is asked for messages (ONVIF Core, pull-point notification).
import { type ErrorKind, HubError } from "../../base/errors.ts";
import { type OnvifObservation, readObservations } from "./observation.ts";
import { ignored } from "./requests.ts";
import type { OnvifSession } from "./session.ts";
import { epochMs, toDuration } from "./values.ts";
import { escapeXml, find, textAt, type XmlElement } from "./xml.ts";

const MESSAGE_LIMIT = 100;
/** As the package asks for, longer than any pull. */
const LIFETIME_MS = 120_000;
/** What a camera may take beyond the time of a pull. */
const PULL_GRACE_MS = 5000;
const FAREWELL_TIMEOUT_MS = 2000;
const REFUSALS: ReadonlySet<ErrorKind> = new Set(["unsupported", "device_rejected", "not_found"]);

/** One subscription. Ends by `unsubscribe`, or by itself when it is neither renewed nor pulled. */
export class PullPoint {
  readonly #session: OnvifSession;
  readonly #url: string;
  readonly #header: string;
  #expiresAtMs = 0;
  #lifetimeMs = LIFETIME_MS;
  #canRenew = true;

  private constructor(session: OnvifSession, reference: XmlElement | undefined) {
    const address = textAt(reference, "Address");
    this.#session = session;
    this.#url = session.resolve(address);
    this.#header = (address === undefined ? "" : `<a:To>${escapeXml(address)}</a:To>`) +
      writeParameters(find(reference, "ReferenceParameters"));
  }

  /**
   * Subscribes to everything.
   * @throws HubError `unsupported` when the camera has no events; see `OnvifSession.call`.
   */
  static async create(session: OnvifSession, signal: AbortSignal): Promise<PullPoint> {
    const answer = await session.call(
      () => session.write((cam) => cam.createPullPointSubscription(ignored)),
      { signal },
    );
    const point = new PullPoint(session, find(answer, "SubscriptionReference"));
    point.#noteTimes(answer);
    point.#lifetimeMs = Math.max(1000, point.#expiresAtMs - session.clock.monotonic());
    return point;
  }

  /** True when less than half of its life is left. */
  get isDueForRenewal(): boolean {
    return this.#canRenew && this.#expiresAtMs - this.#session.clock.monotonic() < this.#lifetimeMs / 2;
  }

  /**
   * Waits for messages.
   * @param options.waitMs how long the camera may wait for a first one; the answer is then empty.
   */
  async pull(options: { waitMs: number; signal: AbortSignal }): Promise<OnvifObservation[]> {
    const body = '<PullMessages xmlns="http://www.onvif.org/ver10/events/wsdl">' +
      `<Timeout>${toDuration(options.waitMs)}</Timeout><MessageLimit>${MESSAGE_LIMIT}</MessageLimit>` +
      "</PullMessages>";
    const answer = await this.#call(body, options.signal, options.waitMs + PULL_GRACE_MS);
    this.#noteTimes(answer);
    return readObservations(answer);
  }

  /**
   * Prolongs the subscription. A camera that refuses is not asked again: the next pull shows what it is
   * worth.
   */
  async renew(signal: AbortSignal): Promise<void> {
    const body = '<Renew xmlns="http://docs.oasis-open.org/wsn/b-2">' +
      `<TerminationTime>${toDuration(LIFETIME_MS)}</TerminationTime></Renew>`;
    try {
      this.#noteTimes(await this.#call(body, signal));
    } catch (error) {
      const isRefused = error instanceof HubError && REFUSALS.has(error.kind);
      if (!isRefused) throw error;
      this.#canRenew = false;
    }
  }

  /**
   * Says goodbye, also after an abort, since cameras keep only a few subscriptions. Never throws.
   * @returns false when the camera did not hear it.
   */
  async unsubscribe(): Promise<boolean> {
    const body = '<Unsubscribe xmlns="http://docs.oasis-open.org/wsn/b-2"/>';
    try {
      await this.#call(body, new AbortController().signal, FAREWELL_TIMEOUT_MS);
      return true;
    } catch (error) {
      // A camera that refuses has forgotten it already.
      return error instanceof HubError && error.kind !== "unavailable";
    }
  }

  async #call(body: string, signal: AbortSignal, timeoutMs?: number): Promise<XmlElement> {
    const options = { signal, url: this.#url, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
    return await this.#session.call(() => this.#session.wrap("events", body, this.#header), options);
  }

  /** Only the difference of the camera's two times counts: its clock may be wrong. */
  #noteTimes(answer: XmlElement): void {
    const currentMs = epochMs(textAt(answer, "CurrentTime"));
    const endMs = epochMs(textAt(answer, "TerminationTime"));
    const leftMs = currentMs === undefined || endMs === undefined ? LIFETIME_MS : endMs - currentMs;
    this.#expiresAtMs = this.#session.clock.monotonic() + leftMs;
  }
}

/**
 * Axis and others tell subscriptions apart by parameters, to be sent back in the header (WS-Addressing
 * SOAP binding).
 */
function writeParameters(parameters: XmlElement | undefined): string {
  return parameters?.children.slice(0, 10).map(({ name, namespace, text }) =>
    `<${name} xmlns="${escapeXml(namespace)}" a:IsReferenceParameter="true">${escapeXml(text)}</${name}>`
  ).join("") ?? "";
}
