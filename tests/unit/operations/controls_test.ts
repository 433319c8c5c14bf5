// Switching things in a camera: each operation reads back what the camera then says, and does not believe a mere yes.
import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import type { Setting as GadgetSetting } from "../../../src/devices/setting.ts";
import { type Bench, withGadgets } from "../tools/gadgets.ts";

const ACKNOWLEDGED = { success: true, camera_id: "a", verified: "acknowledged" };
const READ = { success: true, camera_id: "a", verified: "readback" };
const refused = (bench: Bench, name: string, input?: Record<string, unknown>) =>
  assertRejects(() => bench.op(name, input), HubError);

const SWITCHES = [["set_privacy_mode", "privacy"], ["set_led_enabled", "led"]] as const;
for (const [name, what] of SWITCHES) {
  Deno.test(`${name}: on and off, with the camera's word for it`, async () => {
    await withGadgets(async ({ op, state }) => {
      for (const enabled of [true, false, true]) {
        assertEquals(await op(name, { enabled }), { ...READ, enabled });
        assertEquals(state[what], enabled);
      }
    });
  });

  Deno.test(`${name}: a camera that does not say is believed its yes, and it is told so`, async () => {
    await withGadgets(async ({ op, state }) => {
      state.isMute = true;
      assertEquals(await op(name, { enabled: true }), { ...ACKNOWLEDGED, enabled: true });
      assertEquals(state[what], true);
    });
  });

  Deno.test(`${name}: a camera that says yes and does not do it is told of`, async () => {
    await withGadgets(async (bench) => {
      bench.state.isStubborn = true;
      bench.state[what] = false;
      const error = await refused(bench, name, { enabled: true });
      assertEquals(error.kind, "device_rejected");
      assertStringIncludes(error.message, `${what} = true`);
      assertEquals((await refused(bench, name, { enabled: "yes" })).kind, "invalid_input");
      assertEquals((await refused(bench, name)).kind, "invalid_input");
    });
  });
}

Deno.test("set_motion_detection: switch and sensitivity, together and the switch alone", async () => {
  await withGadgets(async (bench) => {
    const { op, state } = bench;
    assertEquals(await op("set_motion_detection", { enabled: false }), {
      ...READ,
      enabled: false,
      sensitivity: 50,
    });
    assertEquals(await op("set_motion_detection", { enabled: true, sensitivity: 0 }), {
      ...READ,
      enabled: true,
      sensitivity: 0,
    });
    for (const sensitivity of [-1, 101, 1.5, "high"]) {
      assertEquals(
        (await refused(bench, "set_motion_detection", { enabled: true, sensitivity })).kind,
        "invalid_input",
      );
    }
    state.isStubborn = true;
    assertEquals((await refused(bench, "set_motion_detection", { enabled: false })).kind, "device_rejected");
    state.isMute = true;
    assertEquals(await op("set_motion_detection", { enabled: false }), ACKNOWLEDGED);
  });
});

const LEFT = { x: 0, y: 0, width: 0.5, height: 1 };
const CORNER = { x: 0.7, y: 0.1, width: 0.3, height: 0.2 };

Deno.test("[MOTION-ZONES] set_motion_detection: zones that the hub cannot set are refused, and nothing is changed", () =>
  withGadgets(async (bench) => {
    for (const dry_run of [false, true]) {
      for (const zones of [[LEFT], []]) {
        const error = await refused(bench, "set_motion_detection", { enabled: false, zones, dry_run });
        assertEquals([error.kind, error.details?.["able"]], ["unsupported", []]);
        assertMatch(error.message, /Camera "a" has no zones .* that the hub can set; nothing was changed/);
      }
    }
    assertEquals(bench.state.done, []);
  }));

