// Many questions to the history at once.
import { assert, assertEquals } from "@std/assert";
import { sampleOf } from "../../../../src/metrics/sample.ts";
import { BEGIN, HOUR, inScene } from "./records.ts";

Deno.test("[METRICS-RANGE-TURNS] of many questions at once two are answered at a time, and all are", async () => {
  await inScene(async (scene) => {
    let [atOnce, most] = [0, 0];
    const open = scene.open;
    scene.open = async () => {
      const database = await open();
      const numbers = database.numbers.bind(database);
      database.numbers = (statements) => {
        most = Math.max(most, ++atOnce);
        return numbers(statements).finally(() => atOnce--);
      };
      return database;
    };
    scene.samples = [...sampleOf("tapocam_camera_up", { camera: "door" }, 1)];
    const history = scene.history();
    history.sample();
    assert(await history.flush());
    const asked = Array.from({ length: 20 }, () =>
      history.query({
        subjects: ["door"],
        fields: ["up"],
        aggregation: "avg",
        fromMs: BEGIN,
        toMs: BEGIN + HOUR,
        isFilled: false,
        maxSteps: 100,
      }));
    const answers = await Promise.all(asked);
    assertEquals(answers.map(({ rows }) => rows.map(({ values }) => values.up)), asked.map(() => [1]));
    assertEquals([most, atOnce], [2, 0]);
    await history.run(AbortSignal.abort());
  });
});
