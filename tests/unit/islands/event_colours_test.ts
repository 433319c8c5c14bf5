// Each kind of event can be told from the others on the timeline.
import { assert, assertEquals } from "@std/assert";
import { eventColour } from "../../../islands/event_colours.ts";
import { EVENT_KINDS } from "../../../src/events/event.ts";

/** How far a colour stands out against another one: the contrast ratio of WCAG 2.2. */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [one, other].map(luminance).sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

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
