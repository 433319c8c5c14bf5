// The machine's temperature, from files as the kernel has them.
import { assertEquals } from "@std/assert";
import { hottest, Thermometer } from "../../../src/process/temperature.ts";
import { bench } from "../tools/processes.ts";

Deno.test("hottest: millidegrees, one a line; nonsense and errors are passed over", () => {
  const cases: [string, number | undefined][] = [
    ["", undefined],
    ["48534\n", 48.534],
    ["48534\n61200\n-5000\n", 61.2],
    ["0\n-273000\n999999\n", undefined],
    ["cat: temp: Invalid argument\n40000\n", 40],
  ];
  for (const [text, celsius] of cases) assertEquals(hottest(text), celsius, text);
});

Deno.test("Thermometer: reads all sensors, those it can; every half minute; unknown where there are none", async () => {
  const folder = await Deno.makeTempDir();
  const { launcher, clock } = bench();
  const read = new Thermometer({ launcher, clock, folder });
  try {
    assertEquals(await new Thermometer({ launcher, clock, folder: `${folder}/none` }).read(), undefined);
    assertEquals(await read.read(), undefined);
    for (const [name, text] of Object.entries({ thermal_zone0: "48534\n", thermal_zone1: "61200\n" })) {
      await Deno.mkdir(`${folder}/${name}`);
      await Deno.writeTextFile(`${folder}/${name}/temp`, text);
    }
    await Deno.mkdir(`${folder}/thermal_zone2`);
    await Deno.mkdir(`${folder}/cooling_device0`);
    assertEquals(await read.read(), undefined, "as read before");
    await clock.advance(30_000);
    assertEquals(await read.read(), 61.2);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
