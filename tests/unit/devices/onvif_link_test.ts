// One ONVIF connection for all who ask, against an emulated camera: shared, guarded, and heard until it is closed.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HubError, isAbort } from "../../../src/base/errors.ts";
import { Secret } from "../../../src/base/secret.ts";
import { AccountGuard } from "../../../src/devices/account_guard.ts";
import type { Observation } from "../../../src/devices/capabilities.ts";
import { LoginTurns } from "../../../src/devices/login_turns.ts";
import { VolatileMemory } from "../../../src/devices/memory.ts";
import { OnvifLink, toObservation } from "../../../src/devices/onvif_link.ts";
import { OnvifEmulator } from "../../emulators/onvif/emulator.ts";
import type { OnvifEmulatorOptions } from "../../emulators/onvif/model.ts";
import { FakeClock } from "../../tools/fake_clock.ts";
import { until } from "../tools/processes.ts";

const never = new AbortController().signal;
const HALF_HOUR = 30 * 60_000;
const MOTION = ["tns1:RuleEngine/CellMotionDetector/Motion", "IsMotion"] as const;

async function withLink(
  work: (made: ReturnType<typeof parts>) => Promise<void>,
  options: OnvifEmulatorOptions & { given?: string } = {},
): Promise<void> {
  await using camera = OnvifEmulator.start({ username: "susi", password: "right", ...options });
  const made = parts(camera, options.given ?? "right");
  try {
    await work(made);
  } finally {
    await made.link.close();
  }
}

function parts(camera: OnvifEmulator, given: string) {
  const clock = new FakeClock();
  const memory = new VolatileMemory();
  const logins = new LoginTurns(clock);
  /** A link as a newly opened camera has it: only the memory is the same. */
  const newLink = (password: string) => {
    const account = {
      device: "onvif x",
      account: "camera",
      username: "susi",
      password: new Secret(password),
    };
    const guard = new AccountGuard(account, { memory, clock, logins, isAsked: false });
    const { username } = account;
    const where = { address: camera.host, port: camera.port, clock };
    return { guard, link: new OnvifLink({ ...where, username, password: account.password, guard }) };
  };
  const count = (operation: string) => camera.calls.filter((call) => call === operation).length;
  return { camera, clock, newLink, link: newLink(given).link, count };
}

/** Watches in the background and keeps what is told. */
function watch({ link }: ReturnType<typeof parts>) {
  const stop = new AbortController();
  const seen: Observation[] = [];
  const gaps: string[] = [];
  const ended = link.observations.watch({
    onObservation: (each) => seen.push(each),
    onGap: (reason) => gaps.push(reason),
  }, stop.signal);
  const finish = async () => {
    stop.abort();
    await ended;
  };
  return { seen, gaps, finish };
}

Deno.test("OnvifLink: connects once for all who ask, also for those who ask meanwhile", async () => {
  await withLink(async ({ link, count }) => {
    const [one, two] = await Promise.all([link.device(never), link.device(never)]);
    assert(one === two && one === await link.device(never));
    assertEquals([one.information.model, count("GetServices")], ["Camera", 1]);
  });
});

Deno.test("OnvifLink: a wrong password is sent once, by whomever and however often it is asked for", async () => {
  await withLink(async ({ link, camera, newLink }) => {
    for (const each of [link, link, newLink("wrong").link]) {
      const error = await assertRejects(() => each.device(never), HubError);
      assertEquals([error.kind, error.retryAtMs], ["unauthenticated", Infinity]);
    }
    assertEquals(camera.authFailures, 1);
  }, { given: "wrong" });
});

