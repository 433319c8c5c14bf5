// What is said of a moment that is being recorded.
import { assertEquals } from "@std/assert";
import { runningAt } from "../../../islands/timeline_panes.tsx";

const LANE = { recorded: [], gaps: [], events: [], density: [] };
const at = (text: string) => Date.parse(`2026-11-22T14:${text}Z`);

Deno.test("a moment in a file that is still written is told as being recorded, one before or to come is not [TIMELINE-WEB]", () => {
  const timeline = {
    from: "",
    to: "",
    cameras: [
      { ...LANE, camera_id: "door", recording_since: "2026-11-22T14:10:00Z" },
      { ...LANE, camera_id: "yard" },
    ],
  };
  const running = (moment: string) => [...runningAt(timeline, at(moment), at("20:00"))];
  assertEquals(running("09:59"), []);
  assertEquals(running("10:00"), ["door"]);
  assertEquals(running("20:00"), ["door"]);
  assertEquals(running("20:01"), []);
  assertEquals([...runningAt(undefined, at("10:00"), at("20:00"))], []);
});
