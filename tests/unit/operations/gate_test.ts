// What the gate does beside checking: roles, previews, the one camera, deadlines, secrets, and what it takes down.
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { z } from "zod";
import type { Role } from "../../../src/auth/roles.ts";
import { HubError } from "../../../src/base/errors.ts";
import type { AuditEntry } from "../../../src/operations/audit_log.ts";
import { read, readOfCamera, write, writeOfCamera } from "../../../src/operations/define.ts";
import type { Hub } from "../../../src/operations/hub.ts";
import { invoke } from "../../../src/operations/invoke.ts";
import type { OperationContext } from "../../../src/operations/operation.ts";
import * as schemas from "../../../src/operations/schemas.ts";

const words = { name: "paint_door", title: "Paint", summary: "Paints the door", toolset: "system" } as const;

/** A door that can be painted, the hub it is in, and what was done. */
function bench(cameras: readonly string[] = ["door"]) {
  const done: unknown[] = [];
  const audited: AuditEntry[] = [];
  const hub = {
    manager: { cameras: cameras.map((id) => ({ id })) },
    audit: (entry: AuditEntry) => audited.push(entry),
  } as unknown as Hub;
  const as = (role: Role): OperationContext => ({
    hub,
    principal: { user: "ann", role },
    signal: new AbortController().signal,
    report: () => {},
  });
  const paint = writeOfCamera({
    ...words,
    input: z.object({ colour: z.string() }),
    output: schemas.done,
    would: (_, { camera_id, colour }) => {
      if (colour === "none") throw new HubError("unsupported", "no such colour");
      return `Paint ${camera_id} ${colour}`;
    },
    run: (_, input) => {
      done.push(input);
      return Promise.resolve({
        success: true as const,
        camera_id: input.camera_id,
        verified: "readback" as const,
      });
    },
  });
  return { done, audited, as, paint, burn: { ...paint, effect: "destructive" as const } };
}

/** `burn` is `paint` with another effect: its input takes `confirm` as the builder would have it. */
const withConfirm = <T extends { input: z.ZodObject }>(operation: T): T => ({
  ...operation,
  input: operation.input.extend({ confirm: z.boolean().default(false) }),
});

Deno.test("invoke: who lacks the role is refused before the input is looked at", async () => {
  const { as, paint, done } = bench();
  const error = await assertRejects(() => invoke(paint, as("viewer"), { nonsense: 1 }), HubError);
  assertEquals([error.kind, error.message, error.details], [
    "forbidden",
    "ann may not do this: Paint",
    { needs_role: "operator" },
  ]);
  for (const role of ["operator", "admin"] as const) await invoke(paint, as(role), { colour: "red" });
  assertEquals(done.length, 2);
});

Deno.test("invoke: a dry run checks and says what would be done; nothing is done or taken down", async () => {
  const { as, paint, done, audited } = bench();
  assertEquals(await invoke(paint, as("admin"), { colour: "red", dry_run: true }), {
    success: true,
    camera_id: "door",
    would: "Paint door red",
    dry_run: true,
    verified: "unverified",
  });
  const refusal = () => invoke(paint, as("admin"), { colour: "none", dry_run: true });
  assertEquals((await assertRejects(refusal, HubError)).kind, "unsupported");
  assertEquals([done, audited], [[], []]);
});

Deno.test("invoke: what destroys needs confirm, and neither it nor dry_run reaches the operation", async () => {
  const { as, burn, done, audited } = bench();
  const operation = withConfirm(burn);
  for (const extra of [{}, { confirm: false }]) {
    assertEquals(await invoke(operation, as("admin"), { colour: "red", ...extra }), {
      success: false,
      camera_id: "door",
      would: "Paint door red",
      needs: "confirm",
      verified: "unverified",
    });
  }
  assertEquals((await invoke(operation, as("admin"), { colour: "red", confirm: true }))["success"], true);
  assertEquals(done, [{ camera_id: "door", colour: "red" }]);
  assertEquals(audited.length, 1);
});

Deno.test("invoke: camera_id may be left out with one camera; otherwise the cameras are named", async () => {
  const without = async (cameras: string[]) => {
    const { as, paint } = bench(cameras);
    return (await assertRejects(() => invoke(paint, as("admin"), { colour: "red" }), HubError)).message;
  };
  assertEquals(
    await without([]),
    "camera_id: There is no camera yet; expected a camera; add one with add_camera",
  );
  assertEquals(await without(["a", "b"]), "camera_id: Which camera is meant; expected one of a, b");
  const { as, paint } = bench(["a", "b"]);
  const odd = () => invoke(paint, as("admin"), { camera_id: "Front door", colour: "red" });
  const { message } = await assertRejects(odd, HubError);
  assert(message.endsWith("; expected one of a, b"), message);
  const painted = await invoke(paint, as("admin"), { camera_id: "b", colour: "red" });
  assertEquals(painted["camera_id"], "b");
});

