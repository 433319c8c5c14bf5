// The status that people see, as a truth table, and the values that settings take.
import { assertEquals, assertThrows } from "@std/assert";
import { type ErrorKind, HubError } from "../../../src/base/errors.ts";
import { isSame, mergeOptions } from "../../../src/devices/camera_input.ts";
import { checkSettingValue, type Setting, type SettingValue } from "../../../src/devices/setting.ts";
import { cameraStatus, type CameraStatusName, type StatusFacts } from "../../../src/devices/status.ts";

const unplugged = new HubError("unavailable", "unplugged", { hint: "plug it in" });
const stalled = new HubError("timeout", "no picture");
const open: StatusFacts = { enabled: true, isOpen: true, stream: { state: "idle" } };
const closed: StatusFacts = { ...open, isOpen: false };
const waiting = { state: "waiting", error: stalled, nextTryAtMs: 5 } as const;
const locked = new HubError("locked_out", "control locked", { hint: "wait", retryAtMs: 77 });
const forPerson = new HubError("unauthenticated", "wrong password", { retryAtMs: Infinity });
const lockedStatus: ReturnType<typeof cameraStatus> = {
  status: "locked_out",
  reason: "control locked",
  hint: "wait",
  nextTryAtMs: 77,
};

const TABLE: [string, StatusFacts, ReturnType<typeof cameraStatus>][] = [
  ["open, nobody looks", open, { status: "online" }],
  ["open, running", { ...open, stream: { state: "running" } }, { status: "online" }],
  ["open, starting", { ...open, stream: { state: "starting" } }, { status: "online" }],
  ["open, the stream waits", { ...open, stream: waiting }, {
    status: "offline",
    reason: "no picture",
    nextTryAtMs: 5,
  }],
  [
    "open, the stream starts after a fault",
    { ...open, stream: { state: "starting" }, streamError: stalled },
    {
      status: "offline",
      reason: "no picture",
    },
  ],
  ["open, running after a fault", { ...open, stream: { state: "running" }, streamError: stalled }, {
    status: "online",
  }],
  ["open after a failed opening", { ...open, openError: unplugged }, { status: "online" }],
  ["being opened", closed, { status: "connecting", reason: "Opening the device" }],
  ["could not be opened", { ...closed, openError: unplugged, nextOpenAtMs: 9 }, {
    status: "offline",
    reason: "unplugged",
    hint: "plug it in",
    nextTryAtMs: 9,
  }],
  ["open, a part is locked, nobody looks", { ...open, impairment: locked }, lockedStatus],
  [
    "open, a part is locked, but pictures come",
    { ...open, impairment: locked, stream: { state: "running" } },
    lockedStatus,
  ],
  ["open, a part waits for a person", { ...open, impairment: forPerson }, {
    status: "auth_required",
    reason: "wrong password",
  }],
  ["open, a part is locked and the stream waits", { ...open, impairment: locked, stream: waiting }, {
    status: "offline",
    reason: "no picture",
    nextTryAtMs: 5,
  }],
  ["open, the stream waits for a person", {
    ...open,
    stream: { state: "waiting", error: forPerson },
  }, { status: "auth_required", reason: "wrong password" }],
  ["closed, a part was locked", { ...closed, impairment: locked, openError: unplugged }, {
    status: "offline",
    reason: "unplugged",
    hint: "plug it in",
  }],
  ["closed while the stream waits", { ...closed, openError: unplugged, stream: waiting }, {
    status: "offline",
    reason: "unplugged",
    hint: "plug it in",
  }],
];
for (const [name, facts, expected] of TABLE) {
  Deno.test(`cameraStatus: ${name} is ${expected.status}`, () => assertEquals(cameraStatus(facts), expected));

  Deno.test(`cameraStatus: ${name}, but stopped by a user, is disabled`, () => {
    assertEquals(cameraStatus({ ...facts, enabled: false }).status, "disabled");
  });
}

