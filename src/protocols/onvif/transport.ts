// The way to one camera: every exchange has a deadline and an end, and is authorised where the camera wants
// it.
import { abortError, HubError } from "../../base/errors.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";
import { exchangeHttp, type HttpRequest, type HttpResponse, noAnswer } from "./http.ts";
import { type RequestWriter, soapAction, type SoapRequest } from "./requests.ts";

/** The bounds of one exchange. */
export interface ExchangeOptions {
  signal: AbortSignal;
  timeoutMs: number;
  maxBytes: number;
  /** True: a challenge is not answered. */
  isAnonymous?: boolean | undefined;
}

const MAX_SOAP_BYTES = 2 * 1024 * 1024;

/** HTTP with one camera. Nothing is kept open between exchanges. */
export class CameraHttp {
  readonly #writer: RequestWriter;
  readonly #closed = new AbortController();

  constructor(writer: RequestWriter) {
    this.#writer = writer;
  }

  /**
   * Sends a request and returns the answer's text, whatever its status.
   * @param write is asked anew when the camera wants HTTP digest: a signature serves only once.
   * @throws HubError, see `exchangeHttp`; `unavailable` with `details.unreachable` past the deadline.
   */
  async post(
    write: () => SoapRequest & { url: string },
    options: Omit<ExchangeOptions, "maxBytes">,
  ): Promise<{ status: number; text: string }> {
    const make = (): HttpRequest => {
      const { url, body } = write();
      const action = soapAction(body);
      const type = `application/soap+xml;charset=utf-8${action === undefined ? "" : `;action="${action}"`}`;
      return { url, method: "POST", headers: { "Content-Type": type }, body };
    };
    const { status, bytes } = await this.#authorized(make, { ...options, maxBytes: MAX_SOAP_BYTES });
    return { status, text: new TextDecoder().decode(bytes) };
  }

  /** Reads what is no SOAP, such as a picture. Throws as `post` does. */
  async get(url: string, options: ExchangeOptions): Promise<HttpResponse> {
    return await this.#authorized(() => ({ url, method: "GET", headers: {} }), options);
  }

  /** Breaks off what is under way. */
  close(): void {
    this.#closed.abort(abortError());
  }

  /** HTTP digest (RFC 7616) is given when it is asked for, and once: a second refusal is an answer. */
  async #authorized(make: () => HttpRequest, options: ExchangeOptions): Promise<HttpResponse> {
    const request = make();
    const first = await this.#bounded(request, options);
    if (first.status !== 401 || options.isAnonymous) return first;
    const { pathname, search } = new URL(request.url);
    const asked = { method: request.method, path: pathname + search };
    const authorization = this.#writer.authorize(challengesOf(first), asked);
    if (authorization === undefined) return first;
    const again = make();
    const headers = { ...again.headers, Authorization: authorization };
    return await this.#bounded({ ...again, headers }, options);
  }

  async #bounded(request: HttpRequest, options: ExchangeOptions): Promise<HttpResponse> {
    using limit = new LinkedSignal(options.signal, this.#closed.signal);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      limit.abort();
    }, options.timeoutMs);
    try {
      return await exchangeHttp(request, { signal: limit.signal, maxBytes: options.maxBytes });
    } catch (error) {
      if (options.signal.aborted) throw abortError();
      if (this.#closed.signal.aborted) {
        throw new HubError("unavailable", "The connection to the camera was closed", { cause: error });
      }
      throw isLate ? noAnswer(options.timeoutMs) : error;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The challenges that can be answered. The package recognises them by their first letters. */
function challengesOf({ headers }: HttpResponse): string[] {
  return headers.filter(([name, value]) => name === "www-authenticate" && /^digest\s/i.test(value))
    .slice(0, 4).map(([, value]) => value.slice(0, 1000).replace(/^digest/i, "Digest"));
}
