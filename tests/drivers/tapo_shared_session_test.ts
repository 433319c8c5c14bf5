// Cameras that are made of one Tapo device: a second lens, and those behind a hub, share one session with it.
import { assert, assertEquals } from "@std/assert";
import { HubError } from "../../src/base/errors.ts";
import { VolatileMemory } from "../../src/devices/memory.ts";
import { Shared } from "../../src/devices/shared.ts";
import { connectTapo } from "../../src/drivers/tapo/connection.ts";
import { tapoDriver } from "../../src/drivers/tapo/driver.ts";
import type { TapoOptions as DriverOptions } from "../../src/drivers/tapo/options.ts";
import { CAMERA_ACCOUNT, CLOUD_PASSWORD } from "../emulators/rig/tapo_rig.ts";
import { TapoEmulator, type TapoOptions } from "../emulators/tapo/emulator.ts";
import { C545D, D130, H200 } from "../emulators/tapo/models/index.ts";
import { until } from "../unit/tools/processes.ts";
import { failureOf, forever, Opened, stage } from "./stage.ts";

function start(options: Partial<TapoOptions>): Promise<TapoEmulator> {
  return TapoEmulator.start({
    model: C545D,
    cloudPassword: CLOUD_PASSWORD,
    cameraAccount: CAMERA_ACCOUNT,
    ...options,
  });
}

const loginOf = ({ host, port }: TapoEmulator) => ({ host, port, cloud_password: CLOUD_PASSWORD });

/** Opens cameras as one hub does. */
function hub() {
  const [shared, memory] = [new Shared(), new VolatileMemory()];
  return (options: unknown, isAsked = false) =>
    Opened.open(tapoDriver, options, stage({ shared, memory, isAsked }));
}

Deno.test("[TAPO-ONE-SESSION] Tapo: both lenses log in once and ask over one connection, until the last is let go of", async () => {
  await using tapo = await start({});
  const open = hub();
  {
    await using tele = await open({ ...loginOf(tapo), lens: "tele" });
    {
      await using main = await open(loginOf(tapo));
      await Promise.all(Array.from({ length: 5 }, () => main.can("led").read(forever)));
      assertEquals([tapo.loginAttempts.posts, tapo.connections], [2, 1]);
    }
    assertEquals(tele.device.impairment?.error, undefined);
    await using again = await open(loginOf(tapo));
    assertEquals([await again.can("led").read(forever), tapo.loginAttempts.posts], [true, 2]);
  }
  await until(() => tapo.connections === 0, "the connection to end");
});

Deno.test("[TAPO-ONE-SESSION] Tapo: a hub and its cameras are asked one thing at a time", async () => {
  await using tapo = await start({ model: { ...H200, children: [...H200.children ?? [], D130] } });
  const open = hub();
  const children = tapo.device.children!.list;
  {
    await using own = await open(loginOf(tapo));
    await using one = await open({ ...loginOf(tapo), child_id: children[0]!.id });
    await using two = await open({ ...loginOf(tapo), child_id: children[1]!.id });
    // While it is busy, a real one answers 401 to another request.
    tapo.gateway.latencyMs = 20;
    await Promise.all(
      [own, one, two].flatMap((each) => [each.can("led").read(forever), each.can("settings").list(forever)]),
    );
    assertEquals([tapo.loginAttempts.posts, tapo.connections], [2, 1]);
  }
  await until(() => tapo.connections === 0, "the connection to end");
});

Deno.test("Tapo: what one camera of a device leaves undone is no concern of the others", async () => {
  await using tapo = await start({ model: H200 });
  const open = hub();
  await using own = await open(loginOf(tapo));
  let left: Promise<unknown> = Promise.resolve();
  {
    await using child = await open({ ...loginOf(tapo), child_id: tapo.device.children!.list[0]!.id });
    tapo.gateway.latencyMs = 200;
    left = failureOf(child.can("privacy").set(true, forever));
    await until(() => tapo.received.count("controlChild") > 0 || tapo.connections > 0, "the request");
  }
  const failure = await left as { kind: string; message: string };
  assertEquals([failure.kind, failure.message], ["unavailable", "The camera is no longer in use"]);
  tapo.gateway.latencyMs = 1;
  assertEquals(await own.can("led").read(forever), true);
});

