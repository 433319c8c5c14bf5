// The form for a camera's options: passwords are never shown and stay unless another one is typed.
import { assertEquals } from "@std/assert";
import {
  editableFields,
  hasSecret,
  optionsChange,
  type OptionsDraft,
  optionValue,
} from "../../../islands/options_draft.ts";
import type { CameraFieldView } from "../../../src/operations/views.ts";

const field = (name: string, more: Partial<CameraFieldView> = {}): CameraFieldView => ({
  name,
  title: name,
  kind: "text",
  required: false,
  ...more,
});
const FIELDS = [
  field("host", { required: true }),
  field("username"),
  field("password", { kind: "secret" }),
  field("cloud_password", { kind: "secret" }),
  field("port", { kind: "number", default: 443 }),
  field("audio", { kind: "boolean", default: true }),
];
const OPTIONS = { host: "cam", username: "viewer", password: "[secret]", port: 443 };
const [, username, password, cloud, port, audio] = FIELDS as Required<CameraFieldView>[];
const change = (draft: OptionsDraft) => optionsChange(FIELDS, OPTIONS, draft);

Deno.test("optionValue shows what was typed, else what counts now, and no password", () => {
  assertEquals(optionValue(username!, OPTIONS, {}), "viewer");
  assertEquals(optionValue(username!, OPTIONS, { username: "x" }), "x");
  assertEquals(optionValue(password!, OPTIONS, {}), "");
  assertEquals(optionValue(port!, {}, {}), "443");
  assertEquals(optionValue(audio!, {}, {}), true);
  assertEquals(optionValue(audio!, { audio: false }, {}), false);
});

Deno.test("hasSecret tells a password that the hub has from one that it has not", () => {
  assertEquals([hasSecret(password!, OPTIONS), hasSecret(cloud!, OPTIONS)], [true, false]);
  assertEquals(hasSecret(username!, { username: "[secret]" }), false);
});

const ROWS: [string, OptionsDraft, Record<string, unknown>][] = [
  ["nothing for an untouched form", {}, {}],
  ["nothing for what was typed and typed back", { username: "viewer", port: "443", audio: true }, {}],
  ["what differs, in its own type", { username: "x", port: "8443", audio: false }, {
    username: "x",
    port: 8443,
    audio: false,
  }],
  ["null for what was emptied", { username: "", port: "" }, { username: null, port: null }],
  ["nothing for what was empty before", { cloud_password: "" }, {}],
  ["a new password", { password: "new" }, { password: "new" }],
  ["nothing for a password field emptied again", { password: "" }, {}],
  ["null for a password to be forgotten", { password: null }, { password: null }],
  ["nothing for forgetting a password that is not there", { cloud_password: null }, {}],
];

for (const [what, draft, expected] of ROWS) {
  Deno.test(`optionsChange sends ${what}`, () => assertEquals(change(draft), expected));
}

Deno.test("editableFields leaves out what no input can show", () => {
  const shown = editableFields(FIELDS, { host: "cam", username: { odd: true } });
  assertEquals(shown.some(({ name }) => name === "username"), false);
});
