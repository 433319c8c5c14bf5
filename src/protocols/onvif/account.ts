// What a camera has said of the account. Every wrong try counts there, so that a refusal ends all calls, and
// a refusal that may mean something else is made sure of before it could come again.
import { HubError } from "../../base/errors.ts";
import { abortable } from "../../base/scope.ts";

/** Operations that every account may ask for (ONVIF Core, access classes PRE_AUTH to READ_MEDIA). */
const QUESTION = /\/(?:Get|CreatePullPoint|PullMessages|Renew|Unsubscribe)\w*$/;

/** Told of the refusal; returns what every call from then on throws. */
export type OnRefused = (error: HubError) => Promise<HubError>;

/** True when the camera does not take the account. */
export function isRefusal(error: unknown): error is HubError {
  return error instanceof HubError && (error.kind === "unauthenticated" || error.kind === "locked_out");
}

/** How the account stands with one camera. */
export class AccountStanding {
  readonly #onRefused: OnRefused | undefined;
  #refusal: HubError | undefined;
  /** A command was refused: for want of a right, or because the password is wrong by now. */
  #isInDoubt = false;
  #asking: Promise<void> | undefined;

  constructor(onRefused: OnRefused | undefined) {
    this.#onRefused = onRefused;
  }

  /** @throws HubError why the camera no longer takes the account. */
  assertTaken(): void {
    if (this.#refusal) throw this.#refusal;
  }

  /** True when `settle` has to come before a call of this action. */
  mustSettle(action: string | undefined): boolean {
    return this.#isInDoubt && !isQuestion(action);
  }

  /**
   * Ends the doubt: asks what every account may ask, once for all who wait.
   * @param ask a call that has an end of its own: one waiter who leaves does not end it for the others.
   * @throws HubError what `ask` throws: nothing else is to be sent then; AbortError.
   */
  async settle(ask: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
    this.#asking ??= ask().then(() => {
      this.#isInDoubt = false;
    }).finally(() => {
      this.#asking = undefined;
    });
    await abortable(this.#asking, signal);
  }

  /**
   * Notes the failure of a signed call and returns what to throw instead. A lockout concerns the account
   * whatever was asked. `unauthenticated` is certain only of a question: an account that may look but not
   * move is refused so for moves.
   */
  async judge(error: unknown, action: string | undefined): Promise<unknown> {
    if (!isRefusal(error)) return error;
    if (error.kind === "locked_out" || isQuestion(action)) return await this.refuse(error);
    this.#isInDoubt = true;
    return error;
  }

  /** The camera does not take the account: told once. */
  async refuse(error: HubError): Promise<HubError> {
    if (this.#refusal) return this.#refusal;
    this.#refusal = error;
    this.#refusal = await this.#onRefused?.(error) ?? error;
    return this.#refusal;
  }
}

function isQuestion(action: string | undefined): boolean {
  return QUESTION.test(action ?? "");
}
