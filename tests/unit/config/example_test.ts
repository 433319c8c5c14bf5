// The example configuration is right as it stands, and so is every camera in it that is commented out.
import { assertEquals } from "@std/assert";
import { loadConfig } from "../../../src/config/load.ts";
import { DRIVERS } from "../../../src/drivers/index.ts";

const PATH = new URL("../../../config/config.example.yaml", import.meta.url).pathname;

Deno.test("config.example.yaml: is accepted", async () => {
  const { config } = await loadConfig(PATH, DRIVERS);
  assertEquals(config.cameras.map(({ type }) => type), ["testpattern"]);
});

Deno.test("config.example.yaml: with every commented camera it has one of each type, all accepted", async () => {
  const text = await Deno.readTextFile(PATH);
  const [head = "", ...rest] = text.split(/^(?=cameras:)/m);
  const uncommented = head + rest.join("")
    .replace(/^# (- id:| {2})/gm, "  $1")
    .replace(/\$\{[A-Z_]+\}|\{ file: .* \}/g, "a-secret");
  const path = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeTextFile(path, uncommented);
    const { config } = await loadConfig(path, DRIVERS);
    assertEquals(new Set(config.cameras.map(({ type }) => type)), new Set(DRIVERS.map(({ id }) => id)));
  } finally {
    await Deno.remove(path);
  }
});
