// What an ONVIF camera can do as capabilities of the hub: which kind of movement is chosen, presets, adjustments.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { abortError, type ErrorKind, HubError, isAbort } from "../../../../src/base/errors.ts";
import { Secret } from "../../../../src/base/secret.ts";
import type { PtzMove, PtzPosition } from "../../../../src/devices/capabilities.ts";
import { onvifPresets, onvifPtz, onvifSettings } from "../../../../src/drivers/onvif/controls.ts";
import { connectOnvif, type OnvifDevice } from "../../../../src/protocols/onvif/device.ts";
import type { OnvifProfile } from "../../../../src/protocols/onvif/media.ts";
import type { OnvifPtz } from "../../../../src/protocols/onvif/ptz.ts";
import { OnvifEmulator } from "../../../emulators/onvif/emulator.ts";
import type { OnvifEmulatorOptions } from "../../../emulators/onvif/model.ts";
import { FakeClock, settle } from "../../../tools/fake_clock.ts";
import { until } from "../../tools/processes.ts";

const never = new AbortController().signal;
const ALL = ["pan", "tilt", "zoom"];

interface Head {
  limits?: { absolute?: string[]; relative?: string[]; continuous?: string[] };
  position?: PtzPosition | HubError;
  hasHome?: boolean;
  moving?: boolean | "untold";
  /** What a movement at a speed, or stopping it, ends with. */
  failures?: { continuous?: Error; stop?: Error };
}

/** The movements of a camera that notes what it is asked for. */
function head(
  {
    limits = { relative: ALL },
    position = { pan: 0.1, tilt: 0.2, zoom: 0.3 },
    hasHome,
    moving = false,
    failures = {},
  }: Head = {},
) {
  const asked: unknown[] = [];
  const note = (name: string) => (...args: unknown[]) => {
    asked.push([name, ...args.slice(0, -1)]);
    const failure = failures[name as keyof typeof failures];
    return failure ? Promise.reject(failure) : Promise.resolve();
  };
  const fake = {
    axes: ALL,
    limits: { absolute: [], relative: [], continuous: [], ...limits },
    status: () =>
      position instanceof HubError
        ? Promise.reject(position)
        : Promise.resolve({ position, ...(moving === "untold" ? {} : { moving }) }),
    absoluteMove: note("absolute"),
    relativeMove: note("relative"),
    continuousMove: note("continuous"),
    stop: note("stop"),
    ...(hasHome ? { home: { go: note("home") } } : {}),
  };
  const clock = new FakeClock();
  const ptz = onvifPtz(fake as unknown as OnvifPtz, clock);
  const move = (target: PtzPosition, options: Partial<PtzMove> = {}, signal = never) =>
    ptz.move(target, { relative: true, ...options }, signal);
  return { asked, clock, ptz, move };
}

const speed = undefined;

Deno.test("onvifPtz: where the camera looks while it still turns is no outcome of a movement", async () => {
  for (const [moving, expected] of [[true, {}], [false, { pan: 0.4 }], ["untold", {}]] as const) {
    const { ptz, move } = head({ position: { pan: 0.4 }, moving });
    assertEquals(await move({ pan: 0.5 }), expected);
    assertEquals(await ptz.position(never), { pan: 0.4 }, "asked for itself it is told");
  }
});

Deno.test("onvifPtz: a camera that does not say whether it moves has moved once it is at the target, and not before", async () => {
  const limits = { absolute: ALL };
  for (
    const [position, expected] of [[{ pan: 0.51, tilt: 0 }, { pan: 0.51, tilt: 0 }], [{ pan: 0.4 }, {}], [
      {},
      {},
    ]]
  ) {
    const { move } = head({ limits, position: position!, moving: "untold" });
    assertEquals(await move({ pan: 0.5 }, { relative: false }), expected!);
  }
  const still = head({ limits, position: { pan: 0.1 }, moving: "untold" });
  assertEquals(await still.move({ pan: 0.5 }), {}, "0.6 is where it was sent");
});

