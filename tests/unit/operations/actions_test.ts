// What rules of alerts may have the hub do: which operations, checked with the file, and in whose name.
import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { isEnough } from "../../../src/auth/roles.ts";
import { HubError } from "../../../src/base/errors.ts";
import { ConfigError, parseConfig } from "../../../src/config/load.ts";
import { problemText } from "../../../src/config/problems.ts";
import { DRIVERS } from "../../../src/drivers/index.ts";
import { ACTIONS, checkAction, doAction } from "../../../src/operations/actions.ts";
import { OPERATIONS } from "../../../src/operations/index.ts";
import { until } from "../tools/processes.ts";
import { withGadgets } from "../tools/gadgets.ts";

const signal = new AbortController().signal;

Deno.test("[ALERTS-ACTION-KINDS] actions are operations of operators that destroy nothing; the siren alone wants a confirmation, and has it", () => {
  for (const [name, { always = {} }] of ACTIONS) {
    const operation = OPERATIONS.get(name);
    assert(operation && isEnough("operator", operation.role), name);
    assertEquals(operation.effect === "destructive", always["confirm"] === true, name);
    assertEquals(always["confirm"] === true, name === "sound_siren", name);
    const fields = Object.keys(operation.input.shape);
    for (const field of Object.keys(always)) assert(fields.includes(field), `${name}.${field}`);
  }
  const refused = ["add_camera", "remove_camera", "update_camera", "reboot_camera", "format_camera_storage"];
  for (
    const name of [...refused, "reload_config", "set_privacy_zones", "test_alert_channel", "snooze_alerts"]
  ) {
    const [problem] = checkAction(name, { camera_id: "door" });
    assertStringIncludes(
      problem!.message,
      `"${name}" cannot be an action of a rule; expected one of sound_siren`,
    );
  }
});

const CAMERA = 'input: {camera_id: "{camera}"}';
const WRONG: [yaml: string, path: string, ...told: string[]][] = [
  [`operation: sound_sirn, ${CAMERA}`, "operation", "There is no operation", 'did you mean "sound_siren"?'],
  [`operation: reboot_camera, ${CAMERA}`, "operation", "cannot be an action of a rule"],
  ["operation: sound_siren", "input.camera_id", 'the id of one, or "{camera}"'],
  [
    'operation: start_recording, input: {camera_id: "{camera}", durations: 5}',
    "input.durations",
    "Unknown key",
  ],
  [
    'operation: start_recording, input: {camera_id: "{camera}", duration_s: long}',
    "input.duration_s",
    "expected number",
  ],
  ['operation: start_recording, input: {camera_id: "{camera}", wait: true}', "input.wait", "does not wait"],
  ['operation: stop_siren, input: {camera_id: "{camera}", dry_run: true}', "input.dry_run", "done for real"],
  ['operation: stop_siren, input: {camera_id: "{camara}"}', "input.camera_id", "Expected small letters"],
  [`operation: stop_siren, ${CAMERA}, on: over`, "on", '"firing", "resolved"'],
  [`operation: stop_siren, ${CAMERA}, max_age_s: 3600`, "max_age_s", "at most 600"],
  [`operation: stop_siren, ${CAMERA}, snapshot: true`, "snapshot", "Unknown key"],
];

Deno.test("[ALERTS-ACTION-CONFIG] a wrong action is told with its place, what was expected and what was meant", () => {
  const parse = (channel: string, more = "") =>
    parseConfig(`alerts:\n  channels:\n    - {id: x, type: operation, ${channel}}\n${more}`, DRIVERS, {
      checkAction,
    });
  for (const [yaml, path, ...told] of WRONG) {
    const { problems } = assertThrows(() => parse(yaml), ConfigError);
    const text = problems.map(problemText).join("\n");
    assertStringIncludes(text, `line 3: alerts.channels[0].${path}: `);
    for (const each of told) assertStringIncludes(text, each);
  }
  const rule = "  rules: [{id: r, when: {events: [person]}, channels: [x]}]\n";
  const { problems } = assertThrows(
    () => parse(`operation: stop_siren, ${CAMERA}, on: resolved`, rule),
    ConfigError,
  );
  assertStringIncludes(problemText(problems[0]!), "alerts.rules[0].channels[0]");
  assertStringIncludes(problemText(problems[0]!), "set resolve: true");
  const { alerts } = parse('operation: set_timer, input: {name: "Look at {camera}", duration_s: 60}');
  assertEquals(alerts.channels[0]?.type, "operation");
});

Deno.test("[ALERTS-ACTION-CONFIG] with no other input than a camera, or its own example, every action is accepted", () => {
  for (const name of ACTIONS.keys()) {
    const { isOfCamera, examples } = OPERATIONS.get(name)!;
    const { confirm: _confirm, wait: _wait, ...input } = examples[0]?.input ?? {};
    const given = isOfCamera ? { ...input, camera_id: "{camera}" } : input;
    assertEquals(checkAction(name, given), [], name);
  }
});

Deno.test("[ALERTS-ACTION-AUDIT] an action goes through the gate as an operator, and stands in the audit in the name of rule and channel", async () => {
  await withGadgets(async ({ hub, op, state }) => {
    const by = "rule:people/siren";
    await doAction(hub, { operation: "sound_siren", input: { camera_id: "a" }, by }, signal);
    assertEquals(state.siren, true);
    const missing = { operation: "stop_siren", input: { camera_id: "gone" }, by };
    assertEquals((await assertRejects(() => doAction(hub, missing, signal), HubError)).kind, "not_found");
    const refused = { operation: "remove_camera", input: { camera_id: "a" }, by };
    assertEquals((await assertRejects(() => doAction(hub, refused, signal), HubError)).kind, "forbidden");
    // deno-lint-ignore no-explicit-any -- entries of the answer
    let entries: any[] = [];
    await until(async () =>
      (entries = (await op("list_audit", { camera_id: undefined }))["entries"] as typeof entries).length === 2
    );
    assertEquals(entries.map(({ user, role, operation, outcome }) => [user, role, operation, outcome]), [
      [by, "operator", "stop_siren", "not_found"],
      [by, "operator", "sound_siren", "done"],
    ]);
  });
});
