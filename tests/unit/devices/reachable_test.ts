// Whether a device is there, on real sockets: a port that takes connections, one that does not, one that goes away.
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HubError, isAbort } from "../../../src/base/errors.ts";
import { Shared } from "../../../src/devices/shared.ts";
import {
  assertReachable,
  ConnectTimes,
  type Target,
  watchReachable,
} from "../../../src/devices/reachable.ts";
import { FakeClock } from "../../tools/fake_clock.ts";
import { until } from "../tools/processes.ts";

const never = new AbortController().signal;

/** A port that takes connections and counts them; it can be closed and opened again. */
class Door implements AsyncDisposable {
  readonly target: Target;
  #listener: Deno.TcpListener | undefined;
  #serving: Promise<void>;
  /** Every connection that came; `ended` those of which the other side has let go. */
  came = 0;
  ended = 0;

  constructor(hostname = "127.0.0.1") {
    this.#listener = Deno.listen({ hostname, port: 0 });
    this.target = { address: hostname, port: this.#listener.addr.port };
    this.#serving = this.#serve(this.#listener);
  }

  async close(): Promise<void> {
    this.#listener?.close();
    this.#listener = undefined;
    await this.#serving;
  }

  open(): void {
    this.#listener = Deno.listen({ hostname: this.target.address, port: this.target.port });
    this.#serving = this.#serve(this.#listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #serve(listener: Deno.TcpListener): Promise<void> {
    for await (const connection of listener) {
      this.came++;
      while (await connection.read(new Uint8Array(16)) !== null);
      this.ended++;
      connection.close();
    }
  }
}

for (const address of ["127.0.0.1", "::1"]) {
  Deno.test(`assertReachable: an open port at ${address} is there; the connection is let go of and sends nothing`, async () => {
    await using door = new Door(address);
    await assertReachable(door.target, never);
    await until(() => door.ended === 1, "the connection to end");
    assertEquals(door.came, 1);
  });
}

Deno.test("assertReachable: a closed port is told with address, port and what to look at", async () => {
  await using door = new Door();
  await door.close();
  const error = await assertRejects(() => assertReachable(door.target, never), HubError);
  const { address, port } = door.target;
  assertEquals(error.kind, "unavailable");
  assertEquals(error.message, `127.0.0.1 refuses connections on port ${port}`);
  assertStringIncludes(error.hint ?? "", "power");
  assertEquals(error.details, { unreachable: true, address, port });
});

Deno.test("assertReachable: aborted, it is an abort and no unreachable device", async () => {
  await using door = new Door();
  assert(isAbort(await assertRejects(() => assertReachable(door.target, AbortSignal.abort()), DOMException)));
  const stop = new AbortController();
  const failed = assertRejects(() => assertReachable(door.target, stop.signal), DOMException);
  stop.abort();
  assert(isAbort(await failed));
  await until(() => door.came === door.ended, "the late connection to be let go of");
});

function watch(door: Door) {
  const clock = new FakeClock();
  const shared = new Shared();
  const stop = new AbortController();
  let outcome: unknown = "watching";
  const watching = watchReachable(door.target, { clock, cameraId: "a", shared }, stop.signal).then(
    () => outcome = "ended",
    (error) => outcome = error,
  );
  /** Moves on to the next look and waits until it is over. */
  const look = async (waitMs: number) => {
    await until(() => clock.sleeping === 1, "the watcher to sleep");
    await clock.advance(waitMs);
    await until(() => clock.sleeping === 1 || outcome !== "watching", "the look to end");
  };
  return { clock, shared, stop, watching, look, outcome: () => outcome };
}

Deno.test("watchReachable: looks every three seconds while the device is there", async () => {
  await using door = new Door();
  const { clock, shared, look, outcome, stop, watching } = watch(door);
  for (let count = 1; count <= 4; count++) {
    await look(3000);
    await until(() => door.came === count, "the look");
  }
  assertEquals(outcome(), "watching");
  // On a clock that stands still while it looks, it took no time.
  const times = shared.get(ConnectTimes);
  assertEquals(times.recent(clock.monotonic(), 3000), [["a", 0]]);
  assertEquals(times.recent(clock.monotonic() + 3001, 3000), []);
  stop.abort();
  await watching;
  assertEquals(outcome(), "ended");
});

Deno.test("watchReachable: one look that fails is forgiven, two in a row are the end [METRICS-PROBES]", async () => {
  await using door = new Door();
  const { shared, look, outcome, watching } = watch(door);
  await door.close();
  await look(3000);
  door.open();
  await look(1000);
  await until(() => door.came === 1, "the second look");
  assertEquals(outcome(), "watching");
  await door.close();
  await look(3000);
  assertEquals(outcome(), "watching");
  await look(1000);
  await watching;
  const error = outcome();
  assert(error instanceof HubError);
  assertEquals([error.kind, error.details?.unreachable], ["unavailable", true]);
  const times = shared.get(ConnectTimes);
  assertEquals(times.counts("a"), { ok: 1, failed: 3 });
  times.forget("a");
  assertEquals(times.counts("a"), undefined);
});

Deno.test("watchReachable: aborted between looks or before the first, it ends without an error", async () => {
  await using door = new Door();
  await watchReachable(
    door.target,
    { clock: new FakeClock(), cameraId: "a", shared: new Shared() },
    AbortSignal.abort(),
  );
  const { look, outcome, stop, watching } = watch(door);
  await door.close();
  await look(3000);
  stop.abort();
  await watching;
  assertEquals(outcome(), "ended");
});
