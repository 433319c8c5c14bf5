// Batches and children: matching answers to requests, whatever order or number they come in.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import { Secret } from "../../../../src/base/secret.ts";
import {
  childCaller,
  MessageCaller,
  type TapoAnswer,
  type TapoRequest,
} from "../../../../src/protocols/tapo/caller.ts";
import { TapoSession } from "../../../../src/protocols/tapo/session.ts";
import { type Json, MiniCamera, MiniGuard, MiniTransport } from "./mini_camera.ts";

const signal = new AbortController().signal;

/** A caller whose messages a function answers; keeps what was sent. */
function bench(answer: (requests: TapoRequest[]) => unknown) {
  const sent: TapoRequest[][] = [];
  const caller = new MessageCaller((body) => {
    const { requests } = body["params"] as { requests: TapoRequest[] };
    sent.push(requests);
    return Promise.resolve({ error_code: 0, result: { responses: answer(requests) } });
  });
  return { sent, caller };
}

const good = (method: string, result: Json = { is: method }): Json => ({ method, result, error_code: 0 });
const bad = (method: string, code: number): Json => ({ method, error_code: code });
const request = (method: string): TapoRequest => ({ method, params: {} });

function inShort(answers: TapoAnswer[]): unknown[] {
  return answers.map((answer) =>
    answer.ok ? answer.result["is"] : answer.error.details?.["tapo_code"] ?? "missing"
  );
}

const NAMES = ["a", "b", "c", "d"];
const CASES: [string, (requests: TapoRequest[]) => unknown, unknown[]][] = [
  ["in order", (all) => all.map(({ method }) => good(method)), ["a", "b", "c", "d"]],
  ["in reverse", (all) => all.map(({ method }) => good(method)).reverse(), ["a", "b", "c", "d"]],
  [
    "with an error among them",
    (all) => all.map(({ method }) => method === "b" ? bad("b", -40106) : good(method)),
    ["a", -40106, "c", "d"],
  ],
  [
    "with one left out",
    (all) => all.filter(({ method }) => method !== "b").map(({ method }) => good(method)),
    ["a", "missing", "c", "d"],
  ],
  [
    "with an error as text",
    (all) => all.map(({ method }) => method === "d" ? { method, error_code: "-64324" } : good(method)),
    ["a", "b", "c", -64324],
  ],
  ["without names", (all) => all.map(({ method }) => ({ result: { is: method } })), ["a", "b", "c", "d"]],
  ["with nonsense", () => [null, 1, "x", []], ["missing", "missing", "missing", "missing"]],
  ["with none", () => [], ["missing", "missing", "missing", "missing"]],
  ["with strangers", (all) => [good("x"), ...all.map(({ method }) => good(method))], ["a", "b", "c", "d"]],
];
for (const [how, answer, expected] of CASES) {
  Deno.test(`MessageCaller.batch: answers ${how}`, async () => {
    const { caller } = bench(answer);
    assertEquals(inShort(await caller.batch(NAMES.map(request), signal)), expected);
  });
}

Deno.test("MessageCaller.batch: a hub that stops at the first error is asked again for the rest", async () => {
  const { caller, sent } = bench((requests) => {
    const stop = requests.findIndex(({ method }) => method === "b" || method === "c");
    const done = requests.slice(0, stop < 0 ? requests.length : stop + 1);
    return done.map(({ method }) => method === "b" || method === "c" ? bad(method, -40106) : good(method));
  });
  assertEquals(inShort(await caller.batch(NAMES.map(request), signal)), ["a", -40106, -40106, "d"]);
  assertEquals(sent.map((requests) => requests.map(({ method }) => method).join("")), ["abcd", "cd", "d"]);
});

Deno.test("MessageCaller.batch: the same method twice gets both answers in order", async () => {
  const { caller } = bench(() => [good("a", { is: 1 }), good("a", { is: 2 })]);
  assertEquals(inShort(await caller.batch([request("a"), request("a")], signal)), [1, 2]);
});

Deno.test("MessageCaller.batch: sends twenty at most at once, and nothing for nothing", async () => {
  const { caller, sent } = bench((all) => all.map(({ method }) => good(method)));
  const names = Array.from({ length: 45 }, (_, n) => `m${n}`);
  assertEquals(inShort(await caller.batch(names.map(request), signal)), names);
  assertEquals(sent.map(({ length }) => length), [20, 20, 5]);
  assertEquals(await caller.batch([], signal), []);
  assertEquals(sent.length, 3);
});