Deno.test("[MOTION-ZONES] set_motion_detection: zones reach a detection that takes them, and are read back", () =>
  withGadgets(async (bench) => {
    const { op, state } = bench;
    const set = (zones: object[]) => op("set_motion_detection", { enabled: true, zones });
    assertEquals(await set([LEFT, CORNER]), {
      ...READ,
      enabled: true,
      sensitivity: 50,
      zones: [LEFT, CORNER],
    });
    assertEquals((await op("set_motion_detection", { enabled: true, sensitivity: 60 })).zones, [
      LEFT,
      CORNER,
    ]);
    assertEquals((await set([])).zones, []);
    const many = await refused(bench, "set_motion_detection", { enabled: true, zones: [LEFT, CORNER, LEFT] });
    assertEquals([many.kind, many.details?.["max_zones"]], ["unsupported", 2]);
    state.isStubborn = true;
    const stubborn = await refused(bench, "set_motion_detection", { enabled: true, zones: [LEFT] });
    assertEquals(stubborn.kind, "device_rejected");
    assertStringIncludes(stubborn.message, "its zones are []");
    state.motion = { enabled: true, zones: [{ ...LEFT, width: 0.505 }] };
    assertEquals((await set([LEFT])).verified, "readback", "as devices round");
    state.isMute = true;
    assertEquals(await set([LEFT]), ACKNOWLEDGED);
  }, { change: (all) => ({ ...all, motion: { ...all.motion!, maxZones: 2 } }) }));

