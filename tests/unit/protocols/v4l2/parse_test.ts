// The parsers of v4l2-ctl's output, on what v4l2-ctl 1.22 really prints of a UVC webcam and of vivid.
import { assert, assertEquals } from "@std/assert";
import {
  isCaptureNode,
  parseControls,
  parseInfo,
  parseModes,
  type V4l2Info,
} from "../../../../src/protocols/v4l2/parse.ts";
import { sample } from "../../tools/samples.ts";

const UVC_CARD = "Virtual UVC Cam: Virtual UVC Ca";
const INFOS: [string, V4l2Info, boolean][] = [
  [
    "v4l2_ctl_uvc_d.txt",
    { driver: "uvcvideo", card: UVC_CARD, busInfo: "usb-vhci_hcd.0-1", deviceCaps: 0x04200001 },
    true,
  ],
  [
    "v4l2_ctl_uvc_metadata_d.txt",
    { driver: "uvcvideo", card: UVC_CARD, busInfo: "usb-vhci_hcd.0-1", deviceCaps: 0x04a00000 },
    false,
  ],
  [
    "v4l2_ctl_vivid_d.txt",
    { driver: "vivid", card: "vivid", busInfo: "platform:vivid-000", deviceCaps: 0x05230005 },
    true,
  ],
];
for (const [file, info, captures] of INFOS) {
  Deno.test(`parseInfo: reads ${file}, a node that ${captures ? "gives" : "gives no"} pictures`, () => {
    assertEquals(parseInfo(sample(file)), info);
    assertEquals(isCaptureNode(info), captures);
  });
}

Deno.test("parseInfo: an old kernel without Device Caps is judged by its capabilities", () => {
  const text =
    "Driver Info:\n\tDriver name   : uvcvideo\n\tCard type     : Cam\n\tCapabilities  : 0x04000001\n";
  assertEquals(parseInfo(text), { driver: "uvcvideo", card: "Cam", busInfo: "", deviceCaps: 0x04000001 });
});

for (const file of ["v4l2_ctl_eacces.txt", "v4l2_ctl_enoent.txt", "v4l2_ctl_list_devices.txt"]) {
  Deno.test(`parseInfo: ${file} holds no device`, () => assertEquals(parseInfo(sample(file)), undefined));
}

const NODES: [string, number, boolean][] = [
  ["capture", 0x00000001, true],
  ["multiplanar capture", 0x00001000, true],
  ["output", 0x00000002, false],
  ["memory to memory", 0x00008001, false],
  ["multiplanar memory to memory", 0x00005000, false],
  ["metadata capture", 0x00800000, false],
  ["capture with metadata in one node", 0x00800001, false],
  ["vbi capture", 0x00000010, false],
  ["nothing", 0, false],
  ["capture with the topmost bit set", 0x80000001, true],
];
for (const [name, deviceCaps, expected] of NODES) {
  Deno.test(`isCaptureNode: ${name} is ${expected}`, () => {
    assertEquals(isCaptureNode({ driver: "x", card: "x", busInfo: "", deviceCaps }), expected);
  });
}

Deno.test("parseModes: reads the UVC webcam's formats, sizes and rates", () => {
  const fps = [30, 15, 5];
  assertEquals(parseModes(sample("v4l2_ctl_uvc_list_formats_ext.txt")), [
    { format: "MJPG", width: 640, height: 360, fps },
    { format: "MJPG", width: 1280, height: 720, fps },
    { format: "YUYV", width: 320, height: 180, fps },
  ]);
});

Deno.test("parseModes: reads every format and size of vivid, the highest rate first", () => {
  const text = sample("v4l2_ctl_vivid_list_formats_ext.txt");
  const modes = parseModes(text);
  assertEquals(modes.length, text.match(/Size: Discrete/g)?.length);
  assertEquals([...new Set(modes.map((mode) => mode.format))].length, text.match(/^\t\[\d+\]/gm)?.length);
  assertEquals(modes[0], {
    format: "YUYV",
    width: 320,
    height: 180,
    fps: [60, 50, 40, 30, 25, 15, 12.5, 10, 5, 4, 2, 1],
  });
  for (const { fps } of modes) assertEquals(fps, fps.toSorted((a, b) => b - a));
});

Deno.test("parseModes: a metadata node has none", () => {
  assertEquals(parseModes(sample("v4l2_ctl_uvc_metadata_list_formats_ext.txt")), []);
  assertEquals(parseModes(""), []);
});

