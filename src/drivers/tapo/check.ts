// Tries both accounts of a Tapo camera before it is added, each once.
import { toHubError } from "../../base/errors.ts";
import { LinkedSignal } from "../../base/linked_signal.ts";
import type { AccountCheck, CameraContext, DriverContext } from "../../devices/driver.ts";
import { assertReachable } from "../../devices/reachable.ts";
import { checkResult, checkStream } from "../../devices/stream_check.ts";
import { hasFeature, readComponents } from "../../protocols/tapo/components.ts";
import { readDeviceInfo } from "../../protocols/tapo/device.ts";
import { cameraGuard, connectTapo } from "./connection.ts";
import type { TapoOptions } from "./options.ts";
import { tapoVideo } from "./streams.ts";

type Context = DriverContext & Pick<CameraContext, "isAsked">;

/** Somebody waits for the answer. */
const CONTROL_DEADLINE_MS = 10_000;
const NO_ACCOUNT =
  "Without it there is no picture: make one in the Tapo app (camera → settings → advanced → Camera Account)";

/** What trying the accounts showed; without one of them the camera works in part. @throws AbortError only. */
export async function checkTapo(
  options: TapoOptions,
  driverContext: DriverContext,
  signal: AbortSignal,
): Promise<AccountCheck[]> {
  const context: Context = { ...driverContext, isAsked: true };
  const { check, hasStream } = await checkControl(options, context, signal);
  // Who is not there for the one is not there for the other.
  if (!hasStream || check.state === "unreachable") return [check];
  const video = tapoVideo(options, "check", { context, guard: cameraGuard(options, context), sizes: {} });
  if (video) return [check, await checkStream(video, context, signal)];
  const missing = { state: "missing" as const, message: "No camera account was given", hint: NO_ACCOUNT };
  return [check, { account: "stream", title: "Picture", ...missing }];
}

async function checkControl(
  options: TapoOptions,
  context: Context,
  signal: AbortSignal,
): Promise<{ check: AccountCheck; hasStream: boolean }> {
  const base = { account: "control", title: "Control" };
  const isChild = options.child_id !== undefined;
  using patience = new LinkedSignal(signal, AbortSignal.timeout(CONTROL_DEADLINE_MS));
  try {
    const address = await context.network.resolve(options.host, patience.signal);
    await assertReachable({ address, port: options.port }, patience.signal);
    const { said, hasStream } = await askControl(options, address, { context, signal: patience.signal });
    return { check: { ...base, ...said }, hasStream: hasStream && !isChild };
  } catch (error) {
    signal.throwIfAborted();
    const told = patience.signal.aborted
      ? { state: "unreachable" as const, message: "The camera did not answer in time" }
      : checkResult(toHubError(error));
    return { check: { ...base, ...told }, hasStream: !isChild };
  }
}

async function askControl(
  options: TapoOptions,
  address: string,
  { context, signal }: { context: Context; signal: AbortSignal },
): Promise<{ said: Pick<AccountCheck, "state" | "message" | "hint">; hasStream: boolean }> {
  const connection = connectTapo(options, address, { ...context, isTrial: true });
  if (!connection) {
    const hint = "Without it the camera cannot be moved or switched";
    return { said: { state: "missing", message: "No TP-Link password was given", hint }, hasStream: true };
  }
  try {
    const { model, name, type } = await readDeviceInfo(connection.session, signal);
    const message = `${model ?? "Tapo"}${name ? ` "${name}"` : ""} answered`;
    const isOnBattery = hasFeature(await readComponents(connection.session, signal), "battery");
    return { said: { state: "ok", message }, hasStream: !/HUB/i.test(type ?? "") && !isOnBattery };
  } finally {
    connection.close();
  }
}
