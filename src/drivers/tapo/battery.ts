// A Tapo camera on batteries that stands on the network by itself: it cannot be asked whether it sleeps without
// being woken, so that it is asked only when somebody wants something of it, and when it is opened.
import type { Clock } from "../../base/clock.ts";
import { HubError } from "../../base/errors.ts";
import type { Power, PowerState } from "../../devices/capabilities.ts";
import type { TapoAnswer, TapoCaller, TapoRequest } from "../../protocols/tapo/caller.ts";
import { readDeviceInfo } from "../../protocols/tapo/device.ts";
import { isQuestion } from "../../protocols/tapo/repeatable.ts";
import type { TapoObject } from "../../protocols/tapo/values.ts";
import { GatheredCaller, type TapoCallers } from "./gathered_caller.ts";

/** So long after something was wanted of it, it is still awake: questions cost nothing then. */
const AWAKE_MS = 10_000;
/** More than the settings of a camera; what was asked for longest ago goes first. */
const MAX_ANSWERS = 200;

/** One camera, with what it answered last. */
export class RestingCamera {
  readonly #caller: TapoCaller;
  readonly #clock: Clock;
  readonly #answers = new Map<string, TapoAnswer>();
  /** Questions are answered from memory while it may sleep; what a person wants goes through, and wakes it. */
  readonly callers: TapoCallers;
  #awakeUntilMs = -Infinity;

  constructor(caller: TapoCaller, clock: Clock) {
    this.#caller = caller;
    this.#clock = clock;
    this.callers = this.#makeCallers();
  }

  #makeCallers(): TapoCallers {
    const commands = callerOver(
      (requests, signal) => this.#ask(requests, signal),
      (body, signal) => this.#single(body, signal),
    );
    const questions = callerOver(
      (requests, signal) => this.#isAwake ? this.#ask(requests, signal) : this.#recall(requests),
      (body, signal) => this.#isAwake ? this.#single(body, signal) : Promise.reject(leftAsleep()),
    );
    return { questions: new GatheredCaller(questions), commands: new GatheredCaller(commands) };
  }

  /** The power capability; whether it sleeps is known only while it was just heard. */
  powerOver(questions: TapoCaller): Power {
    return {
      read: async (signal) => {
        const { batteryPercent, isCharging } = await readDeviceInfo(questions, signal);
        const state: PowerState = {};
        if (this.#isAwake) state.asleep = false;
        if (batteryPercent !== undefined) state.batteryPercent = batteryPercent;
        if (isCharging !== undefined) state.charging = isCharging;
        return state;
      },
    };
  }

  get #isAwake(): boolean {
    return this.#clock.monotonic() < this.#awakeUntilMs;
  }

  async #ask(requests: readonly TapoRequest[], signal: AbortSignal): Promise<TapoAnswer[]> {
    const isCommand = !requests.every(({ method }) => isQuestion(method));
    const wasAwake = this.#isAwake;
    const answers = await this.#caller.batch(requests, signal);
    // Questions alone must not keep it awake for ever.
    if (isCommand || !wasAwake) this.#heard();
    for (const [index, request] of requests.entries()) this.#keep(request, answers[index]);
    return answers;
  }

  async #single(body: TapoObject, signal: AbortSignal): Promise<TapoObject> {
    const answer = await this.#caller.single(body, signal);
    if (body["method"] !== "get") this.#heard();
    return answer;
  }

  #heard(): void {
    this.#awakeUntilMs = this.#clock.monotonic() + AWAKE_MS;
  }

  /** What went wrong for a moment must not stand in for what the camera said before: nobody asks it again soon. */
  #keep(request: TapoRequest, answer: TapoAnswer | undefined): void {
    if (!answer || !isQuestion(request.method)) return;
    const key = keyOf(request);
    const isLasting = answer.ok || answer.error.kind === "unsupported";
    const kept = isLasting ? answer : this.#answers.get(key) ?? answer;
    this.#answers.delete(key);
    this.#answers.set(key, kept);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > MAX_ANSWERS && oldest !== undefined) this.#answers.delete(oldest);
  }

  #recall(requests: readonly TapoRequest[]): Promise<TapoAnswer[]> {
    const unknown = (): TapoAnswer => ({ ok: false, error: leftAsleep() });
    return Promise.resolve(requests.map((request) => this.#answers.get(keyOf(request)) ?? unknown()));
  }
}

function keyOf({ method, params }: TapoRequest): string {
  return JSON.stringify([method, params]);
}

function callerOver(batch: TapoCaller["batch"], single: TapoCaller["single"]): TapoCaller {
  return {
    batch,
    single,
    request: async (method, params, signal) => {
      const [answer] = await batch([{ method, params }], signal);
      if (answer?.ok) return answer.result;
      throw answer?.error ?? new HubError("device_rejected", "The camera left the question unanswered");
    },
  };
}

function leftAsleep(): HubError {
  return new HubError("unavailable", "The camera is not woken to look, to spare its battery", {
    hint: "What you want it to do goes through, and wakes it",
  });
}
