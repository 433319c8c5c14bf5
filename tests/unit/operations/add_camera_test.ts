// Adding a camera: its accounts are tried first, nothing is kept that does not work, and no secret comes back out.
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { HubError } from "../../../src/base/errors.ts";
import type { AccountCheck, Driver } from "../../../src/devices/driver.ts";
import { settle } from "../../tools/fake_clock.ts";
import { type Bench, withGadgets } from "../tools/gadgets.ts";

const NOW = Date.UTC(2026, 0, 1);
const options = z.strictObject({
  host: z.string().min(1),
  port: z.int().default(80),
  username: z.string().optional(),
  password: z.string().optional(),
  lens: z.string().optional(),
});

interface Account {
  /** What trying the accounts shows. */
  checks: AccountCheck[];
  /** The options with which they were tried, and with which cameras were opened. */
  tried: unknown[];
}

const OK: AccountCheck = { account: "stream", title: "Picture", state: "ok", message: "A picture came" };

async function withDriver(
  work: (bench: Bench & Account) => Promise<void>,
  change: Partial<Driver> = {},
): Promise<void> {
  const account: Account = { checks: [OK], tried: [] };
  const check: NonNullable<Driver["check"]> = (given) => {
    account.tried.push(given);
    return Promise.resolve(account.checks);
  };
  const driver: Partial<Driver> = {
    options,
    secrets: ["password"],
    identify: ({ host, lens }) => Promise.resolve(host ? `${host} ${lens ?? ""}` : ""),
    addressOf: ({ host }) => String(host),
    check,
    ...change,
  };
  await withGadgets((bench) => work(Object.assign(account, bench)), { driver });
}

const add = (bench: Bench, input: Record<string, unknown> = {}) =>
  bench.op("add_camera", { type: "toy", host: "10.0.0.2", password: "hunter2", ...input });
const refused = (asking: () => Promise<unknown>) => assertRejects(asking, HubError);
const cameras = (bench: Bench) => bench.manager.cameras.map(({ id }) => id).filter((id) => id !== "plain");

const AGAIN = "Must be given again with another address";

Deno.test("add_camera: tries the accounts once with checked options, then adds and opens the camera", async () => {
  await withDriver(async (bench) => {
    const result = await add(bench, { id: "front", name: "Front" });
    assertEquals([result.success, result.verified, result.checks], [true, "acknowledged", [OK]]);
    assertEquals(bench.tried, [{ host: "10.0.0.2", port: 80, password: "hunter2" }]);
    const { id, name, origin, type } = result.camera as Record<string, unknown>;
    assertEquals([id, name, origin, type], ["front", "Front", "store", "toy"]);
    assert(!JSON.stringify(result).includes("hunter2"));
    assertEquals(bench.toys.log, ["open a", "open front"]);
    assertEquals((await bench.table.list()).map(({ id }) => id), ["front"]);
  });
});

const BAD: [AccountCheck["state"], Partial<AccountCheck>, HubError["kind"]][] = [
  ["refused", { retryAtMs: Infinity }, "device_rejected"],
  ["locked_out", { retryAtMs: NOW + 60_000 }, "locked_out"],
  ["unreachable", {}, "unavailable"],
  ["failed", {}, "device_rejected"],
];
for (const [state, more, kind] of BAD) {
  Deno.test(`add_camera: an account that is ${state} adds nothing, and all that was tried is told`, async () => {
    await withDriver(async (bench) => {
      const bad = { account: "control", title: "Control", state, message: "no", hint: "do this", ...more };
      bench.checks = [OK, bad];
      const error = await refused(() => add(bench));
      assertEquals([error.kind, error.message, error.hint], [
        kind,
        "The camera was not added. Control: no",
        "do this",
      ]);
      const { retryAtMs: _, ...shown } = bad;
      const retry = state === "locked_out" ? { retry_at: "2026-01-01T00:01:00.000Z" } : {};
      assertEquals(error.details, { checks: [OK, { ...shown, ...retry }] });
      assertEquals([cameras(bench), await bench.table.list()], [["a"], []]);
      assert(!JSON.stringify([error.message, error.hint, error.details]).includes("hunter2"));
    });
  });
}

Deno.test("add_camera: an account that was not given is no hindrance, and none to be tried neither", async () => {
  await withDriver(async (bench) => {
    bench.checks = [OK, { account: "control", title: "Control", state: "missing", message: "not given" }];
    assertEquals((await add(bench, { id: "x" })).checks, bench.checks);
    bench.checks = [OK, { account: "stream", title: "Picture", state: "not_tried", message: "in use by a" }];
    assertEquals((await add(bench, { id: "z", host: "10.0.0.4" })).checks, bench.checks);
    bench.checks = [];
    assertEquals("checks" in await add(bench, { id: "y", host: "10.0.0.3" }), false);
  });
  await withDriver(async (bench) => {
    assertEquals("checks" in await add(bench), false);
  }, { check: undefined as never });
});

Deno.test("add_camera: with force nothing is tried", async () => {
  await withDriver(async (bench) => {
    bench.checks = [{ ...OK, state: "refused" }];
    const result = await add(bench, { force: true });
    assertEquals(["checks" in result, bench.tried, cameras(bench)], [false, [], ["a", "toy-camera"]]);
  });
});

