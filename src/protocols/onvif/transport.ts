// The way to one camera: every exchange has a deadline and an end, and is authorised where the camera wants
// it.
import { abortError, HubError } from "../../base/errors.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";
import { refusesAccount } from "./faults.ts";
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
  /** Origins that have taken HTTP digest. A signature without it may count as a wrong try there. */
  readonly #digestOrigins = new Set<string>();
  /** Actions for which the signature was enough once: a challenge to one of them refuses the account. */
  readonly #signedActions = new Set<string>();

  constructor(writer: RequestWriter) {
    this.#writer = writer;
  }

  /**
   * Sends a request and returns the answer's text, whatever its status. Signed first; HTTP digest (RFC 7616) is
   * given when it is asked for, and once. It is the same password: a camera that has looked at the signature is
   * not sent it again.
   * @param write is asked anew when the camera wants HTTP digest: a signature serves only once.
   * @throws HubError, see `exchangeHttp`; `unavailable` with `details.unreachable` past the deadline.
   */
  async post(
    write: () => SoapRequest & { url: string },
    options: Omit<ExchangeOptions, "maxBytes">,
  ): Promise<{ status: number; text: string }> {
    const signed = write();
    const [{ origin }, action = ""] = [new URL(signed.url), soapAction(signed.body)];
    const isSigned = !this.#digestOrigins.has(origin) || this.#signedActions.has(action);
    const bounds = { ...options, maxBytes: MAX_SOAP_BYTES };
    const request = toRequest(isSigned ? signed : this.#writer.unsigned(write));
    const first = await this.#bounded(request, bounds);
    if (first.status !== 401) {
      if (isSigned && first.status < 400) this.#signedActions.add(action);
      return readText(first);
    }
    if (options.isAnonymous || (isSigned && this.#isVerdict(first, action))) return readText(first);
    const second = await this.#answerChallenge(first, () => toRequest(write()), bounds);
    if (second && second.status !== 401) this.#digestOrigins.add(origin);
    return readText(second ?? first);
  }

  /** Reads what is no SOAP, such as a picture, with HTTP digest where it is asked for. Throws as `post` does. */
  async get(url: string, options: ExchangeOptions): Promise<HttpResponse> {
    const make = (): HttpRequest => ({ url, method: "GET", headers: {} });
    const first = await this.#bounded(make(), options);
    return first.status === 401 ? await this.#answerChallenge(first, make, options) ?? first : first;
  }

  /** Breaks off what is under way. */
  close(): void {
    this.#closed.abort(abortError());
  }

  /** True when a 401 to a signed request says that the signature was looked at and refused. */
  #isVerdict(answer: HttpResponse, action: string): boolean {
    return this.#signedActions.has(action) || refusesAccount(readText(answer).text);
  }

  /** The answer to the request with HTTP digest; undefined where there is no challenge that can be met. */
  async #answerChallenge(
    challenge: HttpResponse,
    make: () => HttpRequest,
    options: ExchangeOptions,
  ): Promise<HttpResponse | undefined> {
    const request = make();
    const { pathname, search } = new URL(request.url);
    const asked = { method: request.method, path: pathname + search };
    const authorization = this.#writer.authorize(challengesOf(challenge), asked);
    if (authorization === undefined) return undefined;
    const headers = { ...request.headers, Authorization: authorization };
    return await this.#bounded({ ...request, headers }, options);
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

function toRequest({ url, body }: SoapRequest & { url: string }): HttpRequest {
  const action = soapAction(body);
  const type = `application/soap+xml;charset=utf-8${action === undefined ? "" : `;action="${action}"`}`;
  return { url, method: "POST", headers: { "Content-Type": type }, body };
}

function readText({ status, bytes }: HttpResponse): { status: number; text: string } {
  return { status, text: new TextDecoder().decode(bytes) };
}

/** The challenges that can be answered. The package recognises them by their first letters. */
function challengesOf({ headers }: HttpResponse): string[] {
  return headers.filter(([name, value]) => name === "www-authenticate" && /^digest\s/i.test(value))
    .slice(0, 4).map(([, value]) => value.slice(0, 1000).replace(/^digest/i, "Digest"));
}