const KINDS: Record<ErrorKind, CameraStatusName> = {
  unauthenticated: "auth_required",
  locked_out: "locked_out",
  unsupported: "unsupported",
  invalid_input: "unsupported",
  unavailable: "offline",
  timeout: "offline",
  forbidden: "offline",
  not_found: "offline",
  conflict: "offline",
  device_rejected: "offline",
  storage_full: "offline",
  internal: "offline",
};
for (const [kind, status] of Object.entries(KINDS) as [ErrorKind, CameraStatusName][]) {
  Deno.test(`cameraStatus: a fault of kind ${kind} is ${status}, of device and of stream`, () => {
    const error = new HubError(kind, "why");
    assertEquals(cameraStatus({ ...closed, openError: error }).status, status);
    assertEquals(cameraStatus({ ...open, stream: { ...waiting, error } }).status, status);
  });
}

const NUMBER: Setting = { name: "n", title: "N", kind: "number", min: 0, max: 100 };
const ENDLESS: Setting = { name: "n", title: "N", kind: "number" };
const SWITCH: Setting = { name: "b", title: "B", kind: "boolean" };
const ACTION: Setting = { name: "a", title: "A", kind: "action" };
const CHOICE: Setting = {
  name: "c",
  title: "C",
  kind: "choice",
  choices: [{ value: "1", title: "50 Hz" }, { value: "2", title: "Auto Mode" }],
};
const VALUES: [Setting, SettingValue, SettingValue | undefined][] = [
  [NUMBER, 0, 0],
  [NUMBER, 100, 100],
  [NUMBER, -1, undefined],
  [NUMBER, 101, undefined],
  [NUMBER, NaN, undefined],
  [NUMBER, Infinity, undefined],
  [NUMBER, "50", undefined],
  [NUMBER, true, undefined],
  [ENDLESS, -1e9, -1e9],
  [ENDLESS, Infinity, undefined],
  [SWITCH, true, true],
  [SWITCH, false, false],
  [SWITCH, 1, undefined],
  [SWITCH, "true", undefined],
  [CHOICE, "1", "1"],
  [CHOICE, 2, "2"],
  [CHOICE, "50 hz", "1"],
  [CHOICE, "AUTO MODE", "2"],
  [CHOICE, "3", undefined],
  [CHOICE, "", undefined],
  [CHOICE, true, undefined],
  [ACTION, false, true],
  [ACTION, "x", true],
];
for (const [setting, value, expected] of VALUES) {
  const outcome = expected === undefined ? "refused" : JSON.stringify(expected);
  Deno.test(`checkSettingValue: ${setting.kind} ${setting.min ?? ""} given ${JSON.stringify(value)} ${value} is ${outcome}`, () => {
    if (expected !== undefined) return assertEquals(checkSettingValue(setting, value), expected);
    const error = assertThrows(() => checkSettingValue(setting, value), HubError);
    assertEquals([error.kind, error.details?.setting, error.hint?.startsWith("Give ")], [
      "invalid_input",
      setting.name,
      true,
    ]);
  });
}

Deno.test("mergeOptions: what is given is laid over, null takes away, the rest stays", () => {
  const now = { a: 1, b: 2, c: 3 };
  assertEquals(mergeOptions(now, { b: 5, c: null, d: 0, e: false, gone: null }), {
    a: 1,
    b: 5,
    d: 0,
    e: false,
  });
  assertEquals(now, { a: 1, b: 2, c: 3 });
});

Deno.test("isSame: the order of options does not matter, their values do", () => {
  assertEquals(isSame({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 }), true);
  for (const other of [{ a: 1 }, { a: 1, b: [2, 1] }, { a: "1", b: [1, 2] }, { a: 1, b: [1, 2], c: 0 }]) {
    assertEquals(isSame({ a: 1, b: [1, 2] }, other), false);
  }
});
