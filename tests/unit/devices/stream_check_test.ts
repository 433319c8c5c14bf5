// Trying a stream once, with the real ffmpeg against a camera that answers as the test says.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HubError, isAbort } from "../../../src/base/errors.ts";
import { Logger } from "../../../src/base/log.ts";
import { NetworkGuard } from "../../../src/base/network.ts";
import { Secret } from "../../../src/base/secret.ts";
import { AccountGuard } from "../../../src/devices/account_guard.ts";
import type { Video } from "../../../src/devices/device.ts";
import { LoginTurns } from "../../../src/devices/login_turns.ts";
import { Shared } from "../../../src/devices/shared.ts";
import { VolatileMemory } from "../../../src/devices/memory.ts";
import { networkVideo } from "../../../src/devices/network_video.ts";
import { SessionSlots } from "../../../src/devices/session_slots.ts";
import { checkResult, checkStream } from "../../../src/devices/stream_check.ts";
import { drawPictures, join } from "../tools/jpegs.ts";
import { assertNothingRuns, bench, until } from "../tools/processes.ts";

const never = new AbortController().signal;

type Answer = (request: Request) => Response | Promise<Response>;

/** A camera over HTTP on loopback with one guarded account, and what trying it needs. */
async function withCamera(
  answer: Answer,
  work: (camera: ReturnType<typeof parts>) => Promise<void>,
): Promise<void> {
  const asked: (string | null)[] = [];
  const abort = new AbortController();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {}, signal: abort.signal },
    (request) => {
      asked.push(request.headers.get("authorization"));
      return answer(request);
    },
  );
  try {
    await work(parts(server.addr.port, asked));
  } finally {
    abort.abort();
    await server.finished;
  }
}

function parts(port: number, asked: (string | null)[]) {
  const { clock, launcher } = bench();
  const memory = new VolatileMemory();
  const logins = new LoginTurns(clock);
  const network = new NetworkGuard(["127.0.0.0/8"]);
  const slots = new SessionSlots();
  const shared = new Shared();
  const log = new Logger(() => {}, "error");
  const context = { clock, launcher, network, memory, logins, slots, shared, log };
  const password = new Secret("p@ss");
  const account = { device: "http 127.0.0.1", account: "stream", username: "susi", password };
  const guard = new AccountGuard(account, { memory, clock, logins, isAsked: false });
  const video = (host = "127.0.0.1"): Video =>
    networkVideo({
      name: "camera check",
      url: { scheme: "http", host, port, path: "/video" },
      transport: "auto",
      audio: false,
      username: "susi",
      password,
    }, { ...context, guard });
  const check = (signal = never, of = video()) => checkStream(of, context, signal);
  return { asked, clock, launcher, context, slots, network, guard, video, check };
}

async function picture(): Promise<Response> {
  const [jpeg] = await drawPictures(1);
  const body = join(["--b\r\nContent-Type: image/jpeg\r\n\r\n", jpeg ?? "", "\r\n--b--\r\n"]);
  return new Response(body, { headers: { "content-type": "multipart/x-mixed-replace; boundary=b" } });
}

const status = (code: number, headers = {}): Answer => () => new Response("no", { status: code, headers });
const hidden: Answer = (request) =>
  request.headers.has("authorization")
    ? picture()
    : status(401, { "www-authenticate": 'Basic realm="cam"' })(request);

Deno.test("checkStream: a camera that sends a picture to this account is good", async () => {
  await withCamera(hidden, async ({ check, asked, launcher }) => {
    assertEquals(await check(), {
      account: "stream",
      title: "Picture",
      state: "ok",
      message: "The camera sent a picture",
    });
    assertEquals(asked, [null, `Basic ${btoa("susi:p@ss")}`]);
    await assertNothingRuns(launcher);
  });
});

const REFUSALS: [string, Answer, string][] = [
  ["a refused account", status(401, { "www-authenticate": 'Basic realm="cam"' }), "refused"],
  ["an account without the right", status(403), "refused"],
  ["no such stream", status(404), "failed"],
  ["too many viewers", status(503), "unreachable"],
  ["a page instead of a stream", () => new Response("<html></html>"), "failed"],
];
for (const [name, answer, state] of REFUSALS) {
  Deno.test(`checkStream: ${name} is told as ${state}, with a way out, after one try`, async () => {
    await withCamera(answer, async ({ check, guard, asked }) => {
      const result = await check();
      assertEquals(result.state, state as typeof result.state);
      assert(result.message && result.hint);
      assert(asked.filter((authorization) => authorization !== null).length <= 1);
      if (state === "refused") {
        assertEquals(result.retryAtMs, Infinity);
        await assertRejects(() => guard.assertAllowed("stream"), HubError);
      } else await guard.assertAllowed("stream");
    });
  });
}