const MOVES: [string, Head, PtzPosition, Partial<PtzMove>, unknown[]][] = [
  ["by so much", {}, { pan: 0.5, tilt: -1 }, {}, ["relative", { pan: 0.5, tilt: -1 }, { speed }]],
  ["with a speed", {}, { zoom: 1 }, { speed: 0.3 }, ["relative", { zoom: 1 }, { speed: 0.3 }]],
  ["by nothing along one axis", {}, { pan: 0.5, tilt: 0 }, {}, ["relative", { pan: 0.5 }, { speed }]],
  ["to a place", {}, { pan: 0, tilt: 1 }, { relative: false }, ["absolute", { pan: 0, tilt: 1 }, { speed }]],
  [
    "by so much, on a camera that knows places only",
    { limits: { absolute: ALL } },
    { pan: 0.5, zoom: -0.2 },
    {},
    ["absolute", { pan: 0.6, zoom: 0.3 - 0.2 }, { speed }],
  ],
  [
    "beyond the end, on a camera that knows places only",
    { limits: { absolute: ALL } },
    { pan: 1, tilt: -1, zoom: -1 },
    {},
    ["absolute", { pan: 1, tilt: 0.2 - 1, zoom: 0 }, { speed }],
  ],
  [
    "by so much along an axis that only places have",
    { limits: { relative: ["pan", "tilt"], absolute: ALL } },
    { zoom: 0.5 },
    {},
    ["absolute", { zoom: 0.8 }, { speed }],
  ],
  [
    "along an axis that nothing has: the camera's words",
    { limits: { relative: ["pan"] } },
    { zoom: 0.5 },
    {},
    ["relative", { zoom: 0.5 }, { speed }],
  ],
];
for (const [name, facts, target, options, expected] of MOVES) {
  Deno.test(`onvifPtz: moves ${name}, and tells where it then looks`, async () => {
    const { asked, move } = head(facts);
    assertEquals(await move(target, options), { pan: 0.1, tilt: 0.2, zoom: 0.3 });
    assertEquals<unknown>(asked, [expected]);
  });
}

Deno.test("onvifPtz: by nothing at all moves nothing", async () => {
  const { asked, move } = head();
  assertEquals(await move({ pan: 0, tilt: 0 }), { pan: 0.1, tilt: 0.2, zoom: 0.3 });
  assertEquals(asked, []);
});

const TIMED: [string, Head, PtzPosition, Partial<PtzMove>, PtzPosition, number][] = [
  ["for a time", {}, { pan: -0.1, tilt: 1 }, { durationMs: 700 }, { pan: -0.5, tilt: 0.5 }, 700],
  ["for a time at a speed", {}, { zoom: -1 }, { durationMs: 50, speed: 0.1 }, { zoom: -0.1 }, 50],
  [
    "by so much, on a camera that knows speeds only",
    { limits: { continuous: ALL } },
    { pan: 0.25, tilt: -0.5 },
    {},
    { pan: 0.5, tilt: -0.5 },
    1000,
  ],
  ["by very little, on a camera that knows speeds only", { limits: { continuous: ALL } }, { pan: 0.01 }, {}, {
    pan: 0.5,
  }, 100],
  [
    "by so much, on a camera of places that does not tell where it looks",
    { limits: { absolute: ALL, continuous: ALL }, position: {} },
    { pan: 0.5 },
    {},
    { pan: 0.5 },
    1000,
  ],
];
for (const [name, facts, target, options, velocity, durationMs] of TIMED) {
  Deno.test(`onvifPtz: moves ${name}, and stops it itself`, async () => {
    const { asked, move, clock } = head(facts);
    const moving = move(target, options);
    await clock.advance(durationMs - 1);
    assertEquals<unknown>(asked, [["continuous", velocity, { timeoutMs: durationMs }]]);
    await clock.advance(1);
    await moving;
    assertEquals(asked.slice(1), [["stop"]]);
  });
}

Deno.test("onvifPtz: a movement that is called off is stopped all the same", async () => {
  const { asked, move } = head({ limits: { continuous: ALL } });
  const stop = new AbortController();
  const moving = assertRejects(() => move({ pan: 1 }, { durationMs: 5000 }, stop.signal), DOMException);
  await settle();
  stop.abort();
  await moving;
  assertEquals(asked.at(-1), ["stop"]);
});

