// The way to one camera: every exchange has a deadline and an end, and is authorised where the camera wants
// it.
import { abortError, HubError } from "../../base/errors.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";
import { wantsAccount } from "./faults.ts";
import { exchangeHttp, type HttpRequest, type HttpResponse, noAnswer } from "../http/exchange.ts";
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
  /** Origins that want the signature of WS-Security: they offered no HTTP digest when they refused a request. */
  readonly #signedOrigins = new Set<string>();

  constructor(writer: RequestWriter) {
    this.#writer = writer;
  }

  /**
   * Sends a request and returns the answer's text, whatever its status. Until an origin is known to want
   * signatures, a request goes without the account first, which is no try. Where it is refused, HTTP digest
   * (RFC 7616) is given if the camera offers that, and the signature if not: it is the same password, and a
   * camera may count both.
   * @param write is asked anew for each form of the request.
   * @throws HubError, see `exchangeHttp`; `unavailable` with `details.unreachable` past the deadline.
   */
  async post(
    write: () => SoapRequest & { url: string },
    options: Omit<ExchangeOptions, "maxBytes">,
  ): Promise<{ status: number; text: string }> {
    const bounds = { ...options, maxBytes: MAX_SOAP_BYTES };
    const signed = async () => readText(await this.#bounded(toRequest(write()), bounds));
    const unsigned = () => toRequest(this.#writer.unsigned(write));
    const request = unsigned();
    const { origin } = new URL(request.url);
    if (this.#signedOrigins.has(origin) && !options.isAnonymous) return await signed();
    const first = await this.#bounded(request, bounds);
    const answer = readText(first);
    const isAnswer = options.isAnonymous || !this.#writer.hasAccount || !wantsAccount(answer);
    if (isAnswer) return answer;
    const second = first.status === 401 ? await this.#answerChallenge(first, unsigned, bounds) : undefined;
    if (second) return readText(second);
    this.#signedOrigins.add(origin);
    return await signed();
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
