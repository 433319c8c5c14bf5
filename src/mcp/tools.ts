// Operations as tools: what a model reads of them, and how a call becomes an invocation.
import type {
  CallToolResult,
  InputRequiredResult,
  McpRequestContext,
  McpServer,
  ServerContext,
  ToolAnnotations,
} from "@modelcontextprotocol/server";
import { isEnough, type Principal, type Role } from "../auth/roles.ts";
import { HubError, isAbort } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import type { ToolCallNote } from "../metrics/metrics.ts";
import type { Hub } from "../operations/hub.ts";
import { invoke } from "../operations/invoke.ts";
import { descriptionOf } from "../operations/json_schemas.ts";
import type { Operation, Progress } from "../operations/operation.ts";
import { answerOf, declined, question, shouldAsk } from "./confirm.ts";
import { principalOf } from "./principal.ts";
import { failureResult, problemOf, successResult } from "./results.ts";
import { toolSchemas } from "./schema.ts";
import { APP_URI } from "./uris.ts";

/** Operations whose results the camera page shows, in clients that render it. */
const SHOWN_BY_APP: ReadonlySet<string> = new Set(["list_cameras", "capture_image"]);
/** The second key is the older spelling, which some clients still read. */
const APP_META = { ui: { resourceUri: APP_URI, visibility: ["model", "app"] }, "ui/resourceUri": APP_URI };

/** What tools work with. */
export interface ToolDeps {
  hub: Hub;
  log: Logger;
  connection: McpRequestContext;
  /** Who asks where requests carry nobody: the user of a process on stdio. */
  local: Principal | undefined;
  /** True where the client wants nothing changed. */
  isReadOnly: boolean;
  /** Told of each call. */
  onCall?: ((note: ToolCallNote) => void) | undefined;
}

/** Adds an operation to a server. */
export function registerOperation(server: McpServer, operation: Operation, deps: ToolDeps): void {
  const { input, output } = toolSchemas(operation);
  server.registerTool(operation.name, {
    title: operation.title,
    description: descriptionOf(operation),
    inputSchema: input,
    outputSchema: output,
    annotations: annotationsOf(operation, deps),
    ...(SHOWN_BY_APP.has(operation.name) ? { _meta: APP_META } : {}),
  }, (args, request) => countedCall(operation, args, { ...deps, server, request }));
}

/** Operations that bring something into a state: doing it again changes nothing. */
const BRINGS_ABOUT = /^(?:set|stop|connect|disconnect|recall|go_to|update|cancel|acknowledge)_/;

function annotationsOf({ name, effect, leaves }: Operation, deps: ToolDeps): ToolAnnotations {
  const isRead = effect === "read" && !(leaves && mayLeave(leaves.role, deps));
  return {
    readOnlyHint: isRead,
    destructiveHint: effect === "destructive",
    idempotentHint: isRead || BRINGS_ABOUT.test(name),
    openWorldHint: false,
  };
}

/** A read that can leave something behind changes nothing for those of whom that is refused. */
function mayLeave(role: Role, { connection, local, isReadOnly }: ToolDeps): boolean {
  return !isReadOnly && isEnough(principalOf(undefined, connection, local).role, role);
}

interface Call extends ToolDeps {
  server: McpServer;
  request: ServerContext;
}

async function countedCall(
  operation: Operation,
  args: Record<string, unknown>,
  call: Call,
): Promise<CallToolResult | InputRequiredResult> {
  const { onCall, hub: { clock } } = call;
  const startMs = clock.monotonic();
  let result: ToolCallNote["result"] = "cancelled";
  try {
    const answer = await callTool(operation, args, call);
    result = "isError" in answer && answer.isError ? "error" : "ok";
    return answer;
  } finally {
    onCall?.({ tool: operation.name, result, tookMs: clock.monotonic() - startMs });
  }
}

async function callTool(
  operation: Operation,
  args: Record<string, unknown>,
  call: Call,
): Promise<CallToolResult | InputRequiredResult> {
  const progress = new ProgressTeller(call);
  try {
    const principal = principalOf(call.request, call.connection, call.local);
    const { signal } = call.request.mcpReq;
    const { hub, isReadOnly } = call;
    const context = { hub, principal, signal, isReadOnly, report: progress.report };
    if (!shouldAsk(operation, args, call)) return successResult(await invoke(operation, context, args));
    const answer = answerOf(call.request);
    if (answer === "no") return declined(operation);
    if (answer === "yes") return successResult(await invoke(operation, context, { ...args, confirm: true }));
    // What is wrong with the input, or forbidden, is told before anybody is asked.
    const { would } = await invoke(
      operation,
      context,
      args["confirm"] === true ? { ...args, confirm: false } : args,
    );
    return question(operation, String(would));
  } catch (error) {
    return await failed(operation, error, call);
  } finally {
    await progress.end();
  }
}

/** Passes progress on to a client that wants to hear of it. */
class ProgressTeller {
  readonly #call: Call;
  #told: Promise<void> | undefined;

  constructor(call: Call) {
    this.#call = call;
  }

  readonly report = (progress: Progress): void => {
    const { log, request } = this.#call;
    const progressToken = request.mcpReq._meta?.progressToken;
    if (progressToken === undefined || request.mcpReq.signal.aborted) return;
    this.#told = request.mcpReq.notify({
      method: "notifications/progress",
      params: { progressToken, ...progress },
    }).catch((error) => log.debug("Progress could not be told", { error }));
  };

  /** Clients drop progress that comes together with the result: the last report is given a moment. */
  async end(): Promise<void> {
    if (!this.#told) return;
    await this.#told;
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** Also the client's log hears of it; the hub's own only of what is the hub's fault. */
async function failed(operation: Operation, error: unknown, { request, log }: Call): Promise<CallToolResult> {
  // The client is gone or has cancelled: nobody reads the answer.
  if (isAbort(error) && request.mcpReq.signal.aborted) throw error;
  if (!(error instanceof HubError) || error.kind === "internal") {
    log.error("A tool failed", { operation: operation.name, error });
  }
  const problem = problemOf(error);
  const { error_code, message } = problem;
  const level = problem.urgency === "low" ? "info" : problem.urgency === "medium" ? "warning" : "error";
  try {
    await request.mcpReq.log(level, { operation: operation.name, error_code, message }, "operations");
  } catch (untold) {
    log.debug("The client's log could not be told", { error: untold });
  }
  return failureResult(problem);
}
