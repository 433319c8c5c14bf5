// Motion detection set through operations: the camera's own, or the hub's, and whose it is.
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import type { Capabilities } from "../../../src/devices/device.ts";
import { type Bench, withGadgets } from "../tools/gadgets.ts";
import { until } from "../tools/processes.ts";

const ZONE = { name: "path", points: [{ x: 0, y: 0 }, { x: 0.5, y: 0 }, { x: 0.5, y: 1 }] };
const HALF = { x: 0, y: 0, width: 0.5, height: 1 };
const refused = (bench: Bench, name: string, input?: Record<string, unknown>) =>
  assertRejects(() => bench.op(name, input), HubError);

/** What an operation answers, as it goes out. */
async function answer(bench: Bench, name: string, input?: Record<string, unknown>) {
  return JSON.parse(JSON.stringify(await bench.op(name, input)));
}

/** A camera whose detector is being run as the event observer does. */
async function withDetector(
  lacks: readonly (keyof Capabilities)[],
  work: (bench: Bench) => Promise<void>,
): Promise<void> {
  const isLacking = (name: string) => lacks.some((each) => each === name);
  await withGadgets(async (bench) => {
    const { motion, manager } = bench.hub;
    const stop = new AbortController();
    const callbacks = { onObservation: () => {}, onGap: () => {} };
    const watching = motion.observe(manager.get("a")).watch(callbacks, stop.signal);
    try {
      await until(() => motion.find("a") !== undefined);
      await work(bench);
    } finally {
      stop.abort();
      await watching;
    }
  }, { change: (all) => Object.fromEntries(Object.entries(all).filter(([name]) => !isLacking(name))) });
}

Deno.test("[MOTION-RULES] set_motion_rules: what is given is kept and read back, the rest stays", async () => {
  await withDetector([], async (bench) => {
    const { op, hub } = bench;
    const after = await answer(bench, "set_motion_rules", { detector: "off", zones: [ZONE], min_area: 2 });
    assertEquals([after.verified, after.motion.state, after.motion.by], ["readback", "off", "nobody"]);
    assertEquals(after.motion.rules.zones, [ZONE]);
    await op("set_motion_rules", { sensitivity: 70 });
    const { zones, sensitivity, min_area, ignore } = hub.rules.of("a").motion;
    assertEquals([zones, sensitivity, min_area, ignore], [[ZONE], 70, 2, []]);
    const shown = await answer(bench, "get_motion_detection");
    assertEquals([shown.motion.rules.sensitivity, shown.sight], [70, undefined]);
    assertEquals((await answer(bench, "get_camera_info")).camera.motion.rules.sensitivity, 70);
  });
});

Deno.test("[MOTION-RULES] set_motion_rules: wrong rules are refused and change nothing; a preview changes nothing", async () => {
  await withDetector([], async (bench) => {
    const wrong = [
      { sensitivity: 101 },
      { zones: [{ points: [{ x: 0, y: 0 }, { x: 1, y: 1 }] }] },
      { zones: [{ points: [{ x: 0, y: 0 }, { x: 1, y: 1 }, { x: 2, y: 0 }] }] },
      { detector: "everybody" },
    ];
    for (const input of wrong) {
      assertEquals((await refused(bench, "set_motion_rules", input)).kind, "invalid_input");
    }
    const before = bench.hub.rules.of("a");
    const preview = await bench.op("set_motion_rules", { sensitivity: 10, dry_run: true });
    assertMatch(JSON.stringify(preview), /Set sensitivity of the motion detection/);
    assertEquals(bench.hub.rules.of("a"), before);
  });
});

Deno.test("[MOTION-RULES] set_motion_detection: the camera's own is set in the camera, and takes no zones", async () => {
  await withDetector([], async (bench) => {
    await bench.op("set_motion_detection", { enabled: false });
    assertEquals([bench.state.done, bench.hub.rules.isSet("a", "motion")], [["motion"], false]);
    const error = await refused(bench, "set_motion_detection", { enabled: true, zones: [HALF] });
    assertEquals([error.kind, bench.state.done], ["unsupported", ["motion"]]);
    assertMatch(error.hint ?? "", /set_motion_rules/);
  });
});

Deno.test("[MOTION-RULES] set_motion_detection: where the camera has none it is the hub's, and proved by its detector", async () => {
  await withDetector(["motion", "power"], async (bench) => {
    const wish = { enabled: false, sensitivity: 30, zones: [HALF] };
    const off = await answer(bench, "set_motion_detection", wish);
    assertEquals([off.enabled, off.sensitivity, off.verified], [false, 30, "readback"]);
    const { detector, zones } = bench.hub.rules.of("a").motion;
    assertEquals([detector, zones.length, zones[0]?.points[2]], ["off", 1, { x: 0.5, y: 1 }]);
    assert(bench.state.done.length === 0);
  });
});

Deno.test("[MOTION-REASON] set_motion_detection: where the hub could never look it says why, and changes nothing", async () => {
  await withDetector(["motion"], async (bench) => {
    const error = await refused(bench, "set_motion_detection", { enabled: true });
    assertEquals(error.kind, "unsupported");
    assertEquals(bench.hub.rules.isSet("a", "motion"), false);
  });
});

Deno.test("[MOTION-PTZ] operations that move the camera tell the detector so while they last", async () => {
  await withDetector([], async ({ op, hub }) => {
    const moves: string[] = [];
    const detector = hub.motion.find("a");
    assert(detector);
    const move = detector.move.bind(detector);
    detector.move = () => {
      moves.push("moves");
      const end = move();
      return () => {
        moves.push("rests");
        end();
      };
    };
    await op("move_ptz", { pan: 0.1 });
    await op("recall_ptz_preset", { preset_id: "1" });
    await op("get_ptz_position");
    assertEquals(moves, ["moves", "rests", "moves", "rests"]);
  });
});
