// What moving and presets decide by themselves: the end of the range, and names that are taken.
import { assertEquals } from "@std/assert";
import { findNamesake } from "../../../islands/ptz_preset_save.tsx";
import { isEndOfRange } from "../../../islands/use_ptz.ts";

const PROBLEM = {
  type: "about:blank",
  title: "The device refused",
  status: 502,
  error: "The device refused",
  error_code: "device_rejected",
  message: "",
  recovery_options: [],
};

Deno.test("isEndOfRange: only what the camera says of the end of its range is no failure", () => {
  assertEquals(isEndOfRange({ ...PROBLEM, details: { tapo_code: -64304 } }), true);
  assertEquals(isEndOfRange({ ...PROBLEM, details: { tapo_code: -64303 } }), false);
  assertEquals(isEndOfRange(PROBLEM), false);
});

Deno.test("findNamesake: capitals and spaces around it make no other name", () => {
  const presets = [{ id: "1", name: "Window" }, { id: "2", name: "Door " }];
  assertEquals(findNamesake(presets, " wINDOW ")?.id, "1");
  assertEquals(findNamesake(presets, "door")?.id, "2");
  assertEquals(findNamesake(presets, "Doors"), undefined);
});
