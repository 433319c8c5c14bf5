// The motor, the stored positions and the patrol: ranges, limits, and every reason to refuse.
import { assert, assertEquals } from "@std/assert";
import { bench } from "./bench.ts";
import type { JsonObject } from "./json.ts";
import { C210, C220, C520WS } from "./models/index.ts";

const move = (x: number, y: number): JsonObject => ({
  motor: { move: { x_coord: String(x), y_coord: String(y) } },
});
const save = (name: string): JsonObject => ({ preset: { set_preset: { name, save_ptz: "1" } } });
const goTo = (id: string): JsonObject => ({ preset: { goto_preset: { id } } });
const remove = (...id: string[]): JsonObject => ({ preset: { remove_preset: { id } } });

Deno.test("motorMove turns by degrees up to the end of the range, and is then refused", () => {
  const { device, call } = bench(C520WS);
  assertEquals(call("motorMove", move(30, -20)), {});
  assertEquals(device.motor!.position, { panDegrees: 30, tiltDegrees: -20 });
  assertEquals(call("motorMove", move(400, 0)), {});
  assertEquals(device.motor!.position, { panDegrees: 180, tiltDegrees: -20 });
  assertEquals(call("motorMove", move(1, 0)), -64304);
  assertEquals(call("relativeMove", { motor: { movestep: { direction: "180" } } }), {});
  assertEquals(device.motor!.position, { panDegrees: 170, tiltDegrees: -20 });
  assertEquals(call("relativeMove", { motor: { movestep: { direction: "360" } } }), -40209);
  assertEquals(device.motor!.moves.map(({ kind }) => kind), ["move", "move", "step"]);
});

Deno.test("a busy motor refuses as often as it was told, a cruising one until it is stopped", () => {
  const { device, clock, call } = bench(C210);
  device.motor!.busy(2);
  assertEquals([call("motorMove", move(1, 1)), call("motorMove", move(1, 1))], [-64303, -64303]);
  assertEquals(call("cruiseMove", { motor: { cruise: { coord: "x" } } }), {});
  clock.nowMs += 2000;
  assertEquals(device.motor!.position.panDegrees, 60);
  assertEquals(call("motorMove", move(1, 1)), -64303);
  assertEquals(call("addMotorPostion", save("On the way")), -64305);
  clock.nowMs += 6000;
  assertEquals(device.motor!.position.panDegrees, 120, "it has turned back at the end");
  assertEquals(call("cruiseStop", { motor: { cruise_stop: {} } }), {});
  assertEquals(call("motorMove", move(1, 1)), {});
});

Deno.test("calibration goes home and takes its time", () => {
  const { device, clock, call } = bench(C210);
  call("motorMove", move(50, 10));
  device.motor!.calibrationMs = 5000;
  assertEquals(call("manualCalibrate", { motor: { manual_cali: "" } }), {});
  assertEquals(call("motorMove", move(1, 1)), -64303);
  clock.nowMs += 5000;
  assertEquals(device.motor!.position, { panDegrees: 0, tiltDegrees: 0 });
  assertEquals(call("motorMove", move(1, 1)), {});
});

Deno.test("a motor with a speed is on its way for a while", () => {
  const { device, clock, call } = bench(C210);
  device.motor!.speedDegreesPerS = 40;
  call("motorMove", move(80, 0));
  clock.nowMs += 500;
  assertEquals([device.motor!.position.panDegrees, device.motor!.isMoving], [20, true]);
  clock.nowMs += 1500;
  assertEquals([device.motor!.position.panDegrees, device.motor!.isMoving], [80, false]);
});

Deno.test("there are eight places for positions; what is missing and what was deleted are told apart", () => {
  const { device, call } = bench(C520WS);
  call("motorMove", move(90, 22.5));
  for (let at = 1; at <= 8; at++) assertEquals(call("addMotorPostion", save(`Place ${at}`)), {});
  assertEquals(call("addMotorPostion", save("One more")), -64306);
  assertEquals(call("deletePreset", remove("2", "3")), {});
  assertEquals(call("motorMoveToPreset", goTo("2")), -64321);
  assertEquals(call("motorMoveToPreset", goTo("9")), -64302);
  call("motorMove", move(-30, 0));
  assertEquals(call("motorMoveToPreset", goTo("1")), {});
  assertEquals(device.motor!.position.panDegrees, 90);
  const { preset: { preset } } = call("getPresetConfig", {
    preset: { name: ["preset"] },
  }) as unknown as { preset: { preset: { [field: string]: string[] } } };
  assertEquals(preset["id"], ["1", "4", "5", "6", "7", "8"]);
  assertEquals([preset["position_pan"]![0], preset["position_tilt"]![0]], ["0.500000", "0.000000"]);
});

Deno.test("while the lens is covered nothing turns, and covering it stops a cruise", () => {
  const { device, call } = bench(C210);
  call("addMotorPostion", save("Home"));
  call("cruiseMove", { motor: { cruise: { coord: "y" } } });
  assertEquals(call("setLensMaskConfig", { lens_mask: { lens_mask_info: { enabled: "on" } } }), {});
  assert(device.isPrivate && !device.motor!.isMoving);
  const calls = [
    call("motorMove", move(1, 1)),
    call("motorMoveToPreset", goTo("1")),
    call("manualCalibrate", {
      motor: { manual_cali: "" },
    }),
  ];
  assertEquals(calls, [-64324, -64324, -64324]);
  call("setLensMaskConfig", { lens_mask: { lens_mask_info: { enabled: "off" } } });
  assertEquals(call("motorMove", move(1, 1)), {});
});

Deno.test("a patrol visits the positions in turn", () => {
  const { device, clock, call } = bench(C220);
  const patrol = (value: string) => call("setPatrolStatus", { patrol: { set_patrol_status: { value } } });
  assertEquals(patrol("on"), -64302);
  device.presets!.add({ name: "A", panDegrees: 10, tiltDegrees: 0 });
  device.presets!.add({ name: "B", panDegrees: -70, tiltDegrees: 5 });
  assertEquals(patrol("on"), {});
  clock.nowMs += 11_000;
  assertEquals(device.motor!.position, { panDegrees: -70, tiltDegrees: 5 });
  assertEquals(call("getPatrolAction", { patrol: { get_patrol_action: {} } }), {
    patrol: { patrol: { action: "on" } },
  });
  assertEquals(patrol("off"), {});
  clock.nowMs += 10_000;
  assertEquals(device.motor!.position.panDegrees, -70);
});
