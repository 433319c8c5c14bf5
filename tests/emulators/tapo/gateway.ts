// From an HTTP request to its answer: login or session, number and tag, cipher, faults, then the device.
import { answerEnvelope, type Callee, type EnvelopeOptions } from "./envelope.ts";
import { type Fault, type FaultQueue, takesEffect } from "./faults.ts";
import type { HttpRequest, Outcome } from "./http.ts";
import { asText, type JsonObject, objectAt, parseObject } from "./json.ts";
import type { LoginAnswer, LoginContext, LoginKind } from "./login.ts";
import { answerLoginTpap } from "./login_tpap.ts";
import { answerLoginV2 } from "./login_v2.ts";
import { LoginV3, tagOf } from "./login_v3.ts";
import { innerCalls, type LogEntry } from "./received.ts";
import type { Session } from "./sessions.ts";
import { CODES } from "./vendor_error.ts";

export interface GatewayOptions {
  context: LoginContext;
  device: Callee;
  faults: FaultQueue;
  now: () => number;
  /** The port a client reached, for what TPAP offers. */
  port: () => number;
  /** Quirks of the model. */
  quirks: Pick<EnvelopeOptions, "reorder" | "omitOuterCode">;
  /** Called once an answer is sent. */
  answered: () => void;
}

const NOT_JSON = "<html><body>Internal error</body></html>";
const STOK_PATH = /^\/stok=([^/]*)\/ds$/;

/** Answers for one camera. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #loginV3: LoginV3;
  login: LoginKind;
  /** How long each request keeps the camera busy; another one meanwhile is refused with 401. */
  latencyMs = 1;
  /** Connections beyond this many are told that there are too many HTTPS clients. */
  maxHttpsClients = Infinity;

  constructor(options: GatewayOptions, login: LoginKind) {
    this.#options = options;
    this.#loginV3 = new LoginV3(options.context);
    this.login = login;
  }

  async handle(request: HttpRequest, connections: number): Promise<Outcome> {
    const { context, now } = this.#options;
    if (context.lockout.isLocked) context.received.requestsWhileLocked++;
    const body = parseObject(request.body);
    const method = asText(body?.["method"]) ?? request.method;
    const entry = context.received.addEntry({ at: now(), path: request.path, method, decryptedBody: body });
    const outcome = await this.#route(request, body, connections, entry);
    if ("status" in outcome) entry.status = outcome.status;
    return { ...outcome, done: this.#options.answered };
  }

  #route(request: HttpRequest, body: JsonObject | undefined, connections: number, entry: LogEntry) {
    const stok = STOK_PATH.exec(request.path)?.[1];
    if (request.method !== "POST" || (stok === undefined && request.path !== "/")) {
      return plain({}, 404);
    }
    if (connections > this.maxHttpsClients) return plain({ error_code: CODES.tooManyHttpsClients });
    if (!body) return plain({ error_code: CODES.formatNotSupported });
    return stok === undefined ? this.#login(body) : this.#passThrough({ stok, request, body, entry });
  }

  async #login(body: JsonObject): Promise<Outcome> {
    if (body["method"] !== "login") return plain({ error_code: CODES.sessionInvalid });
    const { context, faults } = this.#options;
    context.received.loginAttempts.posts++;
    const fault = faults.take(["login"]);
    const silent = fault && !takesEffect(fault) ? spoil(fault, "", () => "") : undefined;
    if (silent) return silent;
    if (fault?.kind === "error-code") return plain({ error_code: fault.code ?? CODES.unspecific });
    await pause(this.latencyMs);
    const { status, body: answer } = this.#answerLogin(objectAt(body, "params") ?? {});
    const text = JSON.stringify(answer);
    return (fault && spoil(fault, text, (plainText) => plainText)) ?? { kind: "answer", status, body: text };
  }

  #answerLogin(params: JsonObject): LoginAnswer {
    const { context, port } = this.#options;
    if (this.login === "v2") return answerLoginV2(context, params);
    return this.login === "v3" ? this.#loginV3.answer(params) : answerLoginTpap(context, params, port());
  }

  async #passThrough(
    { stok, request, body, entry }: { stok: string; request: HttpRequest; body: JsonObject; entry: LogEntry },
  ): Promise<Outcome> {
    const session = this.#options.context.sessions.find(stok);
    if (!session) return plain({ error_code: CODES.sessionInvalid });
    if (session.isBusy) return plain({ error_code: CODES.sessionInvalid }, 401);
    session.isBusy = true;
    try {
      const opened = open(session, request, body);
      if ("refusal" in opened) return await plain(opened.refusal);
      Object.assign(entry, { method: opened.body["method"] ?? "", decryptedBody: opened.body });
      return await this.#answerOpened(session, opened.body);
    } finally {
      session.isBusy = false;
    }
  }

  async #answerOpened(session: Session, body: JsonObject): Promise<Outcome> {
    const seal = (text: string) => sealWith(session, text);
    const over = JSON.stringify({ error_code: CODES.sessionInvalid });
    if (session.expired === "http-500") return { kind: "answer", status: 500, body: seal(over) };
    if (session.expired === "code") return plain({ error_code: CODES.sessionInvalid });
    const fault = this.#options.faults.take(methodsOf(body));
    if (fault?.kind === "drop-tag") return plain(tagFailed());
    session.nextSeq++;
    if (fault && !takesEffect(fault)) {
      const spoilt = spoil(fault, "", seal);
      if (fault.kind === "stall" || fault.kind === "reset") session.nextSeq--;
      if (spoilt) return spoilt;
    }
    await pause(this.latencyMs);
    const text = JSON.stringify(this.#execute(session, body, fault));
    return (fault && spoil(fault, text, seal)) ?? { kind: "answer", status: 200, body: seal(text) };
  }

  #execute(session: Session, body: JsonObject, fault: Fault | undefined): JsonObject {
    const { device, context, now, quirks } = this.#options;
    // The camera account may log in, but is of no use for control.
    if (session.secure && session.userGroup !== "root") return { error_code: CODES.badArguments };
    if (fault?.kind === "error-code" && fault.method === undefined) {
      return { error_code: fault.code ?? CODES.unspecific };
    }
    context.received.addCalls(now(), body);
    return answerEnvelope(device, body, {
      omitOuterCode: quirks.omitOuterCode ?? false,
      reorder: (quirks.reorder ?? false) || fault?.kind === "reorder",
      stopAtFirstError: fault?.kind === "stop-at-first-error",
      failWith: fault?.kind === "error-code"
        ? (method) => method === fault.method ? fault.code ?? CODES.unspecific : undefined
        : undefined,
    });
  }
}

