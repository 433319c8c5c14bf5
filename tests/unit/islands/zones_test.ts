// Polygons while they are edited, and motion rules as they are edited.
import { assertEquals } from "@std/assert";
import { motionRules } from "../../../src/config/camera_rules.ts";
import { draftOf, rulesOf } from "../../../islands/motion_rules.ts";
import * as zones from "../../../islands/zones.ts";

const SQUARE = zones.rectangle({ x: 0.2, y: 0.2 }, { x: 0.4, y: 0.6 });

Deno.test("[MOTION-EDITOR] rectangle: from any corner to the opposite one, within the picture", () => {
  assertEquals(zones.rectangle({ x: 0.4, y: 0.6 }, { x: 0.2, y: 0.2 }), SQUARE);
  assertEquals(zones.rectangle({ x: -1, y: -1 }, { x: 2, y: 2 })[2], { x: 1, y: 1 });
});

Deno.test("[MOTION-EDITOR] corners: moved within the picture, added half-way, removed down to a triangle", () => {
  assertEquals(zones.withCornerAt(SQUARE, 1, { x: 1.5, y: -0.5 })[1], { x: 1, y: 0 });
  assertEquals(zones.withCornerAfter(SQUARE, 3)[4], { x: 0.2, y: 0.4 });
  const many = Array.from({ length: zones.MAX_CORNERS }, () => ({ x: 0, y: 0 }));
  assertEquals(zones.withCornerAfter(many, 0).length, zones.MAX_CORNERS);
  const triangle = zones.withoutCorner(SQUARE, 0);
  assertEquals([triangle.length, zones.withoutCorner(triangle, 0).length], [3, 3]);
});

Deno.test("[MOTION-EDITOR] moved: a zone keeps its shape at the edge of the picture", () => {
  assertEquals(zones.moved(SQUARE, { x: 5, y: -5 }), zones.rectangle({ x: 0.8, y: 0 }, { x: 1, y: 0.4 }));
});

Deno.test("[MOTION-EDITOR] rulesOf: gives back the rules that draftOf was given, names without blanks around them", () => {
  const rules = motionRules.parse({
    zones: [{ name: "path", points: SQUARE }, { points: SQUARE }],
    ignore: [{ name: "street", points: SQUARE }],
    sensitivity: 70,
  });
  const draft = draftOf(rules);
  assertEquals(motionRules.parse(rulesOf(draft)), rules);
  assertEquals(draft.zones.map(({ id, kind }) => `${id} ${kind}`), ["1 count", "2 count", "3 ignore"]);
  const renamed = draft.zones.map((zone) => ({ ...zone, name: " door " }));
  assertEquals(rulesOf({ ...draft, zones: renamed }).ignore?.[0]?.name, "door");
  assertEquals(zones.freeId(draft.zones), 4);
});
