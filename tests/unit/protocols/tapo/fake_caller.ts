// A caller whose answers a test lays out, and which keeps what it was asked.
import { HubError } from "../../../../src/base/errors.ts";
import type { TapoAnswer, TapoCaller, TapoRequest } from "../../../../src/protocols/tapo/caller.ts";
import { tapoError } from "../../../../src/protocols/tapo/errors.ts";
import type { TapoObject } from "../../../../src/protocols/tapo/values.ts";

/** A result, a code, or a list of these for one call after the other. */
export type Layout = TapoObject | number;

/** Answers by the name of the method; single forms have names such as `get motor`. Unknown ones are -40106. */
export class FakeCaller implements TapoCaller {
  /** What was asked: the method with its parameters, or the whole of a single form. */
  readonly asked: unknown[] = [];
  readonly #answers: Map<string, Layout | Layout[]>;

  constructor(answers: Record<string, Layout | Layout[]> = {}) {
    this.#answers = new Map(Object.entries(answers));
  }

  request(method: string, params: TapoObject): Promise<TapoObject> {
    this.asked.push([method, params]);
    return this.#answer(method);
  }

  async batch(requests: readonly TapoRequest[]): Promise<TapoAnswer[]> {
    const answers: TapoAnswer[] = [];
    for (const { method, params } of requests) {
      try {
        answers.push({ ok: true, result: await this.request(method, params ?? {}) });
      } catch (error) {
        if (!(error instanceof HubError)) throw error;
        answers.push({ ok: false, error });
      }
    }
    return answers;
  }

  single(body: TapoObject): Promise<TapoObject> {
    this.asked.push(body);
    const subject = Object.keys(body).find((key) => key !== "method");
    return this.#answer(`${body["method"]} ${subject}`);
  }

  #answer(method: string): Promise<TapoObject> {
    const layout = this.#answers.get(method) ?? -40106;
    const next = Array.isArray(layout) ? layout.shift() ?? -40106 : layout;
    return typeof next === "number" ? Promise.reject(tapoError(next, method)) : Promise.resolve(next);
  }
}
