// The form for adding a camera: what is asked for, what must be filled in, and what is sent.
import { assertEquals } from "@std/assert";
import {
  type CameraDraft,
  draftToCamera,
  draftValue,
  emptyDraft,
  foundDraft,
  mustFill,
  neededFields,
  sortFields,
  sortInputProblems,
  withOption,
} from "../../../islands/camera_form.ts";
import type {
  CameraFieldView,
  CameraTypeView,
  DiscoveredView,
  ProblemView,
} from "../../../src/operations/views.ts";

const field = (name: string, more: Partial<CameraFieldView> = {}): CameraFieldView => ({
  name,
  title: name,
  kind: "text",
  required: false,
  ...more,
});
const TAPO: CameraTypeView = {
  type: "tapo",
  title: "Tapo camera",
  summary: "",
  fields: [
    field("host", { required: true }),
    field("username"),
    field("password", { kind: "secret" }),
    field("cloud_password", { kind: "secret" }),
    field("audio", { kind: "boolean", default: true }),
    field("port", { kind: "number", default: 443 }),
  ],
};
const FOUND: DiscoveredView = {
  type: "tapo",
  title: "Garage",
  options: { host: "192.168.1.20", port: 8443 },
  needs: ["username", "password", "cloud_password"],
  details: { model: "C210" },
};
const names = (fields: CameraFieldView[]) => fields.map(({ name }) => name);

Deno.test("neededFields asks only for what the found device still needs", () => {
  assertEquals(names(neededFields(FOUND, TAPO)), ["username", "password", "cloud_password"]);
  const { needs: _, ...complete } = FOUND;
  assertEquals(neededFields(complete, TAPO), []);
  assertEquals(neededFields(FOUND, undefined), []);
});

Deno.test("sortFields puts what has a default aside", () => {
  const { main, more } = sortFields(TAPO);
  assertEquals(names(main), ["host", "username", "password", "cloud_password"]);
  assertEquals(names(more), ["audio", "port"]);
});

Deno.test("draftToCamera sends what was found and what was typed, and leaves defaults to the hub", () => {
  const draft = withOption(foundDraft(FOUND), "cloud_password", "secret");
  assertEquals(draftToCamera(draft, TAPO, FOUND.options), {
    name: "Garage",
    type: "tapo",
    options: { host: "192.168.1.20", port: 8443, cloud_password: "secret" },
  });
});

Deno.test("mustFill: of a found device's accounts one is enough, but a name goes with its password", () => {
  const fields = neededFields(FOUND, TAPO);
  const required = (draft = foundDraft(FOUND)) =>
    names(fields.filter((each) => mustFill(draft, each, fields, true)));
  assertEquals(required(), ["username", "password", "cloud_password"]);
  assertEquals(required(withOption(foundDraft(FOUND), "cloud_password", "x")), []);
  assertEquals(required(withOption(foundDraft(FOUND), "username", "x")), ["password"]);
  assertEquals(required(withOption(foundDraft(FOUND), "password", "x")), ["username"]);
});

Deno.test("mustFill: by hand, only what the type requires is required of an empty form", () => {
  const { main } = sortFields(TAPO);
  const required = main.filter((each) => mustFill(emptyDraft("tapo"), each, main, false));
  assertEquals(names(required), ["host"]);
});

/** A kind with every sort of input. */
const TYPE: CameraTypeView = {
  type: "ip",
  title: "IP camera",
  summary: "x",
  fields: [
    { name: "url", title: "URL", kind: "text", required: true },
    { name: "fps", title: "Rate", kind: "number", required: false, default: 15 },
    { name: "audio", title: "Audio", kind: "boolean", required: false, default: true },
    {
      name: "mode",
      title: "Mode",
      kind: "choice",
      required: true,
      default: "auto",
      choices: ["auto", "raw"],
    },
  ],
};
const fieldOf = (name: string) => TYPE.fields.find((each) => each.name === name)!;
const typed = (options: Record<string, string | boolean>): CameraDraft => ({
  ...emptyDraft("ip"),
  options: { ip: options },
});

Deno.test("draftValue: what was typed, else the default", () => {
  const draft = emptyDraft("ip");
  assertEquals(TYPE.fields.map((each) => draftValue(draft, each)), ["", "15", true, "auto"]);
  assertEquals(draftValue(typed({ fps: "" }), fieldOf("fps")), "");
  assertEquals(draftValue(typed({ audio: false }), fieldOf("audio")), false);
});

Deno.test("withOption: changes one option of the chosen type; switching types loses nothing", () => {
  const first = withOption(withOption(emptyDraft("ip"), "url", "rtsp://x"), "fps", "5");
  const other = withOption({ ...first, type: "webcam" }, "fps", "30");
  assertEquals(other.options, { ip: { url: "rtsp://x", fps: "5" }, webcam: { fps: "30" } });
  assertEquals(first.options, { ip: { url: "rtsp://x", fps: "5" } });
});

Deno.test("draftToCamera: sends what was typed in its type; what is empty or untouched is left to the hub", () => {
  const draft = { ...typed({ url: " rtsp://x", fps: "7.5", audio: false }), id: " front ", name: " Front " };
  assertEquals(draftToCamera(draft, TYPE), {
    id: "front",
    name: "Front",
    type: "ip",
    options: { url: " rtsp://x", fps: 7.5, audio: false, mode: "auto" },
  });
  assertEquals(draftToCamera(typed({ fps: "" }), TYPE), { name: "", type: "ip", options: { mode: "auto" } });
});

function problem(problems: unknown): ProblemView {
  const base = {
    type: "about:blank",
    title: "x",
    status: 400,
    error: "x",
    error_code: "invalid_input",
    message: "x",
  };
  return { ...base, recovery_options: [], details: { problems } };
}

Deno.test("sortInputProblems: puts each complaint at its input, the first of several, and the rest aside", () => {
  const { byInput, others } = sortInputProblems(
    problem([
      { path: "options.url", message: "wrong" },
      { path: "/options/fps", message: "too fast" },
      { path: ["options", "fps"], message: "second" },
      { path: "name", message: "empty" },
      { path: "options.unknown", message: "what is this" },
      { path: "", message: "the whole" },
    ]),
    ["url", "fps", "name"],
  );
  assertEquals(Object.entries(byInput).map(([name, { message }]) => [name, message]), [
    ["url", "wrong"],
    ["fps", "too fast"],
    ["name", "empty"],
  ]);
  assertEquals(others.map(({ message }) => message), ["what is this", "the whole"]);
});

for (
  const odd of [
    undefined,
    problem(undefined),
    problem("text"),
    problem([1, null, { path: "x" }, { message: "x" }]),
  ]
) {
  Deno.test(`sortInputProblems: ${JSON.stringify(odd?.details) ?? "nothing"} holds no complaint`, () => {
    assertEquals(sortInputProblems(odd, ["x"]), { byInput: {}, others: [] });
  });
}
