// Each kind of event can be told from the others on the timeline.
import { assert, assertEquals } from "@std/assert";
import { eventColour } from "../../../islands/event_colours.ts";
import { EVENT_KINDS } from "../../../src/events/event.ts";
import { contrast } from "../../tools/contrast.ts";

Deno.test("[TIMELINE-COLOURS] eventColour: each kind has a colour of its own, seen on a light and on a dark ground", () => {
  const colours = EVENT_KINDS.map(eventColour);
  assertEquals(new Set(colours).size, EVENT_KINDS.length);
  for (const [index, colour] of colours.entries()) {
    assert(
      contrast(colour, "#ffffff") >= 2.4,
      `${EVENT_KINDS[index]} on white: ${contrast(colour, "#ffffff")}`,
    );
    assert(
      contrast(colour, "#14181d") >= 2.4,
      `${EVENT_KINDS[index]} on dark: ${contrast(colour, "#14181d")}`,
    );
  }
});
