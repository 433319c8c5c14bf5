// Moving a camera: what each operation does, reads back and refuses, on a toy that can do everything.
import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { PTZ_OPERATIONS } from "../../../src/operations/ptz.ts";
import { type Bench, type GadgetOptions, withGadgets } from "../tools/gadgets.ts";

const ACKNOWLEDGED = { success: true, camera_id: "a", verified: "acknowledged" };
const READ = { success: true, camera_id: "a", verified: "readback" };
const refused = (bench: Bench, name: string, input?: Record<string, unknown>) =>
  assertRejects(() => bench.op(name, input), HubError);

/** A camera whose PTZ lacks something. */
function without(part: "stop" | "home"): GadgetOptions {
  return {
    change: ({ ptz, ...rest }) => {
      const { [part]: _, ...still } = ptz!;
      return { ...rest, ptz: still };
    },
  };
}

Deno.test("move_ptz: moves by what is given, tells the place, and leaves out what was not given", async () => {
  await withGadgets(async ({ op, state }) => {
    assertEquals(await op("move_ptz", { pan: 0.5, speed: 0.2 }), {
      ...READ,
      position: { pan: 0.5, tilt: 0, zoom: 0 },
    });
    await op("move_ptz", { pan: -1, tilt: 1, zoom: 0, relative: false });
    await op("move_ptz", { tilt: 0, duration_ms: 500 });
    assertEquals(state.moves, [
      [{ pan: 0.5 }, { relative: true, speed: 0.2, durationMs: undefined }],
      [{ pan: -1, tilt: 1, zoom: 0 }, { relative: false, speed: undefined, durationMs: undefined }],
      [{ tilt: 0 }, { relative: true, speed: undefined, durationMs: 500 }],
    ]);
  });
});

Deno.test("move_ptz: without a place told it is acknowledged only", async () => {
  await withGadgets(async ({ op, state }) => {
    state.isMute = true;
    assertEquals(await op("move_ptz", { pan: 0.5 }), ACKNOWLEDGED);
    assertEquals(await op("get_ptz_position"), { success: true, camera_id: "a", known: false, position: {} });
    state.isMute = false;
    state.position = { pan: 0.25 };
    assertEquals(await op("get_ptz_position"), {
      success: true,
      camera_id: "a",
      known: true,
      position: { pan: 0.25 },
    });
  });
});

const WRONG: [string, Record<string, unknown>][] = [
  ["nothing to move", {}],
  ["nothing but a speed", { speed: 1 }],
  ["too far", { pan: 1.01 }],
  ["too fast", { pan: 1, speed: 2 }],
  ["too short", { pan: 1, duration_ms: 10 }],
  ["too long", { pan: 1, duration_ms: 20_001 }],
  ["no number", { pan: "0.5" }],
  ["not finite", { pan: NaN }],
  ["a word that is none", { paan: 1 }],
];
for (const [name, input] of WRONG) {
  Deno.test(`move_ptz: refuses ${name}, and moves nothing`, async () => {
    await withGadgets(async (bench) => {
      assertEquals((await refused(bench, "move_ptz", input)).kind, "invalid_input");
      assertEquals(bench.state.moves, []);
    });
  });
}

Deno.test("move_ptz: an axis that the camera lacks is told with the cameras that have it, and nothing moves", async () => {
  const fixed: GadgetOptions["change"] = (all) => ({ ...all, ptz: { ...all.ptz!, axes: ["pan", "tilt"] } });
  await withGadgets(async (bench) => {
    for (const extra of [{}, { dry_run: true }]) {
      const error = await refused(bench, "move_ptz", { zoom: 0.5, pan: 0.1, ...extra });
      assertEquals([error.kind, error.message, error.hint], [
        "unsupported",
        'Camera "a" cannot zoom; no camera of this hub can',
        "It can move: pan, tilt",
      ]);
    }
    assertEquals(bench.state.moves, []);
  }, { change: fixed });
});