Deno.test("invoke: takes down what was done and what failed, never what was only looked at", async () => {
  const { as, paint, audited } = bench();
  await invoke(paint, as("admin"), { colour: "red" });
  const failure = new HubError("device_rejected", "no paint");
  const failing = { ...paint, run: () => Promise.reject(failure) };
  await assertRejects(() => invoke(failing, as("admin"), { colour: "blue" }), HubError);
  const look = readOfCamera({
    ...words,
    input: z.object({}),
    output: z.object({ success: schemas.success }),
    run: () => Promise.resolve({ success: true as const }),
  });
  await invoke(look, as("viewer"), {});
  assertEquals(audited.map(({ input, output, error }) => [input, output?.["verified"], error]), [
    [{ camera_id: "door", colour: "red" }, "readback", undefined],
    [{ camera_id: "door", colour: "blue" }, undefined, failure],
  ]);
});

Deno.test("invoke: what takes too long is aborted and told as such", async () => {
  const { as, paint, audited } = bench();
  let isAborted = false;
  const slow = {
    ...paint,
    deadlineMs: 20,
    run: ({ signal }: OperationContext) =>
      new Promise((_, reject) =>
        signal.addEventListener("abort", () => {
          isAborted = true;
          reject(signal.reason);
        })
      ),
  };
  const error = await assertRejects(() => invoke(slow, as("admin"), { colour: "red" }), HubError);
  assertEquals([error.kind, error.message], ["timeout", "paint_door took longer than 0.02 s"]);
  assert(isAborted);
  assertEquals(audited[0]?.error?.kind, "timeout");
});

Deno.test("invoke: secrets in an answer are blanked", async () => {
  const { as } = bench();
  const leak = read({
    ...words,
    input: z.object({}),
    output: z.object({ success: schemas.success, password: z.string(), url: z.string() }),
    run: () => Promise.resolve({ success: true as const, password: "hunter2", url: "rtsp://a:hunter2@h/" }),
  });
  assertEquals(await invoke(leak, as("viewer"), {}), {
    success: true,
    password: "[secret]",
    url: "rtsp://[secret]@h/",
  });
});

Deno.test("write: an operation cannot declare what the gate adds", () => {
  for (const field of ["dry_run", "confirm"]) {
    const define = () =>
      write({
        ...words,
        input: z.object({ [field]: z.boolean() }),
        output: z.object({ success: schemas.success, verified: schemas.verified }),
        would: () => "",
        run: () => Promise.resolve({ success: true as const, verified: "acknowledged" as const }),
      });
    assertEquals(assertThrows(define, HubError).kind, "internal");
  }
});

Deno.test("invoke: a caller that may change nothing is refused every change, also a read that leaves something", async () => {
  const { as, paint, done, audited } = bench();
  const look = readOfCamera({
    ...words,
    input: z.object({ save: z.boolean().default(false) }),
    output: z.object({ success: schemas.success }),
    leaves: { what: "keep pictures", role: "operator", isAsked: ({ save }) => save },
    run: () => Promise.resolve({ success: true as const }),
  });
  const readOnly = { ...as("admin"), isReadOnly: true };
  for (const [operation, input] of [[paint, { colour: "red" }], [look, { save: true }]] as const) {
    const error = await assertRejects(() => invoke(operation, readOnly, input), HubError);
    assertEquals(error.kind, "forbidden");
  }
  assertEquals([done, audited], [[], []]);
  assertEquals(await invoke(look, readOnly, {}), { success: true });
  assertEquals(audited, []);
  const viewer = await assertRejects(() => invoke(look, as("viewer"), { save: true }), HubError);
  assertEquals([viewer.kind, viewer.details], ["forbidden", { needs_role: "operator" }]);
  assertEquals(viewer.message.endsWith("may not keep pictures"), true, viewer.message);
  assertEquals(await invoke(look, as("viewer"), {}), { success: true });
  assertEquals(audited, []);
  await invoke(look, as("operator"), { save: true });
  assertEquals(audited.map(({ input }) => input), [{ camera_id: "door", save: true }]);
});

Deno.test("invoke: a preview shows no secret either", async () => {
  const { as, paint } = bench();
  const would = () => "Open rtsp://ann:hunter2@10.0.0.1/x";
  const answer = await invoke({ ...paint, would }, as("admin"), { colour: "red", dry_run: true });
  assertEquals(answer["would"], "Open rtsp://[secret]@10.0.0.1/x");
});