Deno.test("OnvifLink: a camera that has locked the account is left alone for half an hour, over a restart too", async () => {
  await withLink(async ({ link, clock, camera, newLink }) => {
    assertEquals((await assertRejects(() => link.device(never), HubError)).kind, "unauthenticated");
    const untilMs = clock.now() + HALF_HOUR;
    const first = newLink("other").link;
    const told = await assertRejects(() => first.device(never), HubError);
    assertEquals([told.kind, told.retryAtMs], ["locked_out", untilMs]);
    const asked = camera.calls.length;
    await clock.advance(HALF_HOUR - 1);
    for (const each of [first, newLink("other").link, newLink("right").link]) {
      const error = await assertRejects(() => each.device(never), HubError);
      assertEquals([error.kind, error.retryAtMs], ["locked_out", untilMs]);
    }
    assertEquals(camera.calls.length, asked);
    await clock.advance(1);
    await assertRejects(() => first.device(never), HubError);
    assert(camera.calls.length > asked);
  }, { given: "wrong", lockAfter: 1 });
});

Deno.test("OnvifLink: a camera that was away is connected when it is back", async () => {
  await withLink(async ({ link, camera }) => {
    await camera.offline();
    const error = await assertRejects(() => link.device(never), HubError);
    assertEquals([error.kind, error.details?.unreachable], ["unavailable", true]);
    camera.online();
    assertEquals((await link.device(never)).information.model, "Camera");
  });
});

Deno.test("OnvifLink: who is called off while connecting does not call off the others", async () => {
  await withLink(async ({ link, camera }) => {
    camera.fail("stall", { operation: "GetDeviceInformation", times: 1 });
    const stop = new AbortController();
    const first = assertRejects(() => link.device(stop.signal), DOMException);
    await until(() => camera.calls.includes("GetDeviceInformation"), "the camera to be asked");
    const second = link.device(never);
    stop.abort();
    assert(isAbort(await first));
    assertEquals((await second).information.model, "Camera");
  });
});

Deno.test("OnvifLink: who waits for another's connection can be called off", async () => {
  await withLink(async ({ link, camera }) => {
    camera.fail("stall", { operation: "GetDeviceInformation", times: 1 });
    const owner = new AbortController();
    const first = assertRejects(() => link.device(owner.signal), DOMException);
    await until(() => camera.calls.includes("GetDeviceInformation"), "the camera to be asked");
    const stop = new AbortController();
    const second = assertRejects(() => link.device(stop.signal), DOMException);
    stop.abort();
    assert(isAbort(await second));
    owner.abort();
    await first;
  });
});

Deno.test("OnvifLink: tells what the camera observes, with the camera's time, until it is called off", async () => {
  await withLink(async (made) => {
    const { camera } = made;
    const { seen, gaps, finish } = watch(made);
    await until(() => camera.subscriptions.length === 1, "the subscription");
    camera.emit(...MOTION, true);
    await until(() => seen.length > 0 && seen.at(-1)?.active === true, "motion");
    camera.emit("tns1:Some/Vendor/Thing", "State", true);
    camera.emit(...MOTION, false);
    await until(() => seen.at(-1)?.active === false, "its end");
    assertEquals(new Set(seen.map(({ kind, source }) => `${kind} ${source}`)), new Set(["motion onvif"]));
    assert(seen.every(({ deviceAtMs }) => Math.abs((deviceAtMs ?? 0) - Date.now()) < 60_000));
    assertEquals(gaps, []);
    await finish();
    assertEquals(camera.subscriptions.length, 0);
  });
});

Deno.test("OnvifLink: an outage is told once, and it is heard again afterwards", async () => {
  await withLink(async (made) => {
    const { camera, clock } = made;
    await camera.offline();
    const { seen, gaps, finish } = watch(made);
    await until(() => gaps.length === 1, "the gap");
    for (let time = 0; time < 3; time++) await clock.advance(30_000);
    camera.online();
    await until(async () => {
      await clock.advance(30_000);
      return camera.subscriptions.length === 1;
    }, "the subscription");
    camera.emit(...MOTION, true);
    await until(() => seen.at(-1)?.active === true, "motion");
    assertEquals(gaps.length, 1);
    await finish();
  });
});