Deno.test("PTZ operations: a dry run says what would be done, and does nothing", async () => {
  await withGadgets(async ({ op, state }) => {
    const asked: [string, Record<string, unknown>, string][] = [
      ["move_ptz", { pan: 0.1, tilt: -0.2 }, 'Move camera "a" by pan 0.1, tilt -0.2'],
      ["move_ptz", { pan: 0, relative: false }, 'Move camera "a" to pan 0'],
      ["move_ptz", { pan: 1, duration_ms: 500 }, 'Move camera "a" for 500 ms towards pan 1'],
      ["stop_ptz", {}, 'Stop the movement of camera "a"'],
      ["go_to_home_ptz", {}, 'Move camera "a" to its own home position'],
      ["save_ptz_preset", { name: "Gate" }, 'Store where camera "a" looks now as "Gate"'],
      ["recall_ptz_preset", { name: "door" }, 'Move camera "a" to preset Door (1)'],
      ["start_ptz_patrol", {}, 'Start the patrol of camera "a"'],
    ];
    for (const [name, input, would] of asked) {
      assertEquals(await op(name, { ...input, dry_run: true }), {
        success: true,
        camera_id: "a",
        would,
        dry_run: true,
        verified: "unverified",
      });
    }
    assertEquals([state.done, state.moves], [[], []]);
  });
});

Deno.test("stop_ptz: stops what moves; a camera that cannot be stopped says so", async () => {
  await withGadgets(async ({ op, state }) => {
    assertEquals(await op("stop_ptz"), ACKNOWLEDGED);
    assertEquals(state.done, ["stop"]);
  });
  await withGadgets(async (bench) => {
    const error = await refused(bench, "stop_ptz");
    assertEquals([error.kind, error.message], [
      "unsupported",
      'Camera "a" cannot be stopped: each of its moves ends by itself',
    ]);
  }, without("stop"));
});

Deno.test("go_to_home_ptz: its own home, else the preset named Home, else what to do", async () => {
  await withGadgets(async ({ op, state }) => {
    assertEquals(await op("go_to_home_ptz"), ACKNOWLEDGED);
    assertEquals(state.done, ["home"]);
  });
  await withGadgets(async (bench) => {
    const { op, state } = bench;
    assertEquals(await op("go_to_home_ptz"), { ...ACKNOWLEDGED, preset: { id: "2", name: "Home" } });
    state.presets = [{ id: "5", name: " HOME " }];
    await op("go_to_home_ptz");
    assertEquals(state.done, ["recall 2", "recall 5"]);
    state.presets = [];
    const error = await refused(bench, "go_to_home_ptz");
    assertEquals([error.kind, error.hint], ["unsupported", 'Save a preset named "Home"']);
  }, without("home"));
});

Deno.test("presets: listed, saved new and over another, gone to and deleted, by id or by name", async () => {
  await withGadgets(async ({ op, state }) => {
    const door = { id: "1", name: "Door", position: { pan: 0.5 } };
    assertEquals(await op("get_ptz_presets"), {
      success: true,
      camera_id: "a",
      presets: [door, { id: "2", name: "Home" }],
    });
    state.position = { tilt: 1 };
    assertEquals(await op("save_ptz_preset", { name: "  Yard " }), {
      ...READ,
      preset: { id: "3", name: "Yard", position: { tilt: 1 } },
    });
    await op("save_ptz_preset", { name: "Gate", preset_id: "1" });
    assertEquals(state.presets.find(({ id }) => id === "1")?.name, "Gate");
    const home = { id: "2", name: "Home" };
    assertEquals(await op("recall_ptz_preset", { preset_id: "2" }), { ...ACKNOWLEDGED, preset: home });
    assertEquals((await op("recall_ptz_preset", { name: "hOmE" })).preset, home);
    assertEquals(await op("delete_ptz_preset", { name: "Home", confirm: true }), { ...READ, preset: home });
    assertEquals(state.presets.map(({ name }) => name), ["Yard", "Gate"]);
    assertEquals(state.done.slice(-3), ["recall 2", "recall 2", "remove 2"]);
  });
});

