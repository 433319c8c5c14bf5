// Moving, presets and patrol as every driver has to do them; see conformance.ts.
import { assert, assertEquals } from "@std/assert";
import type { PtzPosition } from "../../src/devices/capabilities.ts";
import { until } from "../unit/tools/processes.ts";
import type { Parts } from "./conformance.ts";
import { failureOf, forever } from "./stage.ts";

function isNear(actual: PtzPosition, expected: PtzPosition): boolean {
  return (["pan", "tilt"] as const).every((axis) =>
    Math.abs((actual[axis] ?? 0) - (expected[axis] ?? 0)) < 0.012
  );
}

function assertNear(actual: PtzPosition, expected: PtzPosition): void {
  assert(isNear(actual, expected), `${JSON.stringify(actual)} is not near ${JSON.stringify(expected)}`);
}

export async function checkMoves({ opened, rig }: Parts): Promise<void> {
  const [ptz, head] = [opened.can("ptz"), rig.head!];
  const by = { relative: true };
  head.place(0, 0);
  for (const step of [{ pan: 0.2 }, { pan: -0.3 }, { tilt: 0.2 }, { tilt: -0.3 }, { pan: 0.1, tilt: 0.1 }]) {
    const from = head.position();
    const told = await ptz.move(step, by, forever);
    const to = head.position();
    assertNear(to, { pan: from.pan + (step.pan ?? 0), tilt: from.tilt + (step.tilt ?? 0) });
    if (Object.keys(told).length > 0) {
      await until(async () => isNear(await ptz.position(forever), to), "the place");
    }
  }
  const before = head.position();
  await ptz.move({ pan: 0, tilt: 0 }, by, forever);
  assertEquals(head.position(), before);
}

export async function checkEndOfRange({ opened, rig }: Parts): Promise<void> {
  const { panEnd, place, position } = rig.head!;
  if (panEnd === undefined) return;
  place(panEnd, 0);
  const error = await failureOf(opened.can("ptz").move({ pan: 0.2 }, { relative: true }, forever));
  assertEquals(error.kind, "conflict");
  assert(error.hint);
  assertNear(position(), { pan: panEnd, tilt: 0 });
}

export async function checkStop({ opened, rig }: Parts): Promise<void> {
  const [ptz, head] = [opened.can("ptz"), rig.head!];
  head.place(-0.9, 0);
  const leave = new AbortController();
  const moving = ptz.move({ pan: 0.1 }, { relative: true, speed: 0.1, durationMs: 20_000 }, leave.signal);
  moving.catch(() => {/* it is left below */});
  await until(() => head.position().pan > -0.9, "a movement");
  leave.abort();
  await failureOf(moving);
  await ptz.stop?.(forever);
  assertEquals(head.isMoving(), false);
}

export async function checkPresets({ opened, rig }: Parts): Promise<void> {
  const [presets, head] = [opened.can("presets"), rig.head!];
  head.place(0.3, 0.2);
  const door = await presets.save("Door", undefined, forever);
  head.place(-0.3, -0.2);
  const yard = await presets.save("Yard & more", undefined, forever);
  assertEquals(head.presets(), ["Door", "Yard & more"]);
  assertEquals((await presets.list(forever)).map(({ name }) => name), ["Door", "Yard & more"]);
  await presets.recall(door.id, forever);
  assertNear(head.position(), { pan: 0.3, tilt: 0.2 });
  await presets.recall(yard.id, forever);
  assertNear(head.position(), { pan: -0.3, tilt: -0.2 });
  head.place(0.5, 0.1);
  const gate = await presets.save("Gate", door.id, forever);
  assertEquals(head.presets().toSorted(), ["Gate", "Yard & more"]);
  head.place(0, 0);
  await presets.recall(gate.id, forever);
  assertNear(head.position(), { pan: 0.5, tilt: 0.1 });
  for (const { id } of await presets.list(forever)) await presets.remove(id, forever);
  assertEquals([head.presets(), await presets.list(forever)], [[], []]);
}

export async function checkPresetErrors({ opened, rig }: Parts): Promise<void> {
  const [presets, head] = [opened.can("presets"), rig.head!];
  for (let count = 0; count < head.maxPresets; count++) await presets.save(`P${count}`, undefined, forever);
  const full = await failureOf(presets.save("one too many", undefined, forever));
  assertEquals(full.kind, "conflict");
  assert(full.hint, full.message);
  for (const { id } of await presets.list(forever)) await presets.remove(id, forever);
  const unknown = [presets.recall("77", forever), presets.remove("77", forever)];
  for (const action of [...unknown, presets.save("x", "77", forever)]) {
    assertEquals((await failureOf(action)).kind, "not_found");
  }
  assertEquals(head.presets(), []);
}

export async function checkPatrol({ opened, rig }: Parts): Promise<void> {
  const [patrol, presets] = [opened.can("patrol"), opened.can("presets")];
  const { id } = await presets.save("Post", undefined, forever);
  await patrol.start(forever);
  assertEquals(rig.isPatrolling?.(), true);
  await patrol.stop(forever);
  assertEquals(rig.isPatrolling?.(), false);
  await presets.remove(id, forever);
}

export async function checkPrivateMove({ opened, rig }: Parts): Promise<void> {
  const [privacy, ptz] = [opened.can("privacy"), opened.can("ptz")];
  rig.head!.place(0, 0);
  await privacy.set(true, forever);
  const error = await failureOf(ptz.move({ pan: 0.2 }, { relative: true }, forever));
  assertEquals([error.kind, /privacy/i.test(error.hint ?? "")], ["conflict", true]);
  assertNear(rig.head!.position(), { pan: 0, tilt: 0 });
  await privacy.set(false, forever);
}