Deno.test("[MOTION-ZONES] set_motion_detection: zones that are none are refused with their place", () =>
  withGadgets(async (bench) => {
    const wrong: [object, RegExp][] = [
      [{ ...LEFT, x: 0.6 }, /zones\[?\.?0/],
      [{ ...LEFT, width: 0 }, /zones.*width/],
      [{ ...LEFT, y: -0.1 }, /zones.*y/],
      [{ x: 0, y: 0, width: 1 }, /zones.*height/],
      [{ ...LEFT, name: "gate" }, /zones/],
    ];
    for (const [zone, place] of wrong) {
      const error = await refused(bench, "set_motion_detection", { enabled: true, zones: [zone] });
      assertEquals(error.kind, "invalid_input");
      assertMatch(JSON.stringify(error.details), place);
    }
    assertEquals(bench.state.done, []);
  }, { change: (all) => ({ ...all, motion: { ...all.motion!, maxZones: 2 } }) }));

Deno.test("set_motion_detection: a sensitivity is proved by what the camera then says, within its levels", async () => {
  await withGadgets(async (bench) => {
    const { op, state } = bench;
    const set = (sensitivity: number) => op("set_motion_detection", { enabled: true, sensitivity });
    state.isStubborn = true;
    const error = await refused(bench, "set_motion_detection", { enabled: true, sensitivity: 70 });
    assertEquals(error.kind, "device_rejected");
    assertStringIncludes(error.message, "sensitivity = 70; it is 50");
    // A camera that knows three words.
    state.motion = { enabled: true, sensitivity: 80, levels: [20, 50, 80] };
    for (const sensitivity of [65, 80, 100]) {
      assertEquals(await set(sensitivity), { ...READ, enabled: true, sensitivity: 80 });
    }
    for (const sensitivity of [0, 35, 64]) {
      const still = await refused(bench, "set_motion_detection", { enabled: true, sensitivity });
      assertEquals(still.kind, "device_rejected");
    }
    state.motion = { enabled: true };
    assertEquals(await set(70), { ...ACKNOWLEDGED, enabled: true });
    state.motion = { sensitivity: 70 };
    assertEquals(await set(70), { ...ACKNOWLEDGED, sensitivity: 70 });
  });
});

Deno.test("set_camera_setting: a value that the camera did not take is told of; its rounding is not", async () => {
  await withGadgets(async (bench) => {
    const { op, state } = bench;
    const common = { name: "x", title: "X" };
    const choices = [{ value: "1", title: "Manual" }, { value: "3", title: "Auto" }];
    const cases: [GadgetSetting, string | number | boolean, boolean][] = [
      [{ ...common, kind: "number", min: 0, max: 100, step: 1, value: 50 }, 50, true],
      [{ ...common, kind: "number", min: 0, max: 100, step: 1, value: 50 }, 51, false],
      [{ ...common, kind: "number", min: 0, max: 100, step: 10, value: 50 }, 54, true],
      [{ ...common, kind: "number", min: 0, max: 100, step: 10, value: 50 }, 60, false],
      [{ ...common, kind: "number", min: 0, max: 100, value: 69.6 }, 70, true],
      [{ ...common, kind: "number", min: 0, max: 1, value: 0.5 }, 0.6, false],
      [{ ...common, kind: "number", value: 50 }, 50, true],
      [{ ...common, kind: "number", value: 50 }, 70, false],
      [{ ...common, kind: "number", value: 0 }, 0, true],
      [{ ...common, kind: "choice", choices, value: "3" }, "auto", true],
      [{ ...common, kind: "choice", choices, value: "3" }, "3", true],
      [{ ...common, kind: "choice", choices, value: "3" }, "Manual", false],
      [{ ...common, kind: "boolean", value: false }, false, true],
      [{ ...common, kind: "boolean", value: false }, true, false],
    ];
    state.isStubborn = true;
    for (const [setting, value, isTaken] of cases) {
      state.settings = [setting];
      const input = { setting: "x", value };
      if (isTaken) assertEquals((await op("set_camera_setting", input)).verified, "readback");
      else {
        const error = await refused(bench, "set_camera_setting", input);
        assertEquals(error.kind, "device_rejected");
        assertStringIncludes(error.message, `x = ${value}; it is ${setting.value}`);
      }
    }
    state.settings = [{ ...common, kind: "action" }];
    assertEquals((await op("set_camera_setting", { setting: "x", value: true })).verified, "acknowledged");
  });
});

Deno.test("sound_siren, stop_siren: start and stop with the camera's word for it", async () => {
  await withGadgets(async (bench) => {
    const { op, state } = bench;
    assertEquals(await op("sound_siren", { confirm: true }), { ...READ, active: true });
    assertEquals(await op("stop_siren"), { ...READ, active: false });
    assertEquals(state.done, ["siren on", "siren off"]);
    state.isStubborn = true;
    assertStringIncludes((await refused(bench, "sound_siren", { confirm: true })).message, "siren = true");
    state.siren = true;
    assertStringIncludes((await refused(bench, "stop_siren")).message, "siren = false");
    state.isMute = true;
    assertEquals(await op("sound_siren", { confirm: true }), ACKNOWLEDGED);
  });
});

Deno.test("set_camera_setting: sets one, tells what is read back, and refuses what is none or out of range", async () => {
  await withGadgets(async (bench) => {
    const { op, state } = bench;
    const setting = { name: "brightness", title: "Brightness", kind: "number", min: 0, max: 100 };
    assertEquals(await op("set_camera_setting", { setting: "brightness", value: 70 }), {
      ...READ,
      value: 70,
      setting: { ...setting, value: 70 },
    });
    const wrong = await refused(bench, "set_camera_setting", { setting: "brightness", value: 101 });
    assertEquals([wrong.kind, wrong.hint], ["invalid_input", "Give a number from 0 to 100"]);
    const unknown = await refused(bench, "set_camera_setting", { setting: "glow", value: 1 });
    assertEquals([unknown.kind, unknown.hint], ["not_found", "Its settings are: brightness"]);
    state.isMute = true;
    assertEquals(await op("set_camera_setting", { setting: "brightness", value: 10 }), {
      ...ACKNOWLEDGED,
      setting,
    });
    assertEquals(
      (await refused(bench, "set_camera_setting", { setting: "brightness", value: null })).kind,
      "invalid_input",
    );
  });
});

Deno.test("what disturbs or destroys is not done without confirm, and what would happen is told", async () => {
  await withGadgets(async (bench) => {
    const { op, state } = bench;
    const asked: [string, Record<string, unknown>, RegExp][] = [
      ["reboot_camera", {}, /away for about a minute/],
      ["format_camera_storage", {}, /every recording on it would be lost/],
      ["sound_siren", {}, /everybody near it hears/],
      ["delete_ptz_preset", { name: "Door" }, /Delete preset Door \(1\)/],
    ];
    for (const [name, input, words] of asked) {
      for (const extra of [{}, { confirm: false }, { confirm: true, dry_run: true }]) {
        const { would, ...told } = await op(name, { ...input, ...extra });
        const isDry = "dry_run" in extra;
        assertEquals(told, {
          success: isDry,
          camera_id: "a",
          ...(isDry ? { dry_run: true } : { needs: "confirm" }),
          verified: "unverified",
        });
        assertMatch(String(would), words);
        assertStringIncludes(String(would), '"a"');
      }
      assertEquals((await refused(bench, name, { ...input, confirm: "true" })).kind, "invalid_input");
      for (const extra of [{}, { dry_run: true }, { confirm: true }]) {
        const error = await refused(bench, name, { ...input, ...extra, camera_id: "plain" });
        assertEquals(error.kind, "unsupported");
      }
    }
    assertEquals(state.done, []);
    assertEquals(await op("reboot_camera", { confirm: true }), ACKNOWLEDGED);
    const erased = { ...READ, storage_id: "1", state: "formatting" };
    assertEquals(await op("format_camera_storage", { confirm: true }), erased);
    assertEquals(state.done, ["reboot", "format 1"]);
  });
});

Deno.test("format_camera_storage: erases the card that was named, and none that is not there", async () => {
  await withGadgets(async (bench) => {
    const { op, state } = bench;
    const format = "format_camera_storage";
    const unknown = await refused(bench, format, { confirm: true, storage_id: "2" });
    assertEquals([unknown.kind, unknown.hint], ["not_found", "storage_id is one of: 1"]);
    state.media = [...state.media, { id: "2", state: "normal" }];
    const unclear = await refused(bench, format, { confirm: true });
    assertEquals([unclear.kind, unclear.hint], ["invalid_input", "storage_id is one of: 1, 2"]);
    assertEquals(state.done, []);
    assertEquals((await op(format, { confirm: true, storage_id: "2" }))["storage_id"], "2");
    state.media = [];
    for (const storage_id of ["1", undefined]) {
      const none = await refused(bench, format, { confirm: true, ...(storage_id ? { storage_id } : {}) });
      assertEquals(none.kind, "not_found");
    }
    assertEquals(state.done, ["format 2"]);
  });
});

Deno.test("format_camera_storage: only a card that says so is told of as read back", async () => {
  await withGadgets(async ({ op, state }) => {
    const [card] = state.media;
    for (const [after, verified] of [["normal", "readback"], ["failing", "acknowledged"]] as const) {
      state.afterFormat = after;
      const told = await op("format_camera_storage", { confirm: true });
      assertEquals([told["state"], told["verified"]], [after, verified]);
      state.media = [card!];
    }
    [state.afterFormat, state.done] = [undefined, []];
    const told = await op("format_camera_storage", { confirm: true });
    assertEquals(told, { ...ACKNOWLEDGED, storage_id: "1" });
  });
});

Deno.test("list_camera_recordings: the days of a month, or what was recorded on a day", async () => {
  await withGadgets(async (bench) => {
    const { op } = bench;
    assertEquals(await op("list_camera_recordings", { day: "2026-01" }), {
      success: true,
      camera_id: "a",
      days: ["2026-01-01", "2026-01-03"],
    });
    assertEquals(await op("list_camera_recordings", { day: "2026-01-03" }), {
      success: true,
      camera_id: "a",
      recordings: [
        { start: "2026-01-03T10:00:00.000Z", end: "2026-01-03T10:01:00.000Z", kind: "motion" },
        { start: "2026-01-03T10:00:00.000Z", end: "2026-01-03T10:00:00.000Z" },
      ],
    });
    for (const day of ["", "2026", "2026-1-3", "today", "2026-01-03T10:00"]) {
      assertEquals((await refused(bench, "list_camera_recordings", { day })).kind, "invalid_input");
    }
  });
});

Deno.test("storage: a camera that tells of its card and can do no more with it says so", async () => {
  await withGadgets(async (bench) => {
    const asked: [string, Record<string, unknown>, string][] = [
      ["format_camera_storage", { confirm: true }, "format"],
      ["list_camera_recordings", { day: "2026-01" }, "days"],
      ["list_camera_recordings", { day: "2026-01-03" }, "recordings"],
    ];
    for (const [name, input, part] of asked) {
      const error = await refused(bench, name, input);
      assertEquals(error.kind, "unsupported");
      assertStringIncludes(error.message, part);
    }
  }, { change: ({ storage, ...rest }) => ({ ...rest, storage: { media: storage!.media } }) });
});

Deno.test("control operations: what the device says of its own accounts sends nobody to the hub's login", async () => {
  await withGadgets(async (bench) => {
    const error = await refused(bench, "set_led_enabled", { enabled: true });
    assertEquals([error.kind, error.message, error.hint, error.retryAtMs], [
      "device_rejected",
      "The camera refused the account",
      "Enter the right password",
      Infinity,
    ]);
    assert(error.cause instanceof HubError && error.cause.kind === "unauthenticated");
  }, {
    change: (all) => ({
      ...all,
      led: {
        read: () => Promise.resolve(undefined),
        set: () =>
          Promise.reject(
            new HubError("unauthenticated", "The camera refused the account", {
              hint: "Enter the right password",
              retryAtMs: Infinity,
            }),
          ),
      },
    }),
  });
});
