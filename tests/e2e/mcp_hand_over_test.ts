// The hub that an assistant's client started for itself: it gives way to serve, and another client goes on with it.
import { assertEquals, assertMatch } from "@std/assert";
import { HubProcess, processesWith } from "../tools/hub_process.ts";
import { clientTest, type Era, follow, type StdioClient, withStdioClient } from "../tools/stdio_client.ts";

const PATTERN = "cameras: [{id: a, type: testpattern, width: 320, height: 180}, {id: b, type: testpattern}]";
const ERAS: readonly Era[] = ["2025-11-25", "2026-07-28"];

/** A data folder and the arguments of clients that use it. */
async function inFolder(work: (dataDir: string, args: string[]) => Promise<void>): Promise<void> {
  const dataDir = await Deno.makeTempDir({ prefix: "hub-data-" });
  const config = await Deno.makeTempFile({ suffix: ".yaml" });
  await Deno.writeTextFile(config, PATTERN);
  await work(dataDir, ["mcp", "--data", dataDir, "--config", config]);
  await Deno.remove(config);
  await Deno.remove(dataDir, { recursive: true });
}

const holder = async (dataDir: string) =>
  (await Deno.readTextFile(`${dataDir}/hub.lock`)).trimEnd().split(" ");

async function disabled({ call }: StdioClient): Promise<string[]> {
  return (await call("list_cameras", { status: "disabled" })).cameras.map(({ id }: { id: string }) => id);
}

for (const era of ERAS) {
  clientTest(
    `[MCP-STDIO-HAND-OVER] ${era}: serve takes over; what ran is finished, what follows goes to serve`,
    () =>
      inFolder(async (dataDir, args) => {
        let hub: HubProcess | undefined;
        await withStdioClient({ args, era }, async (stdio) => {
          const { call, client } = stdio;
          const updated = await follow(client, era, "camera://b/status");
          const recording = call("start_recording", { camera_id: "a", duration_s: 3, wait: true });
          const runs = async () =>
            (await call("get_recording_status", { camera_id: "a" })).cameras[0]?.recording;
          for (const end = Date.now() + 20_000; !await runs() && Date.now() < end;);
          const [pid, kind] = await holder(dataDir);
          assertEquals(kind, "mcp");

          hub = await HubProcess.start({ config: PATTERN, dataDir });
          const { ended_because, recording_id } = await recording;
          assertEquals(ended_because, "duration", "what ran when serve came was not cut off");
          assertEquals(await holder(dataDir), [String(hub.child.pid), "serve"]);
          await hub.login();
          assertEquals((await call("list_recordings")).recordings[0].id, recording_id);
          await hub.waitFor(() => updated.length > 0, "to be told to look again");
          const before = updated.length;
          await call("disconnect_camera", { camera_id: "b" });
          assertEquals((await hub.client.json("/api/cameras/b")).status, "disabled", "serve did it");
          await hub.waitFor(() => updated.length > before, "a notification of serve");
          assertMatch(hub.text, new RegExp(`gives way","pid":${pid}`));
        });
        assertEquals(
          await (await hub!.client.fetch("/healthz")).text(),
          "ok",
          "serve stays when the client leaves",
        );
        assertEquals(await hub!.stop(), 0);
      }),
  );

  clientTest(
    `[MCP-STDIO-HAND-OVER] ${era}: when its client leaves another takes over, and shares it in turn`,
    () =>
      inFolder(async (dataDir, args) => {
        const left = Promise.withResolvers<void>();
        const isServed = Promise.withResolvers<void>();
        const isShared = Promise.withResolvers<void>();
        const first = withStdioClient({ args, era }, async ({ call }) => {
          await call("list_cameras");
          isServed.resolve();
          await isShared.promise;
        }).then(left.resolve);
        await isServed.promise;
        const [owner] = await holder(dataDir);
        await withStdioClient({ args, era }, async (second) => {
          assertEquals((await second.call("list_cameras")).cameras.length, 2);
          assertEquals((await holder(dataDir))[0], owner, "it asks the first one's");
          isShared.resolve();
          await left.promise;
          assertEquals((await second.call("list_cameras")).cameras.length, 2, "the first is gone");
          assertEquals((await second.call("capture_image", { camera_id: "a" })).success, true);
          const [next, kind] = await holder(dataDir);
          assertEquals([next !== owner, kind], [true, "mcp"]);
          await withStdioClient({ args, era }, async (third) => {
            await third.call("disconnect_camera", { camera_id: "b" });
            assertEquals(await disabled(second), ["b"], "both ask one hub");
            assertEquals((await holder(dataDir))[0], next);
          });
        });
        await first;
        assertEquals(await processesWith(dataDir), [], "nothing is left running");
      }),
  );
}

clientTest(
  "[MCP-STDIO-HAND-OVER] a serve that cannot start gives the cameras back to the client",
  () =>
    inFolder(async (dataDir, args) => {
      using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      await withStdioClient({ args, era: "2025-11-25" }, async ({ call }) => {
        await call("list_cameras");
        const port = String((taken.addr as Deno.NetAddr).port);
        const failing = await HubProcess.launch({ config: PATTERN, dataDir, args: ["--port", port] });
        assertEquals(await failing.ended(), 1);
        assertMatch(failing.text, /already in use/);
        assertEquals((await call("list_cameras")).cameras.length, 2);
        assertEquals((await call("capture_image", { camera_id: "a" })).success, true);
        assertEquals((await holder(dataDir))[1], "mcp");
      });
    }),
);
