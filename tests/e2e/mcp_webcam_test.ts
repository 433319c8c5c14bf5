// A webcam can be opened once: viewers of the hub and an assistant on stdio see it together.
import { Buffer } from "node:buffer";
import { assert, assertEquals } from "@std/assert";
import { StandInBus, type StandInWebcam } from "../emulators/v4l2/stand_in.ts";
import { HubProcess, type HubStart, processesWith } from "../tools/hub_process.ts";
import { clientTest, type Era, type StdioClient, withStdioClient } from "../tools/stdio_client.ts";

const SIZE = "640x360";
const ID = "acme-cam-sn0";
const ERAS: readonly Era[] = ["2025-11-25", "2026-07-28"];
const ROUNDS = 4;
const ROOT = new URL("../../", import.meta.url).pathname;
/** How a hub is started: what stands before its flags. */
const WAYS: Record<string, Pick<HubStart, "prefix" | "binary">> = {
  "compiled": {},
  "make run": { prefix: ["bash", "-c", `exec make -s -C ${ROOT} run ARGS="$*"`], binary: "make" },
};

async function withWebcam(work: (bus: StandInBus, webcam: StandInWebcam) => Promise<void>): Promise<void> {
  await using bus = await StandInBus.create();
  const webcam = await bus.webcam({ number: 0, mjpeg: [SIZE] });
  await webcam.plug();
  await work(bus, webcam);
}

/** The ids of the cameras, once the webcam is among them: it is found while the hub runs. */
async function camerasOf({ call }: StdioClient): Promise<string[]> {
  for (const end = performance.now() + 20_000;;) {
    const ids = (await call("list_cameras")).cameras.map(({ id }: { id: string }) => id).sort();
    if (ids.includes(ID) || performance.now() > end) return ids;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function assertSees({ client }: StdioClient, webcam: StandInWebcam): Promise<void> {
  const result = await client.callTool({
    name: "capture_image",
    arguments: { camera_id: ID, quality: "high" },
  });
  const [picture] = (result.content as { type: string; data: string }[]).filter(({ type }) =>
    type === "image"
  );
  assert(picture, JSON.stringify(result));
  assert(await webcam.shows(SIZE, Buffer.from(picture.data, "base64")), "the picture is the webcam's own");
}

for (const [era, way] of ERAS.flatMap((era) => Object.keys(WAYS).map((way) => [era, way] as const))) {
  clientTest(
    `[MCP-STDIO-WEBCAM] ${era}, ${way}: beside a hub with a viewer, an assistant sees the webcam, which is opened once`,
    () =>
      withWebcam(async (bus, webcam) => {
        const { prefix = [], binary } = WAYS[way]!;
        await using hub = await HubProcess.start({
          prefix: [...bus.prefix, ...prefix],
          ...(binary === undefined ? {} : { binary }),
        });
        await hub.login();
        const cameras = async () => (await hub.client.json("/api/cameras")).cameras;
        await hub.waitFor(
          async () => (await cameras()).some(({ id }: { id: string }) => id === ID),
          "the webcam",
        );
        const leave = new AbortController();
        const stream = await hub.client.fetch(`/api/cameras/${ID}/stream`, { signal: leave.signal });
        const reader = stream.body!.getReader();
        const see = async () => assert((await reader.read()).value, "the viewer's stream goes on");
        await see();
        await withStdioClient(
          { args: ["mcp", "--data", hub.dataDir], era, prefix: bus.prefix },
          async (stdio) => {
            const ids = (await cameras()).map(({ id }: { id: string }) => id).sort();
            assertEquals(await camerasOf(stdio), ids);
            for (let round = 0; round < ROUNDS; round++) {
              await assertSees(stdio, webcam);
              await see();
            }
            assertEquals(
              (await processesWith(`${bus.dir}/devices`)).length,
              1,
              "one program reads the device",
            );
          },
        );
        await see();
        leave.abort();
        assertEquals([(await webcam.calls()).length, await webcam.clashes()], [1, []]);
      }),
  );
}

for (const era of ERAS) {
  clientTest(
    `[MCP-STDIO-WEBCAM] ${era}: serve and mcp started at the same moment share the webcam, whichever comes first`,
    () =>
      withWebcam(async (bus, webcam) => {
        for (let round = 0; round < ROUNDS; round++) {
          const dataDir = await Deno.makeTempDir({ prefix: "hub-data-" });
          const starting = HubProcess.start({ prefix: bus.prefix, dataDir });
          await withStdioClient(
            { args: ["mcp", "--data", dataDir], era, prefix: bus.prefix },
            async (stdio) => {
              await camerasOf(stdio);
              await assertSees(stdio, webcam);
              await using hub = await starting;
              assertEquals(await Deno.readTextFile(`${dataDir}/hub.lock`), `${hub.child.pid} serve\n`);
              await hub.login();
              await camerasOf(stdio);
              const [, part] = await Promise.all([
                assertSees(stdio, webcam),
                hub.client.parts(`/api/cameras/${ID}/stream`, 5).then((parts) => parts[0]),
              ]);
              assert(await webcam.shows(SIZE, part!.bytes));
              assertEquals(
                (await processesWith(`${bus.dir}/devices`)).length,
                1,
                "one program reads the device",
              );
            },
          );
        }
        assertEquals(await webcam.clashes(), [], "nobody opened it while another had it");
      }),
  );
}
