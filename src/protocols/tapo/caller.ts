// How a camera is asked something: one method, several at once, or one of the forms that stand alone. A camera
// and each child of a hub are asked the same way.
import { HubError } from "../../base/errors.ts";
import { tapoError } from "./errors.ts";
import { asNumber, asObject, asText, at, type TapoObject } from "./values.ts";
import { errorCodeOf } from "./wire.ts";

/** One method with its parameters. */
export interface TapoRequest {
  method: string;
  params?: TapoObject;
}

/** What became of one request of a batch. */
export type TapoAnswer = { ok: true; result: TapoObject } | { ok: false; error: HubError };

/** Something that can be asked: a camera, a hub, or a child of a hub. */
export interface TapoCaller {
  /** Asks one thing and returns its `result`. @throws HubError as the camera's code says; AbortError. */
  request(method: string, params: TapoObject, signal: AbortSignal): Promise<TapoObject>;
  /**
   * Asks several things in as few messages as possible. The answers stand in the order of the requests; one
   * that fails spoils no other.
   * @throws HubError when the camera as a whole does not answer; AbortError.
   */
  batch(requests: readonly TapoRequest[], signal: AbortSignal): Promise<TapoAnswer[]>;
  /**
   * Sends a message of the forms get, set and do, such as `{"method":"get","motor":{…}}`, and returns the
   * whole answer.
   * @throws HubError as the camera's code says; AbortError.
   */
  single(body: TapoObject, signal: AbortSignal): Promise<TapoObject>;
}

/** Sends one message and returns the answer to it, its error code not yet looked at. */
export type SendMessage = (body: TapoObject, signal: AbortSignal) => Promise<TapoObject>;

/** More at once makes answers that some firmware cuts off. */
const MAX_BATCH = 20;

/** A caller over anything that carries messages. */
export class MessageCaller implements TapoCaller {
  readonly #send: SendMessage;

  constructor(send: SendMessage) {
    this.#send = send;
  }

  async request(method: string, params: TapoObject, signal: AbortSignal): Promise<TapoObject> {
    const [answer] = await this.#ask([{ method, params }], signal);
    const settled = answer ?? missingAnswer(method);
    if (!settled.ok) throw settled.error;
    return settled.result;
  }

  async batch(requests: readonly TapoRequest[], signal: AbortSignal): Promise<TapoAnswer[]> {
    const answers: TapoAnswer[] = [];
    for (let from = 0; from < requests.length; from += MAX_BATCH) {
      answers.push(...await this.#askAll(requests.slice(from, from + MAX_BATCH), signal));
    }
    return answers;
  }

  async single(body: TapoObject, signal: AbortSignal): Promise<TapoObject> {
    const answer = await this.#send(body, signal);
    throwOnError(answer, nameOf(body));
    return answer;
  }

  /** Some hubs stop at the first request that fails: what they left out is asked again without it. */
  async #askAll(requests: readonly TapoRequest[], signal: AbortSignal): Promise<TapoAnswer[]> {
    const answers: (TapoAnswer | undefined)[] = new Array(requests.length).fill(undefined);
    let open = requests.map((_request, index) => index);
    while (open.length > 0) {
      const asked = open.map((index) => requests[index]).filter((request) => request !== undefined);
      const got = await this.#ask(asked, signal);
      open.forEach((index, position) => answers[index] = got[position]);
      const last = got.findLast((answer) => answer !== undefined);
      open = last && !last.ok ? open.filter((index) => answers[index] === undefined) : [];
    }
    return requests.map((request, index) => answers[index] ?? missingAnswer(request.method));
  }

  async #ask(
    requests: readonly TapoRequest[],
    signal: AbortSignal,
  ): Promise<(TapoAnswer | undefined)[]> {
    const envelope = await this.#send({ method: "multipleRequest", params: { requests } }, signal);
    const responses = at(envelope, "result", "responses");
    if (!Array.isArray(responses)) {
      throwOnError(envelope, requests[0]?.method);
      throw new HubError("device_rejected", "The camera's answer holds no responses");
    }
    return matchResponses(requests, responses);
  }
}

/** Answers carry the name of their method, because hubs change the order. One without a name counts by place. */
function matchResponses(
  requests: readonly TapoRequest[],
  responses: readonly unknown[],
): (TapoAnswer | undefined)[] {
  const left = responses.map(asObject);
  return requests.map(({ method }, index) => {
    let place = left.findIndex((response) => response?.["method"] === method);
    const isNameless = left[index] !== undefined && asText(left[index]?.["method"]) === undefined;
    if (place < 0 && isNameless) place = index;
    const response = left[place];
    if (!response) return undefined;
    left[place] = undefined;
    return readResponse(method, response);
  });
}

function readResponse(method: string, response: TapoObject): TapoAnswer {
  const code = errorCodeOf(response);
  if (code !== 0) return { ok: false, error: tapoError(code, method) };
  if ("result" in response) return { ok: true, result: asObject(response["result"]) ?? {} };
  const { method: _method, error_code: _code, ...rest } = response;
  return { ok: true, result: rest };
}

function missingAnswer(method: string): { ok: false; error: HubError } {
  const error = new HubError("device_rejected", `The camera left ${method} unanswered`, {
    details: { tapo_method: method },
  });
  return { ok: false, error };
}

/** @throws HubError when the answer carries an error code. */
function throwOnError(answer: TapoObject, method: string | undefined): void {
  const code = errorCodeOf(answer);
  if (code !== 0) throw tapoError(code, method);
}

function nameOf(body: TapoObject): string | undefined {
  const subject = Object.keys(body).find((key) => key !== "method");
  return [asText(body["method"]), subject].filter((part) => part !== undefined).join(" ") || undefined;
}

/** A caller for one child of a hub: every message goes to the hub, wrapped for the child. */
export function childCaller(hub: TapoCaller, deviceId: string): TapoCaller {
  return new MessageCaller(async (body, signal) => {
    const childControl = { device_id: deviceId, request_data: body };
    const result = await hub.request("controlChild", { childControl }, signal);
    const data = asObject(result["response_data"]) ?? result;
    // A hub reports a child that is away beside the data, not in it.
    const code = asNumber(result["error_code"]);
    if (code !== undefined && code !== 0) throw tapoError(code, "controlChild");
    return data;
  });
}
