// What the camera received, for tests to look at afterwards.
import { asList, asObject, asText, type Json, type JsonObject, objectAt } from "./json.ts";

export interface LogEntry {
  /** Milliseconds of the emulator's clock. */
  readonly at: number;
  readonly path: string;
  /** The outer method: `login`, `multipleRequest`, `get`, … or the HTTP method where the body is not JSON. */
  readonly method: string;
  readonly decryptedBody?: JsonObject | undefined;
  /** HTTP status; absent while it is worked on and where there was no answer. */
  status?: number;
}

/** One method inside a request, as it reached the device or one of its children. */
export interface Call {
  readonly at: number;
  readonly method: string;
  readonly params: JsonObject;
  readonly childId?: string | undefined;
}

export interface LoginAttempts {
  /** Every POST of a login, the first step of V3 included. */
  posts: number;
  /** Those that carried a password digest. */
  digests: number;
  /** Digests that were wrong. */
  wrong: number;
}

const MAX_KEPT = 10_000;

/** Everything received, newest last; the oldest entries are dropped beyond 10 000. */
export class Received {
  readonly log: LogEntry[] = [];
  readonly calls: Call[] = [];
  readonly loginAttempts: LoginAttempts = { posts: 0, digests: 0, wrong: 0 };
  /** Requests of any kind that came during a lockout: a careful client makes none. */
  requestsWhileLocked = 0;

  addEntry(entry: LogEntry): LogEntry {
    keep(this.log, entry);
    return entry;
  }

  /** Notes the methods inside a request; those for children with the child's id. */
  addCalls(at: number, body: JsonObject, childId?: string): void {
    for (const { method, params } of innerCalls(body)) {
      const child = method === "controlChild" ? objectAt(params, "childControl") : undefined;
      const request = objectAt(child, "request_data");
      if (request) this.addCalls(at, request, asText(child?.["device_id"]));
      else keep(this.calls, { at, method, params, childId });
    }
  }

  /** How often a method was called. */
  count(method: string): number {
    return this.calls.filter((call) => call.method === method).length;
  }

  clear(): void {
    this.log.length = 0;
    this.calls.length = 0;
    Object.assign(this.loginAttempts, { posts: 0, digests: 0, wrong: 0 });
    this.requestsWhileLocked = 0;
  }
}

/** The methods of a request, whether it holds one or many. */
export function innerCalls(body: JsonObject): { method: string; params: JsonObject }[] {
  const requests = body["method"] === "multipleRequest"
    ? asList(objectAt(body, "params")?.["requests"])
    : undefined;
  if (requests) return requests.map(callOf);
  const { method: _, ...rest } = body;
  return [{ method: asText(body["method"]) ?? "", params: objectAt(body, "params") ?? rest }];
}

function callOf(request: Json): { method: string; params: JsonObject } {
  const object = asObject(request);
  return { method: asText(object?.["method"]) ?? "", params: objectAt(object, "params") ?? {} };
}

function keep<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > MAX_KEPT) list.shift();
}
