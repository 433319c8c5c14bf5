// Which movements the pad offers, and what one step of each sends.
import { assertEquals } from "@std/assert";
import { stepOf, wayOfKey, waysOf } from "../../../islands/ptz_keys.ts";

Deno.test("waysOf offers only what the camera can move, and everything where it does not say", () => {
  assertEquals(waysOf(["pan", "tilt"]), ["up", "left", "right", "down"]);
  assertEquals(waysOf(["zoom"]), ["closer", "wider"]);
  assertEquals(waysOf(undefined).length, 6);
});

Deno.test("stepOf names only the axis that moves", () => {
  assertEquals(stepOf("left"), { pan: -0.1 });
  assertEquals(stepOf("up"), { tilt: 0.1 });
  assertEquals(stepOf("closer"), { zoom: 0.1 });
});

Deno.test("wayOfKey knows the arrow keys, and no key for what the camera cannot do", () => {
  const ways = waysOf(["pan", "tilt"]);
  assertEquals(wayOfKey("ArrowDown", ways), "down");
  assertEquals(wayOfKey("+", ways), undefined);
  assertEquals(wayOfKey("+", waysOf(undefined)), "closer");
  assertEquals(wayOfKey("Enter", ways), undefined);
});
