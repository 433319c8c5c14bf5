// Adding a camera, and trying its accounts before anything is kept.
import { z } from "zod";
import { isoTime } from "../base/clock.ts";
import { HubError } from "../base/errors.ts";
import { carryOver, checkOptions } from "../devices/camera_input.ts";
import type { AccountCheck } from "../devices/driver.ts";
import { refuseSameAddress, refuseSameDevice } from "../devices/identities.ts";
import { idSchema } from "../config/schema.ts";
import { cameraView } from "./camera_views.ts";
import { write } from "./define.ts";
import type { Operation, OperationContext } from "./operation.ts";
import * as schemas from "./schemas.ts";
import type { AccountCheckView } from "./views.ts";

const text = z.string().max(500).optional();
const what = {
  type: z.string().meta({ description: "Type of camera, for example tapo, onvif, rtsp, webcam" }),
  host: text.meta({ description: "Address or name of the camera; the same as options.host" }),
  device: text.meta({ description: "Device path; the same as options.device" }),
  username: text.meta({ description: "Account for the picture; the same as options.username" }),
  password: text.meta({ description: "Its password; the same as options.password" }),
  cloud_password: text.meta({
    description: "Tapo: password of the TP-Link account; as options.cloud_password",
  }),
  stream_url: text.meta({ description: "Address of the stream; the same as options.stream_url" }),
  options: z.record(z.string(), z.unknown()).default({}).meta({
    description: "Options of the camera's type",
  }),
  options_of: idSchema.optional().meta({
    description: "Another camera of the same device whose options these complete, passwords included",
  }),
};
const checks = z.array(schemas.accountCheck);

const addCamera = write({
  name: "add_camera",
  title: "Add a camera",
  summary:
    "Tries the camera's accounts once, then adds it and opens it; it stays after a restart. A refused account " +
    "or a camera that does not answer adds nothing, unless force is true",
  guide: "discover_devices finds what can be added. A camera that locks its account after wrong passwords " +
    "counts each try: do not guess",
  toolset: "cameras",
  event: { kind: "config_change", what: "camera added" },
  role: "admin",
  input: z.object({
    id: idSchema.optional().meta({ description: "Otherwise made from the name" }),
    name: z.string().trim().min(1).max(100).optional().meta({ description: "Name shown to people" }),
    ...what,
    force: z.boolean().default(false).meta({ description: "Adds it without trying its accounts" }),
  }),
  output: z.object({
    success: schemas.success,
    camera: schemas.cameraBrief,
    checks: checks.optional(),
    verified: schemas.verified,
  }),
  http: { method: "POST", path: "/api/cameras", status: 201 },
  examples: [
    { title: "A webcam", input: { type: "webcam", name: "Desk", device: "/dev/video0" } },
    {
      title: "A network camera",
      input: { type: "rtsp", name: "Yard", stream_url: "rtsp://192.168.1.20/stream1" },
    },
  ],
  would: async (context, { id, name, force, ...given }) => {
    if (id !== undefined) context.hub.manager.refuseTaken(id);
    await refuseKnown(context, given.type, optionsOf(context, given), force);
    const shown = name ?? id ?? context.hub.manager.driver(given.type).title;
    return `Add "${shown}" as a camera of type ${given.type}${force ? "" : ", once its accounts were tried"}`;
  },
  run: async (context, { id, name, force, ...given }) => {
    const { hub } = context;
    if (id !== undefined) hub.manager.refuseTaken(id);
    const options = optionsOf(context, given);
    // Before its accounts are tried: a camera of the hub gets no logins for nothing.
    await refuseKnown(context, given.type, options, force);
    const tried = force ? undefined : await tryAccounts(context, given.type, options);
    const bad = tried?.find(({ state }) => !HARMLESS.has(state));
    if (tried && bad) throw notAdded(bad, tried);
    const camera = await hub.catalog.add({ id, name, type: given.type, options });
    const shown = tried && tried.length > 0 ? { checks: tried.map(checkView) } : {};
    return {
      success: true as const,
      camera: { ...cameraView(camera, hub) },
      ...shown,
      verified: "acknowledged" as const,
    };
  },
});

