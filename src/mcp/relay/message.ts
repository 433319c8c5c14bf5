// JSON-RPC as the relay sees it: it looks at the envelope and never into results.

export type Id = string | number;

/** A request, a notification or an answer. */
export interface Message {
  jsonrpc: "2.0";
  id?: Id | null;
  method?: string;
  params?: { [key: string]: unknown; _meta?: Record<string, unknown> };
  result?: unknown;
  error?: { code: number; message: string; data?: unknown };
}

/** Passes a message to the client; resolves when the next one may be written. */
export type Write = (message: Message) => Promise<void>;

/** Codes of JSON-RPC 2.0. */
export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const INTERNAL_ERROR = -32603;

const VERSION_KEY = "io.modelcontextprotocol/protocolVersion";

/** The revision that a message of the newer era names; undefined: the older era. */
export function claimedVersion({ params }: Message): string | undefined {
  const version = params?._meta?.[VERSION_KEY];
  return typeof version === "string" ? version : undefined;
}

export function isRequest({ method, id }: Message): boolean {
  return method !== undefined && id !== undefined && id !== null;
}

/** True for an answer to a request of ours, a result or an error. */
export function isAnswer({ method }: Message): boolean {
  return method === undefined;
}

/** Reads one line; undefined: it is no JSON, or `"strange"`: JSON, but no message. */
export function readMessage(line: string): Message | "strange" | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (value === null || typeof value !== "object" || Array.isArray(value)) return "strange";
    const { method, id, params } = value as Record<string, unknown>;
    const isKnown = (method === undefined ? id !== undefined : typeof method === "string") &&
      (params === undefined || (typeof params === "object" && params !== null)) &&
      (id === undefined || id === null || typeof id === "string" || typeof id === "number");
    return isKnown ? value as Message : "strange";
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The answer that says why there is none. */
export function failure(
  id: Id | null | undefined,
  error: { code: number; message: string; data?: unknown },
): Message {
  return { jsonrpc: "2.0", id: id ?? null, error };
}
