// One thing at a time: a camera answers 401 to requests that run in parallel. What a person wants goes before what
// the hub only asks, and neither keeps the other out.
import { abortError, HubError } from "../../base/errors.ts";

/** What waits: a command is something that a person waits for. */
export type Urgency = "command" | "question";

/** After so many commands in a row a question has its turn, if one waits. */
const MAX_COMMANDS_IN_A_ROW = 4;

/** A queue with a bound. What does not fit is refused and counted. */
export class SerialQueue {
  /** How many may wait, of commands and of questions each: questions in a heap leave room for a command. */
  bound: number;
  readonly #waiting: Readonly<Record<Urgency, (() => void)[]>> = { command: [], question: [] };
  #isBusy = false;
  #commandsInARow = 0;
  #dropped = 0;

  constructor(bound: number) {
    this.bound = bound;
  }

  /** How many were refused because the queue was full. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Runs the work when it is its turn: commands first, each kind in the order of asking.
   * @throws HubError `unavailable` when too many wait; AbortError when the signal aborts before its turn.
   */
  async run<T>(
    work: () => Promise<T>,
    { urgency, signal }: { urgency: Urgency; signal: AbortSignal },
  ): Promise<T> {
    await this.#turn(urgency, signal);
    try {
      return await work();
    } finally {
      const next = this.#next();
      if (next) next();
      else this.#isBusy = false;
    }
  }

  #next(): (() => void) | undefined {
    const { command, question } = this.#waiting;
    const isQuestionsTurn = command.length === 0 || this.#commandsInARow >= MAX_COMMANDS_IN_A_ROW;
    if (isQuestionsTurn && question.length > 0) {
      this.#commandsInARow = 0;
      return question.shift();
    }
    // Only those count that a question waits behind.
    this.#commandsInARow = question.length > 0 ? this.#commandsInARow + 1 : 0;
    return command.shift();
  }

  #turn(urgency: Urgency, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(abortError());
    if (!this.#isBusy) {
      this.#isBusy = true;
      return Promise.resolve();
    }
    const waiting = this.#waiting[urgency];
    if (waiting.length >= this.bound) {
      this.#dropped++;
      return Promise.reject(
        new HubError("unavailable", `${waiting.length} requests already wait for this camera`, {
          hint: "The camera answers slowly: try again in a moment",
        }),
      );
    }
    return new Promise((resolve, reject) => {
      const begin = () => {
        signal.removeEventListener("abort", giveUp);
        resolve();
      };
      const giveUp = () => {
        waiting.splice(waiting.indexOf(begin), 1);
        reject(abortError());
      };
      waiting.push(begin);
      signal.addEventListener("abort", giveUp, { once: true });
    });
  }
}
