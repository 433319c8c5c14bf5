// Tapo cameras and hubs: found on the network, tried with both accounts, opened with what they say they can do.
import { toHubError } from "../../base/errors.ts";
import type { AccountCheck, Driver, DriverContext } from "../../devices/driver.ts";
import { checkResult, checkStream } from "../../devices/stream_check.ts";
import { readDeviceInfo } from "../../protocols/tapo/device.ts";
import { cameraGuard, connectTapo } from "./connection.ts";
import { discoverTapo } from "./discover.ts";
import { openTapo } from "./open.ts";
import { TAPO_SECRETS, type TapoOptions, tapoOptions } from "./options.ts";
import { tapoVideo } from "./streams.ts";

/** The driver of type `tapo`. */
export const tapoDriver: Driver = {
  id: "tapo",
  title: "Tapo camera",
  summary: "Tapo cameras and doorbells of TP-Link: picture, moving, privacy, settings, events",
  options: tapoOptions,
  secrets: TAPO_SECRETS,
  identify: (options) => {
    const { host, port, lens, child_id } = options;
    return Promise.resolve(
      `${String(host).toLowerCase()}:${port ?? 443} ${lens ?? "main"} ${child_id ?? ""}`.trim(),
    );
  },
  addressOf: (options) => String(options.host).toLowerCase(),
  discover: discoverTapo,
  check: (raw, context, signal) => checkAccounts(tapoOptions.parse(raw), context, signal),
  open: (raw, context, signal) => openTapo(tapoOptions.parse(raw), context, signal),
};

/** Each account is tried once; without one of them the camera works in part. */
async function checkAccounts(
  options: TapoOptions,
  driverContext: DriverContext,
  signal: AbortSignal,
): Promise<AccountCheck[]> {
  const context = { ...driverContext, isAsked: true };
  const guard = cameraGuard(options, context);
  const video = tapoVideo(options, "check", { context, guard, sizes: {} });
  return [
    await checkControl(options, context, signal),
    video && options.child_id === undefined ? await checkStream(video, context, signal) : {
      account: "stream",
      title: "Picture",
      state: "missing",
      message: "No camera account was given",
      hint: ACCOUNT,
    },
  ];
}

const ACCOUNT =
  "Without it there is no picture: make one in the Tapo app (camera → settings → advanced → Camera Account)";

async function checkControl(
  options: TapoOptions,
  context: DriverContext & { isAsked: boolean },
  signal: AbortSignal,
): Promise<AccountCheck> {
  const check = { account: "control", title: "Control" };
  try {
    const address = await context.network.resolve(options.host, signal);
    const connection = connectTapo(options, address, context);
    if (!connection) {
      return {
        ...check,
        state: "missing",
        message: "No TP-Link password was given",
        hint: "Without it the camera cannot be moved or switched",
      };
    }
    try {
      const { model, name } = await readDeviceInfo(connection.session, signal);
      return { ...check, state: "ok", message: `${model ?? "Tapo"}${name ? ` "${name}"` : ""} answered` };
    } finally {
      connection.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    return { ...check, ...checkResult(toHubError(error)) };
  }
}
