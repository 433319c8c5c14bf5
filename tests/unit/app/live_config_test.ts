// What counts of a configuration while a reload of it goes on.
import { assertEquals, assertRejects } from "@std/assert";
import { LiveConfig } from "../../../src/app/live_config.ts";
import { Changes } from "../../../src/base/changes.ts";
import { HubError } from "../../../src/base/errors.ts";
import { Logger } from "../../../src/base/log.ts";
import { type Config, configSchema } from "../../../src/config/schema.ts";
import { testPatternDriver } from "../../../src/drivers/testpattern/driver.ts";

const ZONE = { points: [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 0, y: 1 }] };
const RESULT = { added: [], changed: [], removed: [], unchanged: [] };

function config(...ids: string[]): Config {
  const cameras = ids.map((id) => ({ id, type: "testpattern", privacy: { zones: [ZONE] } }));
  return configSchema([testPatternDriver]).parse({ cameras }) as Config;
}

for (const fails of [false, true]) {
  Deno.test(`[PRIVACY-CLOSED] while a reload ${fails ? "that fails " : ""}goes on no camera is without its zones, new and old`, async () => {
    const [before, next] = [config("old", "same"), config("new", "same")];
    const read = (value: Config) => ({ config: value, path: undefined }) as never;
    const live = new LiveConfig({
      loaded: read(before),
      reload: () => Promise.resolve(read(next)),
      log: new Logger(() => {}, "error"),
    });
    const zonesOf = () => ["old", "same", "new"].map((id) => live.camera(id)?.privacy?.zones.length ?? 0);
    const changes = new Changes();
    const told: number[][] = [];
    changes.subscribe(() => told.push(zonesOf()));
    assertEquals(zonesOf(), [1, 1, 0]);
    const catalog = {
      reload: () => {
        assertEquals(zonesOf(), [1, 1, 1]);
        if (fails) throw new HubError("unavailable", "no");
        return Promise.resolve(RESULT as never);
      },
    };
    const reloading = live.reload(catalog, { changes }, { reload: () => {} });
    if (fails) await assertRejects(() => reloading, HubError);
    else await reloading;
    const after = fails ? [1, 1, 0] : [0, 1, 1];
    assertEquals(told, [[1, 1, 1], after]);
  });
}
