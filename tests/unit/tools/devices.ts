// A driver whose devices exist only in the test: they come, go and refuse when the test says so.
import { z } from "zod";
import { Changes } from "../../../src/base/changes.ts";
import { HubError } from "../../../src/base/errors.ts";
import { Logger } from "../../../src/base/log.ts";
import { aborted } from "../../../src/base/scope.ts";
import { type CameraRules, cameraRulesSchema } from "../../../src/config/camera_rules.ts";
import { CameraCatalog } from "../../../src/devices/catalog.ts";
import type { Capabilities, Device } from "../../../src/devices/device.ts";
import type { Discovered, Driver, DriverContext } from "../../../src/devices/driver.ts";
import { LoginTurns } from "../../../src/devices/login_turns.ts";
import { SessionSlots } from "../../../src/devices/session_slots.ts";
import { Shared } from "../../../src/devices/shared.ts";
import { VolatileMemory } from "../../../src/devices/memory.ts";
import { NetworkGuard } from "../../../src/base/network.ts";
import { type Companion, DeviceManager } from "../../../src/devices/manager.ts";
import { CamerasTable } from "../../../src/store/cameras_table.ts";
import { Database } from "../../../src/store/database.ts";
import { bench } from "./processes.ts";

/** A driver of type `toy`, and the strings by which the test moves its devices. */
export function toyDriver(change: Partial<Driver> = {}) {
  const log: string[] = [];
  const lost = new Map<string, (error: HubError) => void>();
  const toys = {
    log,
    /** While set, opening fails with it. */
    refusal: undefined as HubError | undefined,
    /** While set, opening waits until it resolves or the camera gives up. */
    gate: undefined as Promise<void> | undefined,
    capabilities: {} as Capabilities,
    found: [] as Discovered[],
    /** Takes an open device away from the camera of that id. */
    lose: (cameraId: string, error = new HubError("unavailable", "pulled out")) =>
      lost.get(cameraId)?.(error),
    driver: undefined as unknown as Driver,
  };
  toys.driver = {
    id: "toy",
    title: "Toy camera",
    summary: "Of the test",
    options: z.strictObject({
      device: z.string().optional(),
      fps: z.int().min(1).max(60).default(10).meta({ title: "Rate" }),
      format: z.enum(["auto", "raw"]).default("auto"),
    }),
    open: async (options, { cameraId }, signal) => {
      log.push(`open ${cameraId}`);
      if (toys.gate) await Promise.race([toys.gate, aborted(signal)]);
      signal.throwIfAborted();
      if (toys.refusal) throw toys.refusal;
      const device: Device = {
        info: { model: `toy ${JSON.stringify(options)}` },
        capabilities: toys.capabilities,
        run: async (own) => {
          const pulled = Promise.withResolvers<never>();
          pulled.promise.catch(() => {/* the race tells */});
          lost.set(cameraId, pulled.reject);
          try {
            await Promise.race([aborted(own), pulled.promise]);
          } finally {
            log.push(`close ${cameraId}`);
          }
        },
      };
      return device;
    },
    discover: () => Promise.resolve(toys.found),
    identify: (options) => Promise.resolve(String(options.device ?? "")),
    plugAndPlay: true,
    ...change,
  };
  return toys;
}

/** The rules of cameras for which nobody has set any. */
export function noRules(): { of(): CameraRules; changes: Changes } {
  const rules = cameraRulesSchema.parse({});
  return { of: () => rules, changes: new Changes() };
}

/** A found toy. */
export function foundToy(device: string, suggestedId = device): Discovered {
  return {
    title: `Toy ${device}`,
    suggestedId,
    options: { device },
    identity: device,
    details: { bus: "1" },
  };
}

/** Manager, catalog and database around drivers; what runs is stopped at the end. */
export async function withHouse(
  drivers: readonly Driver[],
  work: (house: House) => Promise<void>,
  companion: Companion = (_, signal) => aborted(signal),
): Promise<void> {
  const database = await Database.open(":memory:");
  const stop = new AbortController();
  const { clock, launcher } = bench();
  const lines: string[] = [];
  const context = {
    clock,
    launcher,
    log: new Logger((line) => lines.push(line), "debug"),
    network: new NetworkGuard([]),
    memory: new VolatileMemory(),
    logins: new LoginTurns(clock),
    slots: new SessionSlots(),
    shared: new Shared(),
  };
  const manager = new DeviceManager({ drivers, context, companion });
  const table = new CamerasTable(database, clock);
  const catalog = () => new CameraCatalog({ manager, table, context });
  const running = manager.run(stop.signal);
  try {
    await work({
      clock,
      launcher,
      manager,
      table,
      database,
      context,
      lines,
      catalog: catalog(),
      newCatalog: catalog,
    });
  } finally {
    stop.abort();
    await running;
    await database.close();
  }
}

export interface House {
  clock: ReturnType<typeof bench>["clock"];
  launcher: ReturnType<typeof bench>["launcher"];
  manager: DeviceManager;
  table: CamerasTable;
  database: Database;
  context: DriverContext & { clock: House["clock"] };
  lines: string[];
  catalog: CameraCatalog;
  /** A catalog as after a restart: it remembers only what the database holds. */
  newCatalog: () => CameraCatalog;
}
