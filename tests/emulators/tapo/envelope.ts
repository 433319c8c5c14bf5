// Takes requests apart: many methods in one, the single get, set and do forms, and those for a hub's children.
import { asList, asObject, asText, type Json, type JsonObject, objectAt } from "./json.ts";
import { CODES, VendorError } from "./vendor_error.ts";

/** What can carry out one method. @throws VendorError for a refusal. */
export interface Callee {
  call(method: string, params: JsonObject): JsonObject;
  /** The single forms: `get`, `set` and `do` with modules beside the method. */
  single(verb: "get" | "set" | "do", modules: JsonObject): JsonObject;
  /** A child that answers; throws when it is unknown or asleep. */
  child(id: string): Callee;
}

export interface EnvelopeOptions {
  /** Answers in reverse order, as hubs may. */
  reorder?: boolean;
  stopAtFirstError?: boolean;
  /** The code that a method is to fail with, instead of being carried out. */
  failWith?: ((method: string) => number | undefined) | undefined;
  /** Hubs of some firmware leave the outer `error_code` away. */
  omitOuterCode?: boolean;
}

/** The answer to a whole request. */
export function answerEnvelope(callee: Callee, body: JsonObject, options: EnvelopeOptions = {}): JsonObject {
  const method = asText(body["method"]);
  if (method === "multipleRequest") return answerMany(callee, body, options);
  const code = method === undefined ? undefined : options.failWith?.(method);
  if (code !== undefined) return { error_code: code };
  if (method !== "get" && method !== "set" && method !== "do") {
    // Cameras take named methods only inside a multipleRequest.
    return { error_code: method === undefined ? CODES.formatNotSupported : CODES.badArguments };
  }
  try {
    return { ...callee.single(method, modulesOf(body)), error_code: 0 };
  } catch (error) {
    return { error_code: codeOf(error) };
  }
}

function answerMany(callee: Callee, body: JsonObject, options: EnvelopeOptions): JsonObject {
  const requests = asList(objectAt(body, "params")?.["requests"]);
  if (!requests) return { error_code: CODES.badArguments };
  const responses: JsonObject[] = [];
  for (const request of requests) {
    const response = answerOne(callee, request, options);
    responses.push(response);
    if (options.stopAtFirstError && response["error_code"] !== 0) break;
  }
  const result: JsonObject = { responses: options.reorder ? responses.toReversed() : responses };
  return options.omitOuterCode ? { result } : { result, error_code: 0 };
}

function answerOne(callee: Callee, request: Json, options: EnvelopeOptions): JsonObject {
  const object = asObject(request) ?? {};
  const method = asText(object["method"]) ?? "";
  const code = options.failWith?.(method);
  if (code !== undefined) return { method, result: {}, error_code: code };
  try {
    return { method, result: carryOut(callee, method, object, options), error_code: 0 };
  } catch (error) {
    return { method, result: {}, error_code: codeOf(error) };
  }
}

function carryOut(callee: Callee, method: string, object: JsonObject, options: EnvelopeOptions): JsonObject {
  const params = objectAt(object, "params") ?? {};
  if (method === "controlChild") return controlChild(callee, params, options);
  // "do" works alone only.
  if (method === "get" || method === "set") return callee.single(method, modulesOf(object));
  return callee.call(method, params);
}

function controlChild(callee: Callee, params: JsonObject, options: EnvelopeOptions): JsonObject {
  const control = objectAt(params, "childControl");
  const request = objectAt(control, "request_data");
  const id = asText(control?.["device_id"]);
  if (!request || id === undefined) throw new VendorError(CODES.badArguments);
  const child = callee.child(id);
  const isMany = request["method"] === "multipleRequest";
  // The hub mixes up its own answers, not those inside a child's.
  const inOrder = { ...options, reorder: false };
  const answer = isMany ? answerMany(child, request, inOrder) : answerOne(child, request, inOrder);
  return { response_data: answer };
}

/** The modules of a single form stand beside the method or in `params`. */
function modulesOf(body: JsonObject): JsonObject {
  const { method: _method, params: _params, ...beside } = body;
  return objectAt(body, "params") ?? beside;
}

/** The code of a refusal. Anything else is a fault of the emulator and must be seen. */
export function codeOf(error: unknown): number {
  if (error instanceof VendorError) return error.code;
  throw error;
}
