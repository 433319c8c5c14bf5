// A webcam's controls as settings and as pan, tilt and zoom; the device here answers with real v4l2-ctl output.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import { openPtz, openSettings, toNormal, toVendor } from "../../../../src/drivers/webcam/controls.ts";
import { sample } from "../../tools/samples.ts";

const { signal } = new AbortController();

/** A device that prints a sample, in which controls that were set have their new values. */
function device(file: string) {
  let text = sample(file);
  const asked: string[] = [];
  const ask = (args: readonly string[]) => {
    asked.push(args.join(" "));
    for (const pair of /^--set-ctrl=(.*)$/.exec(args[0] ?? "")?.[1]?.split(",") ?? []) {
      const [name, value] = pair.split("=");
      text = text.replace(new RegExp(`^( +${name} .* value=)-?\\d+`, "m"), `$1${value}`);
    }
    return Promise.resolve(args[0] === "--list-ctrls-menus" ? text : "");
  };
  return { ask, sets: () => asked.filter((line) => line.startsWith("--set")) };
}

const AXES = [
  ["pan", -522000, 522000, 3600],
  ["tilt", -324000, 324000, 3600],
  ["zoom", 100, 500, 1],
  ["zoom", 0, 10, 3],
  ["pan", -10, 10, 1],
] as const;
for (const [axis, min, max, step] of AXES) {
  Deno.test(`toVendor: ${axis} ${min}…${max} step ${step}: every step survives the way to −1…1 and back`, () => {
    for (let value = min; value <= max; value += step) {
      assertEquals(toVendor(axis, toNormal(axis, value, min, max), min, max, step) + 0, value);
    }
  });

  Deno.test(`toVendor: ${axis} ${min}…${max} step ${step}: stays within the limits and on the steps`, () => {
    for (let wish = -3; wish <= 3; wish += 0.01) {
      const value = toVendor(axis, wish, min, max, step);
      assert(value >= min && value <= max, `${wish} gives ${value}`);
      assert((value - min) % step === 0 || value === max, `${wish} gives ${value}`);
    }
  });
}

Deno.test("toNormal: pan and tilt run from −1 to 1, zoom from 0 to 1", () => {
  assertEquals([toNormal("pan", -50, -50, 50), toNormal("pan", 0, -50, 50), toNormal("tilt", 50, -50, 50)], [
    -1,
    0,
    1,
  ]);
  assertEquals([toNormal("zoom", 100, 100, 500), toNormal("zoom", 300, 100, 500)], [0, 0.5]);
});

Deno.test("openSettings: lists the webcam's controls without those that move it", async () => {
  const settings = await openSettings(device("v4l2_ctl_uvc_l.txt").ask, signal);
  assertEquals(await settings?.list(signal), [
    {
      name: "brightness",
      title: "Brightness",
      kind: "number",
      min: 0,
      max: 100,
      step: 1,
      value: 50,
      default: 50,
    },
    {
      name: "contrast",
      title: "Contrast",
      kind: "number",
      min: 0,
      max: 100,
      step: 1,
      value: 40,
      default: 40,
    },
  ]);
});

Deno.test("openSettings: vivid's booleans, menus and buttons become settings; read-only ones are left out", async () => {
  const list = await (await openSettings(device("v4l2_ctl_vivid_l.txt").ask, signal))?.list(signal) ?? [];
  const find = (name: string) => list.find((setting) => setting.name === name);
  assertEquals(find("gain_automatic"), {
    name: "gain_automatic",
    title: "Gain automatic",
    kind: "boolean",
    value: true,
    default: true,
  });
  assertEquals(find("gain")?.inactive, true);
  assertEquals(find("button"), { name: "button", title: "Button", kind: "action" });
  assertEquals([find("menu")?.kind, find("menu")?.value, find("menu")?.choices?.[1]], [
    "choice",
    "3",
    { value: "3", title: "Menu Item 3" },
  ]);
  assertEquals(find("read_only_integer_32_bits"), undefined);
});

Deno.test("openSettings: a device without controls has no settings", async () => {
  assertEquals(await openSettings(device("v4l2_ctl_uvc_metadata_l.txt").ask, signal), undefined);
});

