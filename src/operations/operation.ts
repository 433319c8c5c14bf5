// What an operation is: one record from which every face of the hub is derived, and the gate they all pass.
import { z } from "zod";
import { HubError } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import { inputError, toProblems } from "../config/problems.ts";
import type { Principal } from "../auth/access.ts";
import { ofDevice } from "./error_table.ts";
import type { Hub } from "./hub.ts";

/** What an operation runs with. */
export interface OperationContext {
  hub: Hub;
  principal: Principal;
  /** Aborts when the caller goes away or the deadline passes. */
  signal: AbortSignal;
}

/** One thing the hub can be asked to do. */
export interface Operation {
  name: string;
  title: string;
  summary: string;
  effect: "read" | "write" | "destructive";
  input: z.ZodObject;
  output: z.ZodType;
  run(context: OperationContext, input: Record<string, unknown>): Promise<unknown>;
}

/** Ties the run function's types to the schemas; the list then holds plain `Operation`s. */
export function operation<I extends z.ZodObject, O extends z.ZodType>(definition: {
  name: string;
  title: string;
  summary: string;
  effect: Operation["effect"];
  input: I;
  output: O;
  run(context: OperationContext, input: z.output<I>): Promise<z.input<O>>;
}): Operation {
  return {
    ...definition,
    run: (context, input) => definition.run(context, input as z.output<I>),
  };
}

/** No operation so far takes longer. */
const DEADLINE_MS = 30_000;

/**
 * Runs an operation: checks the input, runs it under a deadline, checks the output.
 * @throws HubError `invalid_input` with `details.problems`, `timeout`, or what the operation throws.
 */
export async function invoke(
  operation: Operation,
  context: OperationContext,
  input: unknown,
): Promise<unknown> {
  const checked = operation.input.safeParse(input ?? {}, { reportInput: true });
  if (!checked.success) throw wrongInput(operation, checked.error, input);
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  using either = new LinkedSignal(context.signal, deadline);
  try {
    return operation.output.parse(await operation.run({ ...context, signal: either.signal }, checked.data));
  } catch (error) {
    if (deadline.aborted && !context.signal.aborted && !(error instanceof HubError)) {
      throw new HubError("timeout", `${operation.name} took longer than ${DEADLINE_MS / 1000} s`);
    }
    throw ofDevice(error);
  }
}

function wrongInput(operation: Operation, error: z.ZodError, input: unknown): HubError {
  const json = z.toJSONSchema(operation.input, { io: "input", unrepresentable: "any" });
  return inputError(toProblems(error, json, input).map(({ keys: _, ...problem }) => problem));
}
