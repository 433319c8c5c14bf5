// The camera's page as the server renders it: what is offered, and what covers the picture.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { renderToString } from "preact-render-to-string";
import { CameraPage, type CameraPageProps } from "../../../islands/camera_page.tsx";
import { streamNote } from "../../../islands/camera_details.tsx";
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
  privacy: { zones: [], style: "black", covered_for_you: false },
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

Deno.test("CameraPage names the options of a camera of the file, and says where they are changed", () => {
  const fields = [{ name: "host", title: "Address", kind: "text" as const, required: true }];
  const html = render({ origin: "file" }, { type: { ...TYPE, fields } });
  assertStringIncludes(html, "<dt>Address</dt>");
  assertStringIncludes(html, "it is changed there");
  assert(!html.includes("Change</button>"));
  const rename = /<button[^>]*Rename this camera[^>]*>/;
  assertStringIncludes(rename.exec(html)?.[0] ?? "", 'aria-disabled="true"');
  assert(!rename.exec(render({}))?.[0].includes('aria-disabled="true"'));
});

Deno.test("CameraPage tells the facts of a device in words", () => {
  const html = render({ device: { mac: "02:00", firmware: "1.2", drawn_by: "ffmpeg", odd_key: "x" } });
  for (const title of ["MAC address", "Firmware", "Drawn by", "Odd key"]) {
    assertStringIncludes(html, `<dt>${title}</dt>`);
  }
  assertStringIncludes(html, "Picture, moving, presets, privacy mode, status light");
});

Deno.test("CameraPage offers no moving while the lens is covered, and says why", () => {
  const button = (html: string, label: string) =>
    new RegExp(`<button[^>]*aria-label="${label}"[^>]*>`).exec(html)?.[0] ?? "";
  const presets = [{ id: "1", name: "Window" }];
  for (const privacy of [true, false]) {
    const html = render({ controls: { privacy, presets } });
    for (const label of ["Pan left", "Home position", "Go to Window"]) {
      assertEquals(/ disabled(?=[ >])/.test(button(html, label)), privacy, label);
    }
    assertEquals(html.includes("The lens is covered: privacy mode is on."), privacy);
    assert(!/ disabled(?=[ >])/.test(button(html, "Delete the preset Window")));
  }
});

Deno.test("streamNote: says of a stream that does not run why that is so", () => {
  const stream = { ...CAMERA.stream!, running: false, viewers: 1 };
  const note = (change: Partial<CameraDetailView>) => streamNote({ ...CAMERA, stream, ...change }) ?? "";
  assertStringIncludes(note({ status: "offline" }), "offline");
  assertStringIncludes(note({ status: "connecting" }), "connecting");
  assertStringIncludes(note({}), "no picture has come so far");
  assertStringIncludes(note({ stream: { ...stream, viewers: 0 } }), "while somebody watches");
  assertEquals(note({ stream: CAMERA.stream! }), "");
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
