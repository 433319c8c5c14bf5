// What is taken down of every change that was asked for.
import type { HubError } from "../base/errors.ts";
import type { Operation, OperationContext } from "./operation.ts";

/** One change, as the gate reports it: with an output when it was done, with an error when it was not. */
export interface AuditEntry {
  operation: Operation;
  context: OperationContext;
  input: Record<string, unknown>;
  output?: Record<string, unknown>;
  error?: HubError;
}