Deno.test("add_camera: what cannot be added is refused before any account is tried", async () => {
  await withDriver(async (bench) => {
    const kinds: [Record<string, unknown>, HubError["kind"]][] = [
      [{ id: "a" }, "conflict"],
      [{ id: "Front Door" }, "invalid_input"],
      [{ type: "ring" }, "invalid_input"],
      [{ host: "" }, "invalid_input"],
      [{ device: "/dev/video0" }, "invalid_input"],
      [{ options: { hots: "x" } }, "invalid_input"],
      [{ name: " " }, "invalid_input"],
      [{ colour: "red" }, "invalid_input"],
    ];
    for (const [input, kind] of kinds) {
      assertEquals((await refused(() => add(bench, input))).kind, kind, JSON.stringify(input));
    }
    assertEquals([bench.tried, cameras(bench)], [[], ["a"]]);
  });
});

Deno.test("add_camera: the same device twice is told, although its accounts are good", async () => {
  await withDriver(async (bench) => {
    await add(bench, { id: "front" });
    const error = await refused(() => add(bench, { id: "again" }));
    assertEquals([error.kind, error.details], ["conflict", { camera_id: "front" }]);
  });
});

Deno.test("add_camera: short words and options mean the same; the short word wins", async () => {
  await withDriver(async (bench) => {
    await bench.op("check_camera", {
      type: "toy",
      host: "10.0.0.2",
      options: { host: "x", lens: "tele", port: null },
    });
    assertEquals(bench.tried, [{ host: "10.0.0.2", port: 80, lens: "tele" }]);
  });
});

Deno.test("check_camera: tells what each account shows, and adds nothing, however bad it is", async () => {
  await withDriver(async (bench) => {
    const locked: AccountCheck = { ...OK, state: "locked_out", retryAtMs: NOW };
    bench.checks = [OK, locked, { ...OK, state: "refused", retryAtMs: Infinity }];
    const { checks } = await bench.op("check_camera", { type: "toy", host: "h" });
    assertEquals(checks, [
      OK,
      { ...OK, state: "locked_out", retry_at: "2026-01-01T00:00:00.000Z" },
      { ...OK, state: "refused" },
    ]);
    assertEquals([cameras(bench), bench.toys.log], [["a"], ["open a"]]);
    bench.checks = [];
    assertEquals(await bench.op("check_camera", { type: "plain" }), {
      success: true,
      checks: [],
      verified: "acknowledged",
    });
    const before = bench.tried.length;
    const dry = await bench.op("check_camera", { type: "toy", host: "h", dry_run: true });
    assertStringIncludes(String(dry["would"]), "Log in once");
    assertEquals(bench.tried.length, before);
  });
});

Deno.test("options_of: another lens of the same device takes its passwords along, without anybody seeing them", async () => {
  await withDriver(async (bench) => {
    await add(bench, { id: "front", username: "susi" });
    const shown = { host: "10.0.0.2", port: 80, username: "susi", password: "[secret]", lens: "tele" };
    const child = { type: "toy", id: "tele", options: shown, options_of: "front" };
    const result = await bench.op("add_camera", child);
    assert(!JSON.stringify(result).includes("hunter2"));
    const expected = { ...shown, password: "hunter2" };
    assertEquals<unknown>([bench.tried.at(-1), bench.manager.get("tele").spec.options], [expected, expected]);
    await bench.op("check_camera", {
      type: "toy",
      options_of: "front",
      options: { lens: "x", password: "other" },
    });
    assertEquals<unknown>(bench.tried.at(-1), { ...expected, lens: "x", password: "other" });
  });
});

Deno.test("options_of: passwords go to no other address, to no other type, and from no unknown camera", async () => {
  await withDriver(async (bench) => {
    await add(bench, { id: "front" });
    const tried = bench.tried.length;
    for (const name of ["check_camera", "add_camera"]) {
      const ask = (input: Record<string, unknown>) =>
        refused(() => bench.op(name, { type: "toy", options_of: "front", ...input }));
      for (const input of [{ host: "10.6.6.6" }, { options: { host: "10.6.6.6" } }]) {
        const error = await ask(input);
        const problems = error.details?.problems as { path: string; message: string }[];
        assertEquals(error.kind, "invalid_input");
        assertEquals([...new Set(problems.map(({ message }) => message))], [AGAIN]);
        assert(problems.length > 0 && problems.every(({ path }) => /password/.test(path)));
      }
      assertEquals((await ask({ type: "plain" })).kind, "invalid_input");
      assertEquals((await ask({ options_of: "nobody" })).kind, "not_found");
    }
    assertEquals(bench.tried.length, tried);
  });
});

Deno.test("update_camera: another address needs the passwords again; with them, or without another, it is taken", async () => {
  await withDriver(async (bench) => {
    await add(bench, { id: "front" });
    const change = (options: Record<string, unknown>) =>
      bench.op("update_camera", { camera_id: "front", options });
    const error = await refused(() => change({ host: "10.6.6.6" }));
    assertEquals(error.kind, "invalid_input");
    assertEquals((error.details?.problems as { message: string }[])[0]?.message, AGAIN);
    const { password } = bench.manager.get("front").spec.options;
    await change({ host: "10.6.6.6", password: "another" });
    const { host, password: now } = bench.manager.get("front").spec.options;
    assertEquals([host, now, password === now], ["10.6.6.6", "another", false]);
  });
});

Deno.test("connect_camera: is a person's word, for a camera that was stopped and for one that was refused", async () => {
  const asked: boolean[] = [];
  const open: Driver["open"] = async (_, { isAsked }) => {
    asked.push(isAsked);
    // A real camera takes its time to refuse.
    await settle();
    throw new HubError("unauthenticated", "wrong", { retryAtMs: Infinity });
  };
  await withDriver(async ({ op, clock }) => {
    await settle();
    assertEquals(asked, [false]);
    await op("connect_camera");
    await clock.advance(60_000);
    assertEquals(asked, [false, true]);
    await op("disconnect_camera");
    await op("connect_camera");
    await clock.advance(60_000);
    assertEquals(asked, [false, true, true]);
  }, { open });
});
