// The tapo driver against every emulated model, over both kinds of TLS and all logins it speaks.
import { assertEquals } from "@std/assert";
import { tapoDriver } from "../../src/drivers/tapo/driver.ts";
import type { TapoOptions } from "../emulators/tapo/emulator.ts";
import {
  C100_OLD,
  C210,
  C220,
  C520WS,
  C545D,
  D130,
  H200,
  MODELS,
  type TapoModel,
} from "../emulators/tapo/models/index.ts";
import { type Rig, testConformance } from "./conformance.ts";
import { capabilityNames, failureOf, forever, Opened, stage } from "./stage.ts";
import { CAPABILITIES_OF, startChild, startTapo, startWhole } from "./tapo_rigs.ts";

for (const model of MODELS) subject(model.model, () => startTapo({ model }));
subject("child behind a hub", () => startChild({ model: H200 }));
subject("C210 with picture and ONVIF", () => startWhole({ model: C210 }));
subject("tele lens of C545D", () => startWhole({ model: C545D }, "tele"));

/** Where only the way to the camera differs, a look at what uses it is enough. */
const WAYS: readonly [TapoModel, Partial<TapoOptions>][] = [
  [C520WS, { tls: "old" }],
  [C210, { tls: "old", passwordForm: "md5" }],
  [C100_OLD, { login: "v2" }],
  [C220, { login: "v2", tls: "old" }],
  [D130, { passwordForm: "md5" }],
];
for (const [model, way] of WAYS) {
  const name = `${model.model} with ${Object.entries(way).map((pair) => pair.join(" ")).join(", ")}`;
  subject(name, () => startTapo({ model, ...way }), /info|ptz moves|privacy covers|motion/);
}

function subject(name: string, start: () => Promise<Rig>, only?: RegExp): void {
  testConformance({ name: `Tapo ${name}`, driver: tapoDriver, start }, only);
}

/** A model without one of its components: its firmware does not matter, its list does. */
function without(model: TapoModel, component: string): TapoModel {
  return { ...model, components: model.components.filter(([name]) => name !== component) };
}

for (const [component, names] of Object.entries(CAPABILITIES_OF)) {
  const model = component === "siren" ? H200 : C220;
  Deno.test(`Tapo: a device that does not list ${component} has no ${names.join(" and ")}`, async () => {
    await using rig = await startTapo({ model: without(model, component) });
    await using opened = await Opened.open(tapoDriver, rig.options, stage());
    const all = [...rig.expects.capabilities, ...names];
    assertEquals(capabilityNames(opened.device), all.filter((name) => !names.includes(name)).sort());
  });
}

/** Settings by the component that brings them; those that no component stands for are what the camera answers. */
const SETTINGS_OF: Readonly<Record<string, RegExp>> = {
  petDetection: /^pet_/,
  babyCryDetection: /^baby_cry_/,
  audio: /^(speaker|microphone|record_audio)/,
  alert: /^alarm/,
  targetTrack: /^tracking$/,
  ptz: /^calibrate$/,
};

Deno.test("Tapo: settings come and go with the components that bring them", async () => {
  for (const [component, settings] of Object.entries(SETTINGS_OF)) {
    for (const model of [C220, without(C220, component)]) {
      await using rig = await startTapo({ model });
      await using opened = await Opened.open(tapoDriver, rig.options, stage());
      const listed = await opened.can("settings").list(forever);
      const isThere = listed.some(({ name }) => settings.test(name));
      assertEquals([component, isThere], [component, model === C220]);
    }
  }
});

Deno.test("Tapo: a second lens and a hub's cameras are offered, and can be opened with what is offered", async () => {
  await using dual = await startTapo({ model: C545D });
  await using hub = await startTapo({ model: { ...H200, children: [...H200.children ?? [], D130] } });
  for (const [rig, expected] of [[dual, ["probe-tele"]], [hub, ["tapo-", "tapo-"]]] as const) {
    await using opened = await Opened.open(tapoDriver, rig.options, stage());
    const { children = [] } = opened.device;
    assertEquals(children.length, expected.length);
    for (const [at, { options, suggestedId, title }] of children.entries()) {
      assertEquals([suggestedId.startsWith(expected[at] ?? "-"), title !== ""], [true, true]);
      await using child = await Opened.open(tapoDriver, { ...rig.options, ...options }, stage());
      assertEquals(child.device.children, undefined);
    }
  }
  const gone = await failureOf(
    Opened.open(tapoDriver, { ...hub.options, child_id: "0".repeat(40) }, stage()),
  );
  assertEquals([gone.kind, gone.retryAtMs], ["not_found", Infinity]);
});
