// The camera's page as the server renders it: what is offered, and what covers the picture.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { renderToString } from "preact-render-to-string";
import { CameraPage, type CameraPageProps } from "../../../islands/camera_page.tsx";
import { canShowPicture } from "../../../islands/camera_state.tsx";
import type { CameraDetailView } from "../../../src/operations/views.ts";

const CAMERA: CameraDetailView = {
  id: "door",
  name: "Front door",
  type: "tapo",
  origin: "store",
  enabled: true,
  status: "online",
  since: "2026-11-22T14:02:00.000Z",
  capabilities: ["video", "ptz", "presets", "privacy", "led", "motion", "siren", "storage", "reboot"],
  stream: {
    running: true,
    codec: "h264",
    viewers: 1,
    frames_total: 1,
    bytes_total: 1,
    dropped_total: 0,
    damaged_total: 0,
    restarts_total: 0,
  },
  links: { page: "/cameras/door", stream: "/api/cameras/door/stream" },
  options: { host: "cam", password: "[secret]" },
  ptz_axes: ["pan", "tilt"],
  controls: { privacy: false, presets: [], storage: [{ id: "1", state: "normal", total_bytes: 100 }] },
  viewers: [],
};
const TYPE = { type: "tapo", title: "Tapo", summary: "", fields: [] };
const render = (change: Partial<CameraDetailView>, more: Partial<CameraPageProps> = {}) =>
  renderToString(<CameraPage camera={{ ...CAMERA, ...change }} {...more} />);

Deno.test("CameraPage offers what the camera can do, and no zoom where it has none", () => {
  const html = render({});
  for (const text of ["Pan left", "Home position", "Privacy mode", "Status light", "Memory card", "Listen"]) {
    assertStringIncludes(html, text);
  }
  assert(!html.includes("Zoom in"));
  const webcam = render({ ptz_axes: ["pan", "tilt", "zoom"], capabilities: ["video", "ptz"] });
  assertStringIncludes(webcam, "Zoom in");
  assert(!webcam.includes("Home position"));
  const plain = render({ capabilities: ["video"], controls: {} });
  for (const text of ["Pan left", "Privacy mode", "Presets", "Siren"]) assert(!plain.includes(text), text);
});

Deno.test("CameraPage says over the picture that the lens is covered", () => {
  const cover = "Privacy mode: the lens is covered";
  assert(!render({}).includes(cover));
  assertStringIncludes(render({ controls: { privacy: true } }), cover);
});

Deno.test("CameraPage offers to change the options only where its form was given", () => {
  const change = "Change</button>";
  assertStringIncludes(render({}, { type: TYPE }), change);
  assert(!render({}).includes(change));
});

Deno.test("CameraPage tells notices, unread controls and cameras that can be added", () => {
  const html = render({
    notices: ["No camera account"],
    controls: { problems: [{ what: "led", message: "The camera did not answer" }] },
    children: [{
      title: "Second lens",
      type: "tapo",
      suggested_id: "door-tele",
      options: {},
      options_of: "door",
    }],
  });
  for (const text of ["No camera account", "status light: The camera did not answer", "Add Second lens"]) {
    assertStringIncludes(html, text);
  }
});

Deno.test("CameraPage shows the picture of a camera whose control is locked, with the reason above it", () => {
  const html = render({ status: "locked_out", reason: "Too many wrong passwords", type: "tapo" }, {
    type: TYPE,
  });
  for (const text of ["Too many wrong passwords", "Try again", "Change the accounts", "<canvas"]) {
    assertStringIncludes(html, text);
  }
});

Deno.test("canShowPicture: where the hub tries, and where a refused account leaves the picture", () => {
  const can = (change: Partial<CameraDetailView>) => canShowPicture({ ...CAMERA, ...change });
  const stream = { ...CAMERA.stream!, running: false };
  assertEquals(can({}), true);
  assertEquals(can({ capabilities: [], stream }), false, "an open device without a picture");
  for (const status of ["connecting", "offline"] as const) {
    assertEquals(can({ status, capabilities: [], stream }), true, status);
  }
  for (const status of ["auth_required", "locked_out", "unsupported"] as const) {
    assertEquals(can({ status, stream }), true, status);
    assertEquals(can({ status, capabilities: [], stream }), false, status);
    assertEquals(can({ status, capabilities: [] }), true, status);
  }
  assertEquals(can({ status: "disabled" }), false);
});