Deno.test("Tapo: another password has a session of its own, and is tried with its own account", async () => {
  await using tapo = await start({});
  const open = hub();
  await using right = await open(loginOf(tapo));
  const failure = await failureOf(open({ ...loginOf(tapo), lens: "tele", cloud_password: "wrong" }));
  assertEquals([failure.kind, right.device.impairment?.error], ["unauthenticated", undefined]);
});

Deno.test("Tapo: a person may try a refused password again though another camera holds the session", async () => {
  await using tapo = await start({});
  const open = hub();
  const login = { ...loginOf(tapo), cloud_password: "changed-later", ...CAMERA_ACCOUNT };
  await using tele = await open({ ...login, lens: "tele" });
  assertEquals(tele.device.impairment?.error?.kind, "unauthenticated");
  const posts = () => tapo.loginAttempts.posts;
  const once = posts();
  {
    await using byItself = await open(login);
    assertEquals([byItself.device.impairment?.error?.kind, posts()], ["unauthenticated", once]);
  }
  await using asked = await open(login, true);
  assertEquals([asked.device.impairment?.error?.kind, posts()], ["unauthenticated", 2 * once]);
  assert(asked.device.capabilities.video);
});

/** A camera behind a hub that cannot be opened, for a reason that is its own. */
const FAILING: [string, Partial<TapoOptions>, (tapo: TapoEmulator) => void][] = [
  ["whose device is no hub", {}, () => {}],
  ["whose components the hub does not tell", { model: H200 }, (tapo) => {
    tapo.faults.next = { kind: "error-code", code: -40106, method: "getChildDeviceComponentList" };
  }],
];
for (const [what, options, fail] of FAILING) {
  Deno.test(`Tapo: a camera behind a hub ${what} is unsupported, and its neighbours are well`, async () => {
    await using tapo = await start(options);
    const open = hub();
    await using own = await open({ ...loginOf(tapo), ...CAMERA_ACCOUNT });
    fail(tapo);
    const child_id = tapo.device.children?.list[0]?.id ?? "CHILD";
    const failure = await failureOf(open({ ...loginOf(tapo), ...CAMERA_ACCOUNT, child_id }));
    assertEquals([failure.kind, tapo.faults.pending], ["unsupported", 0]);
    assertEquals(own.device.impairment?.error, undefined);
    assertEquals(await own.can("led").read(forever), true);
  });
}

Deno.test("Tapo: the newest login stands in the way of who met it, until a login is accepted", async () => {
  await using tapo = await start({ login: "tpap" });
  const open = hub();
  const login = { ...loginOf(tapo), ...CAMERA_ACCOUNT };
  const bare = await failureOf(open({ ...loginOf(tapo), lens: "tele" }));
  assertEquals([bare.kind, bare.details?.newest_login], ["unsupported", true]);
  await using tele = await open({ ...login, lens: "tele" });
  await using main = await open(login);
  for (const { device } of [tele, main]) {
    assertEquals([device.impairment?.error?.kind, device.capabilities.ptz], ["unsupported", undefined]);
    assert(device.capabilities.video);
  }
  tapo.gateway.login = "v3";
  await using again = await open(login);
  assertEquals([again.device.impairment?.error, await again.can("led").read(forever)], [undefined, true]);
  for (const lost of await Promise.all([tele.lost, main.lost])) assertEquals(lost?.kind, "unavailable");
});

Deno.test("Tapo: an opening that fails for another reason is told so, though the login was refused before", async () => {
  await using tapo = await start({});
  const [shared, memory] = [new Shared(), new VolatileMemory()];
  const options = tapoDriver.options.parse({
    ...loginOf(tapo),
    ...CAMERA_ACCOUNT,
  }) as unknown as DriverOptions;
  const connect = () => connectTapo(options, tapo.host, stage({ shared, memory }))!;
  const [one, other] = [connect(), connect()];
  tapo.lockout.lock(600);
  const refused = await failureOf(one.session.request("getLedStatus", {}, forever));
  assertEquals([refused.kind, one.impairment.explains(refused)], ["locked_out", true]);
  assertEquals(other.impairment.error?.kind, "locked_out");
  const unreached = new HubError("unavailable", "The connection to the camera broke off");
  const lacking = new HubError("unsupported", "This camera cannot do that");
  assertEquals([unreached, lacking].map((each) => other.impairment.explains(each)), [false, false]);
  for (const each of [one, other]) each.close();
});
