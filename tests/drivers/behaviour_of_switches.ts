// Facts, settings, switches and the card as every driver has to do them; see conformance.ts.
import { assert, assertEquals } from "@std/assert";
import type { Setting, SettingValue } from "../../src/devices/setting.ts";
import type { Parts } from "./conformance.ts";
import { capabilityNames, failureOf, forever } from "./stage.ts";

export function checkFacts({ opened: { device }, rig: { expects } }: Parts): Promise<void> {
  assertEquals(capabilityNames(device), [...expects.capabilities].sort());
  const told = Object.keys(expects.info).map((key) => [key, device.info[key]]);
  assertEquals(Object.fromEntries(told), { ...expects.info });
  return Promise.resolve();
}

export async function checkSettings({ opened, rig }: Parts): Promise<void> {
  const settings = opened.can("settings");
  const wanted = new Map<string, SettingValue>();
  for (const setting of await settings.list(forever)) {
    const { name, kind, value = false } = setting;
    const before = rig.settings();
    const other = kind === "action" ? true : anotherValue(setting);
    const after = await settings.set(name, other, forever);
    if (kind === "action") continue;
    assertEquals([name, after.value], [name, other]);
    assert(rig.settings() !== before, `${name} has not changed in the camera`);
    // An alarm needs sound or light.
    const stays = !/^alarm_(sound|light)$/.test(name);
    if (!stays) await settings.set(name, value, forever);
    wanted.set(name, stays ? other : value);
  }
  const listed = (await settings.list(forever)).filter(({ kind }) => kind !== "action");
  assertEquals(new Map(listed.map(({ name, value = false }) => [name, value])), wanted);
}

/** Some cameras know only low (20), medium (50) and high (80). */
function anotherValue({ kind, value, choices = [] }: Setting): SettingValue {
  if (kind === "boolean") return value !== true;
  if (kind === "number") return value === 20 ? 80 : 20;
  return choices.find((choice) => choice.value !== value)?.value ?? "";
}

export async function checkWrongSettings({ opened }: Parts): Promise<void> {
  const settings = opened.can("settings");
  const unknown = await failureOf(settings.set("no_such_thing", 1, forever));
  assertEquals(unknown.kind, "not_found");
  assert(unknown.hint);
  for (const { name, kind } of await settings.list(forever)) {
    if (kind === "action") continue;
    const wrong = await failureOf(settings.set(name, kind === "number" ? 100_000 : "purple", forever));
    assertEquals([name, wrong.kind], [name, "invalid_input"]);
  }
}

export async function checkPrivacy({ opened, rig }: Parts): Promise<void> {
  const privacy = opened.can("privacy");
  for (const isOn of [true, false]) {
    assertEquals(await privacy.set(isOn, forever), isOn);
    assertEquals([rig.isPrivate?.(), await privacy.read(forever)], [isOn, isOn]);
  }
}

export async function checkLed({ opened, rig }: Parts): Promise<void> {
  for (const isOn of [false, true]) {
    assertEquals(await opened.can("led").set(isOn, forever), isOn);
    assertEquals([rig.isLedOn?.(), await opened.can("led").read(forever)], [isOn, isOn]);
  }
}

export async function checkMotion({ opened, rig }: Parts): Promise<void> {
  const motion = opened.can("motion");
  assertEquals(await motion.set({ enabled: false, sensitivity: 30 }, forever), {
    enabled: false,
    sensitivity: 30,
  });
  assertEquals(rig.motion?.(), { enabled: false, sensitivity: 30 });
  assertEquals(await motion.set({ enabled: true }, forever), { enabled: true, sensitivity: 30 });
  assertEquals(await motion.set({ sensitivity: 70 }, forever), { enabled: true, sensitivity: 70 });
  assertEquals(rig.motion?.(), { enabled: true, sensitivity: 70 });
}

export async function checkSiren({ opened, rig }: Parts): Promise<void> {
  const siren = opened.can("siren");
  for (const isOn of [true, false]) {
    await (isOn ? siren.start(forever) : siren.stop(forever));
    const told = await siren.isActive(forever);
    assertEquals([rig.isSirenOn?.(), told ?? isOn], [isOn, isOn]);
  }
}

export async function checkStorage({ opened, rig }: Parts): Promise<void> {
  const [storage, card] = [opened.can("storage"), rig.card!];
  for (const state of ["normal", "absent", "unformatted", "full"] as const) {
    card.set(state);
    const [medium] = await storage.media(forever);
    assertEquals([state, medium?.state], [state, state]);
    const hasSizes = state === "normal" || state === "full";
    assertEquals([state, (medium?.totalBytes ?? 0) > 0], [state, hasSizes]);
    if (state === "full") assertEquals(medium?.freeBytes, 0);
  }
  card.set("absent");
  const error = await failureOf(storage.format!("1", forever));
  assertEquals([error.kind, error.hint !== undefined], ["not_found", true]);
  card.set("unformatted");
  await storage.format!("1", forever);
  assertEquals([card.formats(), (await storage.media(forever))[0]?.state], [1, "normal"]);
}

export async function checkRecordings({ opened, rig }: Parts): Promise<void> {
  const storage = opened.can("storage");
  if (!storage.recordings || !storage.days || !rig.card?.record) return;
  const noonMs = Date.UTC(2026, 2, 14, 12);
  for (const aheadMs of [0, 86_400_000, -86_400_000, 7 * 3_600_000]) {
    rig.card.record(noonMs, 60_000, aheadMs);
    const [found, ...more] = await storage.recordings("2026-03-14", forever);
    // Cameras tell their time in whole seconds.
    assert(found && Math.abs(found.startMs - noonMs) <= 1000, `${aheadMs}: ${JSON.stringify(found)}`);
    assertEquals([found.endMs - found.startMs, more], [60_000, []]);
    assertEquals(await storage.recordings("2026-03-13", forever), []);
    assert((await storage.days("2026-03", forever)).includes("2026-03-14"), `${aheadMs}`);
  }
}
