// Checks on a healthy webcam: how it is found, its pictures, its settings and its motors.
import { decode, deviceControl, processes, sha256, webcam, webcamControls, webcamHashes } from "./guest.ts";
import type { CameraView, HubClient } from "./hub_client.ts";
import { hasOneHuffmanSet, readJpeg } from "./jpeg.ts";
import type { Part } from "./multipart.ts";
import { ensure, ensureEqual, eventually, note, type Tap } from "./tap.ts";

export const FIRST_FRAME_MS = 45_000;

export function rate(parts: Part[]): string {
  const spanMs = parts.at(-1)!.receivedAt - parts[0]!.receivedAt;
  return `${parts.length} frames at ${((parts.length - 1) * 1000 / spanMs).toFixed(1)} fps`;
}

export async function foundByItself(tap: Tap, client: HubClient, link: string): Promise<CameraView> {
  let camera: CameraView | undefined;
  await tap.check("the webcam is found without configuration, once, by its capture node", async () => {
    const { value, ms } = await eventually("an online webcam with the by-id link", 30_000, async () => {
      const webcams = (await client.cameras()).filter(({ type }) => type === "webcam");
      const details = await Promise.all(webcams.map(({ id }) => client.camera(id)));
      const mine = details.filter((one) => JSON.stringify(one).includes(link) && one.status === "online");
      return mine.length > 0 ? { mine, all: details } : undefined;
    });
    note(`online ${ms} ms after login`);
    // vivid is no USB webcam, but a capture device; the hub may take it or leave it.
    const others = value.all.filter((one) => !JSON.stringify(one).includes("vivid"));
    if (others.length < value.all.length) note("the hub also took the vivid device");
    ensureEqual(others.map(({ id }) => id), value.mine.map(({ id }) => id), "the cameras of the USB webcam");
    ensureEqual(others.length, 1, "the number of cameras of the USB webcam");
    camera = value.mine[0]!;
    const told = JSON.stringify(camera);
    ensure(!told.includes("video-index1"), "the camera tells the metadata node");
    ensureEqual((await processes("ffmpeg")).length, 0, "the number of ffmpeg processes without viewers");
  });
  await tap.check("formats, sizes and rates are those of the device", () => {
    const modes = (camera?.modes ?? []).map(({ format, width, height, fps }) =>
      `${/mjpe?g/i.test(format) ? "mjpeg" : format.toLowerCase()} ${width}x${height} ${fps.map(Math.round)}`
    );
    ensureEqual(
      modes.sort(),
      ["mjpeg 1280x720 30,15,5", "mjpeg 640x360 30,15,5", "yuyv 320x180 30,15,5"],
      "the list of modes",
    );
    return Promise.resolve();
  });
  if (!camera) throw new Error("without the webcam there is nothing more to check");
  return camera;
}