const LOST: [string, Error, boolean][] = [
  ["whose answer was lost", new HubError("unavailable", "broken off"), true],
  ["whose answer was no answer", new HubError("device_rejected", "too large"), true],
  ["called off before the answer", abortError(), true],
  ["along an axis that has no speed", new HubError("unsupported", "no pan"), false],
  ["that the account may not make", new HubError("unauthenticated", "refused"), false],
];
for (const [name, failure, isStopped] of LOST) {
  Deno.test(`onvifPtz: a movement for a time ${name} is ${isStopped ? "" : "not "}told to stop, and fails so`, async () => {
    const { asked, move } = head({
      failures: { continuous: failure, stop: new HubError("unavailable", "stop") },
    });
    const error = await assertRejects(() => move({ pan: 1 }, { durationMs: 500 }), Error);
    assertEquals([error, asked.length > 1], [failure, isStopped]);
    assertEquals(asked.slice(1), isStopped ? [["stop"]] : []);
  });
}

Deno.test("onvifPtz: who has gone before the movement begins moves and stops nothing", async () => {
  const { asked, move } = head();
  await assertRejects(() => move({ pan: 1 }, { durationMs: 500 }, AbortSignal.abort()), DOMException);
  assertEquals(asked, []);
});

Deno.test("onvifPtz: a camera that does not answer to Stop is told as such, not as an abort", async () => {
  const { move, clock } = head({ failures: { stop: abortError() } });
  const moving = assertRejects(() => move({ pan: 1 }, { durationMs: 500 }), HubError);
  await clock.advance(500);
  assertEquals((await moving).kind, "unavailable");
});

Deno.test("onvifPtz: a camera that cannot say where it looks has moved all the same", async () => {
  const kinds = ["unsupported", "device_rejected", "unavailable", "timeout", "unauthenticated", "locked_out"];
  for (const kind of kinds as ErrorKind[]) {
    const { move, asked } = head({ position: new HubError(kind, "no status") });
    assertEquals([await move({ pan: 1 }), asked.length], [{}, 1]);
  }
});

Deno.test("onvifPtz: a position asked for itself is empty for a camera that has none; other faults are told", async () => {
  for (const kind of ["unsupported", "device_rejected"] as const) {
    assertEquals(await head({ position: new HubError(kind, "no status") }).ptz.position(never), {});
  }
  const { ptz } = head({ position: new HubError("unavailable", "away") });
  assertEquals((await assertRejects(() => ptz.position(never), HubError)).message, "away");
});

Deno.test("onvifPtz: has a home where the camera has one", async () => {
  assertEquals(head().ptz.home, undefined);
  const { ptz, asked } = head({ hasHome: true });
  await ptz.home?.(never);
  await ptz.stop?.(never);
  assertEquals<unknown>([asked, ptz.axes], [[["home"], ["stop"]], ALL]);
});

/** An emulated camera, its first profile and the capabilities made of it. */
async function withCamera(
  work: (camera: OnvifEmulator, device: OnvifDevice, profile: OnvifProfile) => Promise<void>,
  options: OnvifEmulatorOptions = {},
): Promise<void> {
  await using camera = OnvifEmulator.start(options);
  const account = { username: "admin", password: new Secret("secret") };
  using device = await connectOnvif({ host: camera.host, port: camera.port, ...account, signal: never });
  const [profile] = await device.profiles(never);
  await work(camera, device, profile!);
}

Deno.test("onvifPtz: a connection that is cut, or falls silent, after the move is no failure of it, on a camera", async () => {
  for (const fault of ["hang_up", "garbage", "stall"] as const) {
    await withCamera(async (camera, device, profile) => {
      const ptz = onvifPtz((await device.ptz(profile, never))!, new FakeClock());
      camera.fail(fault, { operation: "GetStatus" });
      assertEquals(await ptz.move({ pan: 0.25 }, { relative: true }, never), {});
      assertEquals([camera.moves, camera.position.pan], [["RelativeMove"], 0.25]);
    });
  }
});