Deno.test("checkStream: nothing is sent where an address is not allowed or logins are locked", async () => {
  await withCamera(hidden, async ({ check, video, guard, asked, clock }) => {
    const evil = await check(never, video("169.254.1.1"));
    assertEquals(evil.state, "failed");
    assert(evil.hint?.includes("network.allow"));
    const untilMs = clock.now() + 60_000;
    await guard.lockedOut(untilMs);
    const locked = await check();
    assertEquals([locked.state, locked.retryAtMs, asked], ["locked_out", untilMs, []]);
  });
});

const TWO = { device: "http 127.0.0.1", max: 2 };

Deno.test("checkStream: a camera whose streams are all in use is not tried, and who has them is told", async () => {
  await withCamera(hidden, async ({ check, video, slots, asked }) => {
    const limited = { ...video(), limit: TWO };
    slots.take(TWO, "camera front");
    const small = slots.take(TWO, "camera front (small)");
    const { state, message, hint } = await check(never, limited);
    assertEquals([state, message], [
      "not_tried",
      "Not tried: the camera's streams are in use by camera front and camera front (small)",
    ]);
    assert(hint);
    assertEquals(asked, []);
    small();
    assertEquals([(await check(never, limited)).state, slots.free(TWO)], ["ok", 1]);
  });
});

Deno.test("checkStream: holds a slot of its own for as long as it runs, and gives it back when called off", async () => {
  const answer = Promise.withResolvers<Response>();
  await withCamera(() => answer.promise, async ({ check, video, slots, asked, launcher }) => {
    const stop = new AbortController();
    const limited = { ...video(), limit: TWO };
    const checking = [0, 1].map(() => assertRejects(() => check(stop.signal, limited), DOMException));
    await until(() => asked.length > 0, "the request");
    assertEquals(slots.free(TWO), 0);
    assertEquals((await check(never, limited)).state, "not_tried");
    stop.abort();
    await Promise.all(checking);
    assertEquals(slots.free(TWO), 2);
    await assertNothingRuns(launcher);
    answer.resolve(new Response("late"));
  });
});

Deno.test("checkStream: a camera that does not answer is given up after the deadline", async () => {
  const answer = Promise.withResolvers<Response>();
  await withCamera(() => answer.promise, async ({ check, asked, clock, launcher }) => {
    const checking = check();
    await until(() => asked.length > 0, "the request");
    await clock.advance(12_000);
    const { state, message } = await checking;
    assertEquals([state, message], ["unreachable", "ffmpeg gave no answer in 12 s"]);
    await assertNothingRuns(launcher);
    answer.resolve(new Response("late"));
  });
});

Deno.test("checkStream: called off, it ends its process and is no result", async () => {
  const answer = Promise.withResolvers<Response>();
  await withCamera(() => answer.promise, async ({ check, asked, launcher }) => {
    const stop = new AbortController();
    const checking = assertRejects(() => check(stop.signal), DOMException);
    await until(() => asked.length > 0, "the request");
    stop.abort();
    assert(isAbort(await checking));
    await assertNothingRuns(launcher);
    answer.resolve(new Response("late"));
  });
});

Deno.test("checkStream: a camera that wants the other transport is tried with that, once", async () => {
  await withCamera(hidden, async ({ check, video }) => {
    const good = video();
    let starts = 0;
    const wants = (times: number): Video => ({
      ...good,
      spec: async (signal) => {
        const spec = await good.spec(signal);
        return ++starts <= times ? { ...spec, input: new Secret("no list") } : spec;
      },
      explain: () => new HubError("unavailable", "the other", { details: { cause: "transport" } }),
    });
    assertEquals([(await check(never, wants(1))).state, starts], ["ok", 2]);
    starts = 0;
    assertEquals([(await check(never, wants(5))).message, starts], ["the other", 2]);
  });
});

Deno.test("checkResult: keeps the words of an error and sorts its kind", () => {
  const states = { unauthenticated: "refused", locked_out: "locked_out", timeout: "unreachable" } as const;
  for (const [kind, state] of Object.entries(states)) {
    const error = new HubError(kind as keyof typeof states, "why", { hint: "do", retryAtMs: 5 });
    assertEquals(checkResult(error), { state, message: "why", hint: "do", retryAtMs: 5 });
  }
  assertEquals(checkResult(new HubError("internal", "why")), { state: "failed", message: "why" });
});
