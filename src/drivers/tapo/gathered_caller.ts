// Puts questions that are asked at the same moment into one message: a camera answers slowly, but many at once.
import { HubError } from "../../base/errors.ts";
import { abortable } from "../../base/scope.ts";
import type { TapoAnswer, TapoCaller, TapoRequest } from "../../protocols/tapo/caller.ts";
import { isQuestion } from "../../protocols/tapo/repeatable.ts";
import type { TapoObject } from "../../protocols/tapo/values.ts";

/** A device as it is asked by the hub and as it is told what a person wants: one that sleeps tells them apart. */
export interface TapoCallers {
  questions: TapoCaller;
  commands: TapoCaller;
}

interface Question {
  request: TapoRequest;
  answer: PromiseWithResolvers<TapoAnswer>;
}

/** Whose message a question rides on; the caller that gave up does not spoil it for the others. */
const SHARED_DEADLINE_MS = 25_000;

/** Gathers `get…` requests of one turn of the event loop; all else goes straight through. */
export class GatheredCaller implements TapoCaller {
  readonly #caller: TapoCaller;
  #questions = new Map<string, Question>();

  constructor(caller: TapoCaller) {
    this.#caller = caller;
  }

  async request(method: string, params: TapoObject, signal: AbortSignal): Promise<TapoObject> {
    if (!isQuestion(method)) return await this.#caller.request(method, params, signal);
    const answer = await this.#ask({ method, params }, signal);
    if (answer.ok) return answer.result;
    throw answer.error;
  }

  async batch(requests: readonly TapoRequest[], signal: AbortSignal): Promise<TapoAnswer[]> {
    if (!requests.every(({ method }) => isQuestion(method))) {
      return await this.#caller.batch(requests, signal);
    }
    return await Promise.all(requests.map((request) => this.#ask(request, signal)));
  }

  single(body: TapoObject, signal: AbortSignal): Promise<TapoObject> {
    return this.#caller.single(body, signal);
  }

  /** The same question of the same turn is asked once. */
  #ask(request: TapoRequest, signal: AbortSignal): Promise<TapoAnswer> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const key = JSON.stringify([request.method, request.params]);
    let question = this.#questions.get(key);
    if (!question) {
      if (this.#questions.size === 0) queueMicrotask(() => setTimeout(() => void this.#send(), 0));
      question = { request, answer: Promise.withResolvers() };
      this.#questions.set(key, question);
    }
    return abortable(question.answer.promise, signal);
  }

  async #send(): Promise<void> {
    const groups = withoutTwins([...this.#questions.values()]);
    this.#questions = new Map();
    for (const questions of groups) await this.#sendTogether(questions);
  }

  async #sendTogether(questions: readonly Question[]): Promise<void> {
    try {
      const deadline = AbortSignal.timeout(SHARED_DEADLINE_MS);
      const answers = await this.#caller.batch(questions.map(({ request }) => request), deadline);
      for (const [index, { answer }] of questions.entries()) answer.resolve(answers[index] ?? unanswered());
    } catch (error) {
      for (const { answer } of questions) answer.reject(error);
    }
  }
}

/** No method twice in a message: hubs change the order of answers, which are told apart by nothing else. */
function withoutTwins(questions: readonly Question[]): Question[][] {
  const groups: Question[][] = [];
  for (const question of questions) {
    const { method } = question.request;
    const free = groups.find((group) => group.every(({ request }) => request.method !== method));
    if (free) free.push(question);
    else groups.push([question]);
  }
  return groups;
}

function unanswered(): TapoAnswer {
  return { ok: false, error: new HubError("device_rejected", "The camera left the question unanswered") };
}