Deno.test("save_ptz_preset: what the camera then lists is what counts, not its yes", async () => {
  await withGadgets(async (bench) => {
    bench.state.isStubborn = true;
    const lost = await refused(bench, "save_ptz_preset", { name: "Yard" });
    assertEquals([lost.kind, bench.state.done], ["device_rejected", ["save Yard"]]);
    assertStringIncludes(lost.message, 'it does not list the preset "Yard"');
    const kept = await refused(bench, "save_ptz_preset", { name: "Gate", preset_id: "1" });
    assertEquals(kept.kind, "device_rejected");
    assertStringIncludes(kept.message, 'preset 1 is still "Door"');
  });
});

for (
  const [listed, verified] of [["A long name f", "readback"], ["Preset 3", "acknowledged"], [
    "A",
    "acknowledged",
  ]] as const
) {
  Deno.test(`save_ptz_preset: a new one that the camera lists as "${listed}" is told so, ${verified}`, async () => {
    const change: GadgetOptions["change"] = (all) => ({
      ...all,
      presets: {
        ...all.presets!,
        list: async (signal) =>
          (await all.presets!.list(signal)).map((each) => each.id === "3" ? { ...each, name: listed } : each),
      },
    });
    await withGadgets(async ({ op }) => {
      const { preset, verified: said } = await op("save_ptz_preset", { name: "A long name for a place" });
      assertEquals([(preset as { name: string }).name, said], [listed, verified]);
    }, { change });
  });
}

Deno.test("presets: an unknown one is told with those that there are, none with how to make one", async () => {
  await withGadgets(async (bench) => {
    for (const name of ["recall_ptz_preset", "delete_ptz_preset"]) {
      for (const wanted of [{ preset_id: "9" }, { name: "Roof" }]) {
        const error = await refused(bench, name, wanted);
        assertEquals([error.kind, error.hint], ["not_found", "Its presets are: Door (1), Home (2)"]);
        assertStringIncludes(error.message, `"${Object.values(wanted)[0]}"`);
      }
      assertEquals((await refused(bench, name)).kind, "invalid_input");
      assertEquals((await refused(bench, name, { name: " " })).kind, "invalid_input");
    }
    bench.state.presets = [];
    assertStringIncludes(
      (await refused(bench, "recall_ptz_preset", { name: "x" })).hint ?? "",
      "save_ptz_preset",
    );
    assertEquals((await refused(bench, "save_ptz_preset", { name: "x".repeat(65) })).kind, "invalid_input");
    assertEquals(bench.state.done, []);
  });
});

Deno.test("delete_ptz_preset: a camera that says yes and keeps the preset is told of", async () => {
  await withGadgets(async (bench) => {
    bench.state.isStubborn = true;
    const error = await refused(bench, "delete_ptz_preset", { name: "Door", confirm: true });
    assertEquals([error.kind, error.message], ["device_rejected", 'The camera still has the preset "Door"']);
  });
});

Deno.test("PTZ operations: a camera that cannot do it, none of that name, and one that is away", async () => {
  await withGadgets(async (bench) => {
    const input: Record<string, Record<string, unknown>> = {
      move_ptz: { pan: 1 },
      save_ptz_preset: { name: "x" },
      recall_ptz_preset: { name: "x" },
      delete_ptz_preset: { name: "x" },
    };
    for (const { name } of PTZ_OPERATIONS) {
      const of = (camera_id: string) => refused(bench, name, { ...input[name], camera_id });
      const unable = await of("plain");
      assertEquals([unable.kind, unable.hint], ["unsupported", "Choose one of those cameras"]);
      assertMatch(unable.message, /^Camera "plain" cannot .+; these can: a$/);
      assertEquals((await of("nobody")).kind, "not_found");
    }
    bench.toys.refusal = new HubError("unavailable", "no power", { hint: "plug it in" });
    bench.toys.lose("a");
    await bench.clock.advance(600);
    for (const { name } of PTZ_OPERATIONS) {
      const away = await refused(bench, name, input[name]);
      assertEquals([away.kind, away.message, away.hint], [
        "unavailable",
        'Camera "a" is offline: no power',
        "plug it in",
      ]);
    }
    assert(bench.state.done.length === 0);
  });
});