Deno.test("onvifPtz: a camera whose answer is lost, or not waited for, stands still soon, on a camera", async () => {
  await withCamera(async (camera, device, profile) => {
    const clock = new FakeClock();
    const ptz = onvifPtz((await device.ptz(profile, never))!, clock);
    const leaving = new AbortController();
    const options = { relative: true, durationMs: 9000 };
    const moving = assertRejects(() => ptz.move({ pan: 1 }, options, leaving.signal), DOMException);
    await until(() => camera.isMoving, "the movement");
    leaving.abort();
    await moving;
    assertEquals([camera.isMoving, camera.moves], [false, ["ContinuousMove", "Stop"]]);
    camera.fail("hang_up", { operation: "ContinuousMove" });
    const error = await assertRejects(() => ptz.move({ pan: 1 }, options, never), HubError);
    assertEquals([error.kind, camera.moves.at(-1), camera.moves.length], ["unavailable", "Stop", 3]);
  });
});

Deno.test("onvifPtz: who goes away while the outcome is read is told of that, on a camera", async () => {
  await withCamera(async (camera, device, profile) => {
    const ptz = onvifPtz((await device.ptz(profile, never))!, new FakeClock());
    camera.fail("stall", { operation: "GetStatus" });
    const leaving = new AbortController();
    const moving = assertRejects(
      () => ptz.move({ pan: 0.25 }, { relative: true }, leaving.signal),
      DOMException,
    );
    await until(() => camera.calls.at(-1) === "GetStatus", "the question");
    leaving.abort();
    assert(isAbort(await moving));
  });
});

Deno.test("onvifPresets: saves new and over another, lists, goes to and removes, on a camera", async () => {
  await withCamera(async (camera, device, profile) => {
    const presets = onvifPresets((await device.ptz(profile, never))!);
    const before = await presets.list(never);
    camera.place({ pan: 0.5, tilt: -0.5, zoom: 0 });
    const saved = await presets.save("Door & gate", undefined, never);
    assertEquals([saved.name, before.some(({ id }) => id === saved.id)], ["Door & gate", false]);
    assertEquals(await presets.list(never), [...before, saved]);
    assertEquals((await presets.save("Yard", saved.id, never)).id, saved.id);
    assertEquals(camera.presets.get(saved.id)?.name, "Yard");
    camera.place({ pan: -1, tilt: 0 });
    await presets.recall(saved.id, never);
    await until(() => !camera.isMoving, "the camera to arrive");
    assert(Math.abs(camera.position.pan - 0.5) < 0.05, `${camera.position.pan}`);
    await presets.remove(saved.id, never);
    assertEquals(await presets.list(never), before);
    assertEquals((await assertRejects(() => presets.recall("nope", never), HubError)).kind, "not_found");
  });
});

Deno.test("onvifSettings: each adjustment in the camera's units, set and read back, on a camera", async () => {
  await withCamera(async (camera, device, profile) => {
    const settings = onvifSettings((await device.imaging(profile, never))!);
    const list = await settings.list(never);
    assertEquals(list.map(({ name, kind, value }) => `${name} ${kind} ${value}`), [
      "brightness number 50",
      "contrast number 50",
      "saturation number 50",
      "sharpness number 50",
      "day_night choice auto",
      "wide_dynamic_range boolean false",
    ]);
    assertEquals([list[0]?.min, list[0]?.max], [0, 100]);
    const value = async (name: string, wanted: number | string | boolean) =>
      (await settings.set(name, wanted, never)).value;
    assertEquals([await value("brightness", 70), camera.imaging.Brightness], [70, 70]);
    assertEquals([await value("saturation", 0), camera.imaging.ColorSaturation], [0, 0]);
    assertEquals([await value("day_night", "off"), camera.imaging.IrCutFilter], ["off", "OFF"]);
    assertEquals(await value("day_night", "day (filter in place)"), "on");
    assertEquals([await value("wide_dynamic_range", true), camera.imaging.wideMode], [true, "ON"]);
    for (
      const [name, wanted] of [["brightness", 101], ["brightness", "70"], ["day_night", "dusk"]] as const
    ) {
      const error = await assertRejects(() => settings.set(name, wanted, never), HubError);
      assertEquals(error.kind, "invalid_input");
    }
    const unknown = await assertRejects(() => settings.set("glow", 1, never), HubError);
    assertEquals(unknown.kind, "not_found");
    assert(unknown.hint?.includes("brightness"));
  });
});