Deno.test("MessageCaller.batch: a refusal as a whole is thrown", async () => {
  const caller = new MessageCaller(() => Promise.resolve({ error_code: -52405 }));
  const error = await assertRejects(() => caller.batch([request("a")], signal), HubError);
  assertEquals([error.kind, error.details?.["tapo_code"]], ["unavailable", -52405]);
});

Deno.test("MessageCaller.batch: responses count although the whole carries the code of one", async () => {
  const responses = [good("a"), bad("b", -40106)];
  const caller = new MessageCaller(() => Promise.resolve({ error_code: -40106, result: { responses } }));
  assertEquals(inShort(await caller.batch([request("a"), request("b")], signal)), ["a", -40106]);
});

Deno.test("MessageCaller.request: an answer without a result is empty, other members count as one", async () => {
  const { caller } = bench(() => [{ method: "a", error_code: 0 }]);
  assertEquals(await caller.request("a", {}, signal), {});
  const other = bench(() => [{ method: "a", error_code: 0, status: "on" }]);
  assertEquals(await other.caller.request("a", {}, signal), { status: "on" });
});

Deno.test("MessageCaller.request: no answer is an error that names the method", async () => {
  const { caller } = bench(() => []);
  const error = await assertRejects(() => caller.request("getX", {}, signal), HubError);
  assertEquals([error.kind, error.details?.["tapo_method"]], ["device_rejected", "getX"]);
});

/** A hub with one child, which answers what is wrapped for it. */
function hubBench(child: (data: Json) => Json) {
  const camera = new MiniCamera();
  camera.methods.set("controlChild", (params) => child(params["childControl"] as Json));
  const session = new TapoSession({
    transport: new MiniTransport(camera),
    guard: new MiniGuard(),
    password: new Secret(camera.password),
  });
  return { camera, child: session.child("CHILD") };
}

const CHILD_ANSWER = { error_code: 0, result: { responses: [bad("b", -40106), good("a")] } };
for (
  const [how, wrap] of [
    ["in response_data", (data: Json) => ({ response_data: data })],
    ["as it is", (data: Json) => data],
  ] as const
) {
  Deno.test(`TapoSession.child: wraps messages for the child and reads its answer ${how}`, async () => {
    const asked: Json[] = [];
    const { child } = hubBench((control) => {
      asked.push(control);
      return wrap(CHILD_ANSWER);
    });
    assertEquals(inShort(await child.batch([request("a"), request("b")], signal)), ["a", -40106]);
    const requests = [{ method: "a", params: {} }, { method: "b", params: {} }];
    assertEquals(asked, [{
      device_id: "CHILD",
      request_data: { method: "multipleRequest", params: { requests } },
    }]);
  });
}

Deno.test("TapoSession.child: a child that is away is told as such", async () => {
  const away = hubBench(() => ({ response_data: { error_code: -1007 } }));
  const error = await assertRejects(() => away.child.request("a", {}, signal), HubError);
  assertEquals([error.kind, error.details?.["tapo_code"]], ["unavailable", -1007]);
  const beside = hubBench(() => ({ error_code: -20002 }));
  assertEquals(
    (await assertRejects(() => beside.child.request("a", {}, signal), HubError)).kind,
    "unavailable",
  );
});

Deno.test("childCaller: passes the refusal of the hub on", async () => {
  const hub = new MessageCaller(() => Promise.resolve({ error_code: -40106 }));
  const error = await assertRejects(() => childCaller(hub, "C").request("a", {}, signal), HubError);
  assertEquals(error.kind, "unsupported");
});

Deno.test("TapoSession.batch: works over a sealed session, reordered, with errors inline", async () => {
  const { camera } = hubBench(() => ({}));
  const session = new TapoSession({
    transport: new MiniTransport(camera),
    guard: new MiniGuard(),
    password: new Secret(camera.password),
  });
  for (const name of ["a", "c", "d"]) camera.methods.set(name, () => ({ is: name }));
  camera.arrange = (responses) => responses.toReversed();
  assertEquals(inShort(await session.batch(NAMES.map(request), signal)), ["a", -40106, "c", "d"]);
  camera.stopsAtFirstError = true;
  assertEquals(inShort(await session.batch(NAMES.map(request), signal)), ["a", -40106, "c", "d"]);
  assert(camera.logins === 1);
});
