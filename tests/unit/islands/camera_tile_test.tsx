// A tile of the dashboard as the server renders it: what its badge says.
import { assertEquals } from "@std/assert";
import { renderToString } from "preact-render-to-string";
import { CameraTile } from "../../../islands/camera_tile.tsx";
import type { CameraView } from "../../../src/operations/views.ts";

const CAMERA: CameraView = {
  id: "door",
  name: "Front door",
  type: "tapo",
  origin: "store",
  enabled: true,
  status: "online",
  since: "2026-11-22T14:02:00.000Z",
  capabilities: ["video", "privacy"],
  links: { page: "/cameras/door", stream: "/api/cameras/door/stream" },
};
const none = () => {};
const badge = (change: Partial<CameraView>, lost = false) => {
  const camera = { ...CAMERA, ...change };
  const refresh = () => Promise.resolve();
  const html = renderToString(
    <CameraTile camera={camera} lost={lost} crowded={false} refresh={refresh} onRemoved={none} />,
  );
  return /<span class="badge [\w-]+">([^<]*)</.exec(html)?.[1];
};

Deno.test("CameraTile says that the lens is covered while the camera is online, and else how the camera is", () => {
  assertEquals(badge({}), undefined);
  assertEquals(badge({ covered: true }), "Lens covered");
  assertEquals(badge({ covered: true, status: "offline" }), "Offline");
  assertEquals(badge({ covered: true }, true), "Not known");
});