Deno.test("parseModes: a stepwise size counts with its largest, a range of rates with its upper end", () => {
  const text = `ioctl: VIDIOC_ENUM_FMT
	Type: Video Capture

	[0]: 'YU12' (Planar YUV 4:2:0)
		Size: Stepwise 32x32 - 2592x1944 with step 2/2
			Interval: Stepwise 0.011s - 1.000s with step 0.001s (1.000-90.000 fps)
	[1]: 'GREY' (8-bit Greyscale)
		Size: Discrete 640x480
`;
  assertEquals(parseModes(text), [
    { format: "YU12", width: 2592, height: 1944, fps: [90] },
    { format: "GREY", width: 640, height: 480, fps: [] },
  ]);
});

Deno.test("parseModes: one size named twice keeps each rate once", () => {
  const interval = "\t\t\tInterval: Discrete 0.033s (30.000 fps)\n";
  const text = `\t[0]: 'MJPG' (Motion-JPEG, compressed)\n\t\tSize: Discrete 640x480\n${interval}${interval}`;
  assertEquals(parseModes(text), [{ format: "MJPG", width: 640, height: 480, fps: [30] }]);
});

Deno.test("parseControls: reads the UVC webcam's controls", () => {
  const base = { kind: "int", inactive: false, readOnly: false, menu: [] } as const;
  assertEquals(parseControls(sample("v4l2_ctl_uvc_l.txt")), [
    { ...base, menu: [], name: "brightness", min: 0, max: 100, step: 1, default: 50, value: 50 },
    { ...base, menu: [], name: "contrast", min: 0, max: 100, step: 1, default: 40, value: 40 },
    { ...base, menu: [], name: "pan_absolute", min: -522000, max: 522000, step: 3600, default: 0, value: 0 },
    { ...base, menu: [], name: "tilt_absolute", min: -324000, max: 324000, step: 3600, default: 0, value: 0 },
    { ...base, menu: [], name: "zoom_absolute", min: 100, max: 500, step: 1, default: 100, value: 100 },
  ]);
});

const vivid = parseControls(sample("v4l2_ctl_vivid_l.txt"));
const control = (name: string) => vivid.find((each) => each.name === name);

Deno.test("parseControls: reads booleans, buttons, flags and negative values of vivid", () => {
  const none = { inactive: false, readOnly: false, menu: [] };
  assertEquals(control("mute"), { name: "mute", kind: "bool", ...none, default: 0, value: 0 });
  assertEquals(control("button"), { name: "button", kind: "button", ...none, value: 0 });
  const gain = { min: 0, max: 255, step: 1, default: 100, value: 21 };
  assertEquals(control("gain"), { name: "gain", kind: "int", ...none, inactive: true, ...gain });
  assertEquals([control("hue")?.min, control("hue")?.max], [-128, 128]);
  assertEquals(control("read_only_integer_32_bits")?.readOnly, true);
});

Deno.test("parseControls: menus have their choices, also where numbers are left out", () => {
  assertEquals(control("menu")?.menu, [
    { value: 1, title: "Menu Item 1" },
    { value: 3, title: "Menu Item 3" },
    { value: 4, title: "Menu Item 4" },
  ]);
  assertEquals(control("integer_menu")?.menu.at(-1), { value: 8, title: "42 (0x2a)" });
  assertEquals(control("test_pattern")?.menu.length, 22);
  assertEquals(control("test_pattern")?.menu[0], { value: 0, title: "75% Colorbar" });
});

Deno.test("parseControls: kinds that no form can show are left out: strings, bit masks, arrays, areas", () => {
  for (const name of ["string", "bitmask", "u16_8x16_matrix", "area", "power_present", "u8_pixel_array"]) {
    assertEquals(control(name), undefined, name);
  }
  for (const { kind, menu } of vivid) assert(kind === "menu" || menu.length === 0);
});

Deno.test("parseControls: every line of a known kind becomes a control", () => {
  const kinds = /^ +[a-z0-9_]+ 0x[0-9a-f]+ \((int|int64|bool|menu|intmenu|button)\)/gm;
  assertEquals(vivid.length, sample("v4l2_ctl_vivid_l.txt").match(kinds)?.length);
});

Deno.test("parseControls: a node without controls has none", () => {
  assertEquals(parseControls(sample("v4l2_ctl_uvc_metadata_l.txt")), []);
  assertEquals(parseControls(sample("v4l2_ctl_uvc_list_formats_ext.txt")), []);
});
