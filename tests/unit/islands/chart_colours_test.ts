// Each line of a chart can be told from the others.
import { assert, assertEquals } from "@std/assert";
import { lineLook } from "../../../islands/chart_colours.ts";
import { contrast } from "../../tools/contrast.ts";

Deno.test("[METRICS-VIEW-LINES] lineLook: ten colours that stand out on a light and on a dark ground; then dashes", () => {
  const looks = Array.from({ length: 30 }, (_, index) => lineLook(index));
  assertEquals(new Set(looks.map((look) => JSON.stringify(look))).size, 30);
  for (const { colour } of looks.slice(0, 10)) {
    // Graphics need 3 to 1; the grounds are those of cards.
    for (const ground of ["#ffffff", "#181c22"]) {
      assert(contrast(colour, ground) >= 3, `${colour} on ${ground}: ${contrast(colour, ground)}`);
    }
  }
});