/** Takes the request out of its wrapping, or says why not. Sessions of V2 have none. */
function open(
  session: Session,
  request: HttpRequest,
  body: JsonObject,
): { body: JsonObject } | { refusal: JsonObject } {
  if (!session.secure) return { body };
  const wrapped = body["method"] === "securePassthrough" ? objectAt(body, "params")?.["request"] : undefined;
  if (typeof wrapped !== "string") return { refusal: { error_code: CODES.formatNotSupported } };
  const seq = Number(request.headers.get("seq"));
  if (seq !== session.nextSeq) {
    return { refusal: { error_code: CODES.unspecific, err_msg: "Check seq failed" } };
  }
  if (request.headers.get("tapo_tag") !== tagOf(session.secure, request.body, seq)) {
    return { refusal: tagFailed() };
  }
  try {
    const inner = parseObject(session.secure.cipher.decrypt(wrapped));
    return inner ? { body: inner } : { refusal: { error_code: CODES.formatNotSupported } };
  } catch {
    return { refusal: { error_code: CODES.sessionInvalid } };
  }
}

function tagFailed(): JsonObject {
  return { error_code: CODES.unspecific, err_msg: "Check tapo tag failed" };
}

function sealWith({ secure }: Session, text: string): string {
  if (!secure) return text;
  return JSON.stringify({ error_code: 0, result: { response: secure.cipher.encrypt(text) } });
}

/** The outcome of a spoilt answer; nothing for faults that are at work elsewhere. */
function spoil(fault: Fault, text: string, seal: (text: string) => string): Outcome | undefined {
  switch (fault.kind) {
    case "stall":
      return { kind: "stall" };
    case "reset":
      return { kind: "reset" };
    case "truncate":
      return { kind: "truncate", status: 200, body: seal(text) };
    case "non-json":
      return { kind: "answer", status: 200, body: NOT_JSON };
    case "http-500-encrypted":
      return {
        kind: "answer",
        status: 500,
        body: seal(JSON.stringify({ error_code: CODES.sessionInvalid })),
      };
    default:
      return undefined;
  }
}

/** All methods that a fault may name: the outer one, the inner ones and those for children. */
function methodsOf(body: JsonObject): string[] {
  const inner = innerCalls(body);
  const children = inner
    .map(({ params }) => objectAt(params, "childControl", "request_data"))
    .flatMap((request) => request ? methodsOf(request) : []);
  return [asText(body["method"]) ?? "", ...inner.map(({ method }) => method), ...children];
}

function plain(body: JsonObject, status = 200): Promise<Outcome> {
  return Promise.resolve({ kind: "answer", status, body: JSON.stringify(body) });
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
