// Cameras that are made of one Tapo device: a second lens, and those behind a hub, share one session with it.
import { assert, assertEquals } from "@std/assert";
import { VolatileMemory } from "../../src/devices/memory.ts";
import { Shared } from "../../src/devices/shared.ts";
import { tapoDriver } from "../../src/drivers/tapo/driver.ts";
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