export async function passthrough(tap: Tap, client: HubClient, id: string): Promise<void> {
  await tap.check(
    "MJPEG pictures arrive byte for byte as the webcam sent them, not encoded again",
    async () => {
      const began = performance.now();
      const parts = await client.frames(id, 30, FIRST_FRAME_MS);
      note(`first frame after ${Math.round(parts[0]!.receivedAt - began)} ms, then ${rate(parts)}`);
      const { width, height } = readJpeg(parts[0]!.body);
      const sent = await webcamHashes(`${width}x${height}`);
      for (const [n, { body, headers }] of parts.entries()) {
        ensure(
          sent.has(await sha256(body)),
          `frame ${n + 1} (${width}x${height}) is not one that the webcam sent`,
        );
        ensure(headers.has("x-timestamp"), "a part has no X-Timestamp");
      }
      const readers = await processes("ffmpeg");
      ensureEqual(readers.length, 1, "the number of ffmpeg processes");
      ensure(/ -(c|codec|vcodec)(:v)?(:0)? copy /.test(readers[0]!), `ffmpeg does not copy: ${readers[0]}`);
      const all = (await client.camera(id)).stream;
      note(`the hub says: ${JSON.stringify(all)}`);
    },
  );

  await tap.check("pictures without Huffman tables are served with exactly one set of them", async () => {
    await webcam("huffman/off");
    try {
      const parts = (await client.frames(id, 30, FIRST_FRAME_MS)).slice(15);
      for (const { body } of parts) {
        const facts = readJpeg(body);
        ensure(facts.whole, "a frame is not a whole JPEG picture");
        ensure(
          hasOneHuffmanSet(facts),
          `a frame has the Huffman tables ${JSON.stringify(facts.huffmanTables)}`,
        );
      }
      await decode(parts.at(-1)!.body);
    } finally {
      await webcam("huffman/on");
    }
  });

  await tap.check("a snapshot is a whole JPEG picture", async () => {
    const response = await client.request(`/api/cameras/${id}/snapshot`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    ensureEqual([response.status, response.headers.get("content-type")], [200, "image/jpeg"], "the answer");
    ensure(readJpeg(bytes).whole, "the snapshot is not a whole JPEG picture");
  });
}

export async function controls(tap: Tap, client: HubClient, id: string, link: string): Promise<void> {
  await tap.check("brightness is set and read back from the device", async () => {
    const answer = await client.operation("set_camera_setting", {
      camera_id: id,
      setting: "brightness",
      value: 77,
    });
    const { success, verified, value } = answer;
    ensureEqual(
      { success, verified, value },
      { success: true, verified: "readback", value: 77 },
      "the answer",
    );
    ensureEqual(await deviceControl(link, "brightness"), 77, "brightness by v4l2-ctl");
    ensureEqual((await webcamControls())["brightness"], 77, "brightness in the webcam");
    const setting = (await client.camera(id)).settings?.find(({ name }) => name === "brightness");
    ensureEqual([setting?.value, setting?.min, setting?.max], [77, 0, 100], "value and range of brightness");
  });

  await tap.check("brightness out of range is refused and not changed", async () => {
    const answer = await client.operation("set_camera_setting", {
      camera_id: id,
      setting: "brightness",
      value: 500,
    });
    ensure(answer["success"] !== true, `the answer is ${JSON.stringify(answer)}`);
    ensureEqual(await deviceControl(link, "brightness"), 77, "brightness by v4l2-ctl");
  });

  await tap.check("pan, tilt and zoom move the webcam", async () => {
    ensure(
      (await client.camera(id)).capabilities.includes("ptz"),
      "the camera does not tell the capability ptz",
    );
    const moved = await client.operation("move_ptz", {
      camera_id: id,
      pan: 0.5,
      tilt: -0.5,
      zoom: 0.25,
      relative: false,
    });
    ensure(moved["success"] === true, `the answer is ${JSON.stringify(moved)}`);
    const { pan, tilt, zoom } = await webcamControls();
    // Half of 522000 and 324000 seconds of arc, to the webcam's step of 3600; a quarter of 100…500.
    ensure(Math.abs(pan! - 261_000) <= 3600, `pan in the webcam is ${pan}`);
    ensure(Math.abs(tilt! + 162_000) <= 3600, `tilt in the webcam is ${tilt}`);
    ensureEqual(zoom, 200, "zoom in the webcam");
    ensureEqual(await deviceControl(link, "pan_absolute"), pan, "pan by v4l2-ctl");
    ensureEqual(await deviceControl(link, "tilt_absolute"), tilt, "tilt by v4l2-ctl");
    ensureEqual(await deviceControl(link, "zoom_absolute"), zoom, "zoom by v4l2-ctl");
    const told = await client.operation("get_ptz_position", { camera_id: id });
    note(`position told: ${JSON.stringify(told)}`);

    await client.operation("move_ptz", { camera_id: id, pan: 0.1, relative: true });
    const after = await webcamControls();
    ensure(Math.abs(after["pan"]! - 313_200) <= 3600, `pan after a relative move is ${after["pan"]}`);
    ensureEqual([after["tilt"], after["zoom"]], [tilt, zoom], "tilt and zoom after a relative pan");
  });
}