Deno.test("OnvifLink: a password that is changed in the camera is noticed while watching, and not sent again", async () => {
  await withLink(async (made) => {
    const { camera, clock, link, newLink } = made;
    await link.device(never);
    camera.setPassword("changed");
    const { gaps, finish } = watch(made);
    await until(() => gaps.length === 1, "the refusal");
    await until(
      () => newLink("right").guard.assertAllowed("onvif").then(() => false, () => true),
      "the refusal to be noted",
    );
    const { authFailures } = camera;
    assert(authFailures <= 1, `${authFailures} wrong tries`);
    for (let time = 0; time < 5; time++) await clock.advance(HALF_HOUR);
    assertEquals([camera.authFailures, gaps.length], [authFailures, 1]);
    await finish();
  });
});

Deno.test("OnvifLink: a lock told in answer to a movement is remembered, over a restart too", async () => {
  await withLink(async ({ camera, clock, link, newLink }) => {
    const device = await link.device(never);
    const [profile] = await device.profiles(never);
    const ptz = await device.ptz(profile!, never);
    // Somebody else has tried in vain meanwhile.
    const stranger = new OnvifLink({
      address: camera.host,
      port: camera.port,
      clock,
      username: "x",
      password: new Secret("y"),
    });
    await assertRejects(() => stranger.device(never), HubError);
    await stranger.close();
    const untilMs = clock.now() + HALF_HOUR;
    const told = await assertRejects(() => ptz!.relativeMove({ pan: 0.1 }, {}, never), HubError);
    assertEquals([told.kind, told.retryAtMs], ["locked_out", untilMs]);
    const kept = await assertRejects(() => newLink("right").guard.assertAllowed("onvif"), HubError);
    assertEquals([kept.kind, kept.retryAtMs], ["locked_out", untilMs]);
    assertEquals((await assertRejects(() => link.refused, HubError)).kind, "locked_out");
  }, { lockAfter: 1 });
});

Deno.test("OnvifLink: closed before, while and after it connects", async () => {
  await withLink(async ({ link, camera }) => {
    await link.close();
    camera.fail("stall", { operation: "GetDeviceInformation", times: 1 });
    const stop = new AbortController();
    const failed = assertRejects(() => link.device(stop.signal), DOMException);
    await until(() => camera.calls.includes("GetDeviceInformation"), "the camera to be asked");
    const closing = link.close();
    stop.abort();
    await Promise.all([failed, closing]);
    await link.device(never);
    await link.close();
    await link.close();
  });
});

const message = (topic: string, data: Record<string, string>) => ({
  topic,
  utcTimeMs: 5,
  operation: "Changed" as const,
  source: {},
  data,
});
const OBSERVED: [string, Record<string, string>, Partial<Observation> | undefined][] = [
  ["RuleEngine/CellMotionDetector/Motion", { IsMotion: "true" }, { kind: "motion", active: true }],
  ["RuleEngine/CellMotionDetector/Motion", { IsMotion: "false" }, { kind: "motion", active: false }],
  ["RuleEngine/PeopleDetector/People", { IsPeople: "true" }, { kind: "person", active: true }],
  ["Device/Trigger/DigitalInput", { LogicalState: "true" }, undefined],
  ["Monitoring/ProcessorUsage", { Value: "5" }, undefined],
];
for (const [topic, data, expected] of OBSERVED) {
  Deno.test(`toObservation: ${topic} ${Object.values(data)} is ${expected?.kind ?? "nothing of the hub's"}`, () => {
    const made = toObservation(message(topic, data));
    assertEquals<unknown>(
      made,
      expected && { ...expected, isState: true, deviceAtMs: 5, source: "onvif", sourceKey: topic },
    );
  });
}

Deno.test("toObservation: what is no property is no state either", () => {
  const plain = {
    ...message("RuleEngine/PeopleDetector/People", { IsPeople: "true" }),
    operation: undefined,
  };
  assertEquals([toObservation(plain)?.active, toObservation(plain)?.isState], [true, false]);
});
