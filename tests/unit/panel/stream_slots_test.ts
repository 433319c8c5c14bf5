// How many streams the panels of a page share.
import { assert, assertEquals } from "@std/assert";
import { StreamSlots } from "../../../tools/panel/stream_slots.ts";

Deno.test("[PANEL-WALL] StreamSlots: four of each hub; one given back, also twice, is one", () => {
  const slots = new StreamSlots();
  const taken = Array.from({ length: 4 }, () => slots.take("http://pi:7777"));
  assert(taken.every((release) => release !== undefined));
  assertEquals(slots.take("http://pi:7777"), undefined);
  assert(slots.take("http://other:7777") !== undefined);
  taken[0]!();
  taken[0]!();
  assert(slots.take("http://pi:7777") !== undefined);
  assertEquals(slots.take("http://pi:7777"), undefined);
});
