// Checks on cameras that the hub cannot have: taken by another program, not permitted; and on a killed hub.
import { processes, run, vividNode } from "./guest.ts";
import type { HubClient } from "./hub_client.ts";
import { HubProcess } from "./hub_process.ts";
import { readJpeg } from "./jpeg.ts";
import { FIRST_FRAME_MS, rate } from "./picture_checks.ts";
import { ensure, ensureEqual, eventually, note, type Tap } from "./tap.ts";

export async function vivid(tap: Tap, client: HubClient): Promise<void> {
  await tap.check("a camera that gives raw pictures only is encoded", async () => {
    const device = await vividNode();
    for (const { id } of (await client.cameras()).filter(({ type }) => type === "webcam")) {
      if (JSON.stringify(await client.camera(id)).includes("vivid")) {
        await client.json(`/api/cameras/${id}?confirm=true`, "DELETE");
      }
    }
    const added = await client.json("/api/cameras", "POST", {
      id: "vivid",
      name: "Vivid",
      type: "webcam",
      options: { device, format: "yuyv", width: 640, height: 360, fps: 15 },
    });
    ensure(added["success"] === true || "id" in added, `adding it gave ${JSON.stringify(added)}`);
    await eventually("the status online", 30_000, async () => {
      return (await client.camera("vivid")).status === "online" || undefined;
    });
    const began = performance.now();
    const parts = await client.frames("vivid", 30, FIRST_FRAME_MS);
    note(`first frame after ${Math.round(parts[0]!.receivedAt - began)} ms, then ${rate(parts)}`);
    const facts = parts.map(({ body }) => readJpeg(body));
    ensure(facts.every(({ whole }) => whole), "a frame is not a whole JPEG picture");
    ensureEqual([facts[0]!.width, facts[0]!.height], [640, 360], "the size of the pictures");
  });
}

export async function busy(tap: Tap, client: HubClient, id: string): Promise<void> {
  await tap.check("a camera that another program uses says so", async () => {
    const device = await vividNode();
    await eventually("the end of the camera's own ffmpeg", 30_000, async () => {
      return !(await processes("ffmpeg")).some((line) => line.includes(device)) || undefined;
    });
    const holder = new Deno.Command("v4l2-ctl", {
      args: ["-d", device, "--stream-mmap", "--stream-to=/dev/null", "--stream-count=100000"],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const leave = new AbortController();
    let pictures = 0;
    const watching = (async () => {
      for await (const _ of client.stream(id, leave.signal)) pictures++;
    })().catch((error) =>
      leave.signal.aborted ? undefined : note(`the viewer's connection: ${error.message}`)
    );
    try {
      const { value, ms } = await eventually("a status that tells it", 30_000, async () => {
        const camera = await client.camera(id);
        return camera.status !== "online" && camera.status !== "connecting" ? camera : undefined;
      });
      note(`${value.status} after ${ms} ms: ${value.reason} / ${value.hint}`);
      ensure(/busy|in use|another program|uses/i.test(`${value.reason}`), "the reason does not say so");
      ensureEqual(pictures, 0, "the number of pictures of the busy camera");
      holder.kill("SIGKILL");
      await holder.status;
      const back = await eventually("the status online", 40_000, async () => {
        return (await client.camera(id)).status === "online" || undefined;
      });
      note(`online ${back.ms} ms after the other program ended`);
    } finally {
      leave.abort();
      try {
        holder.kill("SIGKILL");
      } catch {
        // It has ended already.
      }
      await watching;
    }
  });
}

export async function notPermitted(tap: Tap): Promise<void> {
  await tap.check("a device the hub may not open says so", async () => {
    const device = await vividNode();
    await Deno.chmod(device, 0o600);
    const config =
      `cameras: [{id: locked, name: Locked, type: webcam, device: ${device}}]\nwebcams: {auto: false}\n`;
    const { hub, client } = await HubProcess.start(config, { uid: 65534 });
    try {
      const leave = new AbortController();
      const watching = (async () => {
        for await (const _ of client.stream("locked", leave.signal)) {
          throw new Error("a locked camera gave a picture");
        }
      })().catch(() => {});
      const { value, ms } = await eventually("a status that tells it", 40_000, async () => {
        const camera = await client.camera("locked");
        return camera.status !== "online" && camera.status !== "connecting" ? camera : undefined;
      });
      note(`${value.status} after ${ms} ms: ${value.reason} / ${value.hint}`);
      ensure(
        /permission|permitted|not allowed|access|may not|rights/i.test(`${value.reason}`),
        "the reason does not say so",
      );
      leave.abort();
      await watching;
    } finally {
      await hub.kill();
    }
  });
}

export async function killed(tap: Tap, hub: HubProcess, client: HubClient, ids: string[]): Promise<void> {
  await tap.check("a killed hub leaves no ffmpeg behind", async () => {
    const leave = new AbortController();
    const viewers = ids.map(async (id) => {
      for await (const _ of client.stream(id, leave.signal));
    });
    await eventually(
      "an ffmpeg per camera",
      FIRST_FRAME_MS,
      async () => (await processes("ffmpeg")).length >= ids.length || undefined,
    );
    await run("kill", "-KILL", `${hub.pid}`);
    await Promise.allSettled(viewers);
    const { ms } = await eventually(
      "the end of ffmpeg",
      5_000,
      async () => (await processes("ffmpeg")).length === 0 || undefined,
    );
    note(`${ids.length} ffmpeg gone ${ms} ms after the hub`);
  });
}