Deno.test("openSettings: set sends the value in the device's form and reads it back", async () => {
  const { ask, sets } = device("v4l2_ctl_vivid_l.txt");
  const settings = await openSettings(ask, signal);
  assertEquals((await settings?.set("brightness", 200, signal))?.value, 200);
  assertEquals((await settings?.set("mute", true, signal))?.value, true);
  assertEquals((await settings?.set("menu", "Menu Item 4", signal))?.value, "4");
  await settings?.set("button", true, signal);
  assertEquals(sets(), [
    "--set-ctrl=brightness=200",
    "--set-ctrl=mute=1",
    "--set-ctrl=menu=4",
    "--set-ctrl=button=1",
  ]);
});

const REFUSED = [
  ["nonsense", 1, "not_found"],
  ["brightness", 256, "invalid_input"],
  ["mute", 1, "invalid_input"],
  ["menu", "2", "invalid_input"],
  ["gain", 5, "device_rejected"],
  ["pan_absolute", 0, "not_found"],
  ["brightness=1 --set-fmt-video", 1, "not_found"],
] as const;
for (const [name, value, kind] of REFUSED) {
  Deno.test(`openSettings: setting ${name} to ${value} is ${kind} and reaches no device`, async () => {
    const { ask, sets } = device("v4l2_ctl_vivid_l.txt");
    const settings = await openSettings(ask, signal);
    assertEquals((await assertRejects(() => settings!.set(name, value, signal), HubError)).kind, kind);
    assertEquals(sets(), []);
  });
}

Deno.test("openPtz: has the axes of the device and tells its position", async () => {
  const ptz = await openPtz(device("v4l2_ctl_uvc_l.txt").ask, signal);
  assertEquals(ptz?.axes, ["pan", "tilt", "zoom"]);
  assertEquals(await ptz?.position(signal), { pan: 0, tilt: 0, zoom: 0 });
  assertEquals(await openPtz(device("v4l2_ctl_vivid_l.txt").ask, signal), undefined);
});

Deno.test("openPtz: moves to a place, by an amount, and never beyond its limits", async () => {
  const { ask, sets } = device("v4l2_ctl_uvc_l.txt");
  const ptz = await openPtz(ask, signal);
  assertEquals(await ptz?.move({ pan: 1, zoom: 0.5 }, { relative: false }, signal), {
    pan: 1,
    tilt: 0,
    zoom: 0.5,
  });
  assertEquals(await ptz?.move({ pan: -0.5, tilt: 0.25 }, { relative: true }, signal), {
    pan: toNormal("pan", 262800, -522000, 522000),
    tilt: toNormal("tilt", 82800, -324000, 324000),
    zoom: 0.5,
  });
  assertEquals((await ptz?.move({ zoom: 1 }, { relative: true }, signal))?.zoom, 1);
  assertEquals(sets(), [
    "--set-ctrl=pan_absolute=522000,zoom_absolute=300",
    "--set-ctrl=pan_absolute=262800,tilt_absolute=82800",
    "--set-ctrl=zoom_absolute=500",
  ]);
});

Deno.test("openPtz: a webcam that takes a place and stays where it is tells no outcome", async () => {
  const text = sample("v4l2_ctl_uvc_l.txt");
  const ptz = await openPtz(() => Promise.resolve(text), signal);
  assertEquals(await ptz?.move({ pan: 1 }, { relative: false }, signal), {});
  assertEquals(await ptz?.move({ pan: 0 }, { relative: false }, signal), { pan: 0, tilt: 0, zoom: 0 });
});

Deno.test("openPtz: an axis that the device lacks is refused, naming those it has", async () => {
  const text = sample("v4l2_ctl_uvc_l.txt").replace(/^.*(pan|tilt)_absolute.*\n/gm, "");
  const ptz = await openPtz(() => Promise.resolve(text), signal);
  const error = await assertRejects(() => ptz!.move({ pan: 1 }, { relative: false }, signal), HubError);
  assertEquals([error.kind, error.hint], ["unsupported", "It can move: zoom"]);
});