const checkCamera = write({
  name: "check_camera",
  title: "Try a camera's accounts",
  summary: "Tries each account of a camera once, without adding it, and tells what came of it",
  guide: "Sends each password once: a camera that locks its account counts it",
  toolset: "cameras",
  role: "admin",
  input: z.object(what),
  output: z.object({ success: schemas.success, checks, verified: schemas.verified }),
  examples: [
    { title: "A stream", input: { type: "rtsp", stream_url: "rtsp://192.168.1.20/stream1" } },
  ],
  would: (context, given) => {
    checkOptions(context.hub.manager.driver(given.type), optionsOf(context, given));
    return `Log in once with each account of a camera of type ${given.type}; a camera that locks counts it`;
  },
  run: async (context, given) => {
    const tried = await tryAccounts(context, given.type, optionsOf(context, given));
    return { success: true as const, checks: tried.map(checkView), verified: "acknowledged" as const };
  },
});

/** The options, however they were given. */
function optionsOf(
  { hub }: OperationContext,
  given: {
    type: string;
    options: Record<string, unknown>;
    options_of?: string | undefined;
    [short: string]: unknown;
  },
): Record<string, unknown> {
  const { type, options, options_of, ...shorts } = given;
  const named = Object.fromEntries(Object.entries(shorts).filter(([, value]) => value !== undefined));
  const all = { ...options, ...named };
  if (options_of === undefined) return carryOver(hub.manager.driver(type), {}, all);
  const parent = hub.manager.get(options_of);
  if (parent.spec.type !== type) {
    throw new HubError("invalid_input", `Camera "${options_of}" is of type ${parent.spec.type}, not ${type}`);
  }
  return carryOver(parent.driver, parent.spec.options, all);
}

async function refuseKnown(
  { hub: { manager } }: OperationContext,
  type: string,
  given: Record<string, unknown>,
  isForced: boolean,
): Promise<void> {
  const driver = manager.driver(type);
  const options = checkOptions(driver, given);
  await refuseSameDevice(manager, driver, options);
  if (!isForced) refuseSameAddress(manager, driver, options);
}

async function tryAccounts(
  { hub, signal }: OperationContext,
  type: string,
  options: Record<string, unknown>,
): Promise<AccountCheck[]> {
  const driver = hub.manager.driver(type);
  return await hub.catalog.checkAccounts(driver, checkOptions(driver, options), signal);
}

/** An account that was not given or not tried is no reason to leave the camera out. */
const HARMLESS: ReadonlySet<AccountCheck["state"]> = new Set(["ok", "missing", "not_tried"]);

const KINDS: Partial<Record<AccountCheck["state"], HubError["kind"]>> = {
  refused: "unauthenticated",
  locked_out: "locked_out",
  unreachable: "unavailable",
  failed: "device_rejected",
};

function notAdded(bad: AccountCheck, all: readonly AccountCheck[]): HubError {
  return new HubError(
    bad.isAddressRefused ? "forbidden" : KINDS[bad.state] ?? "internal",
    `The camera was not added. ${bad.title}: ${bad.message}`,
    {
      hint: bad.hint,
      details: { checks: all.map(checkView) },
      retryAtMs: bad.retryAtMs,
    },
  );
}

function checkView({ retryAtMs, isAddressRefused: _, ...check }: AccountCheck): AccountCheckView {
  const isLater = retryAtMs !== undefined && Number.isFinite(retryAtMs);
  return { ...check, ...(isLater ? { retry_at: isoTime(retryAtMs) } : {}) };
}

export const ADD_CAMERA_OPERATIONS: readonly Operation[] = [addCamera, checkCamera];
