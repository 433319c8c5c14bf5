// What a hub tells of the cameras behind it, without asking them.
import type { TapoCaller } from "./caller.ts";
import { parseComponents, type TapoComponents } from "./components.ts";
import { parseDeviceInfo, type TapoDeviceInfo } from "./device.ts";
import { asNumber, asOnOff, asRows, asText, type TapoObject } from "./values.ts";

/** What the hub knows of a child without asking it. */
export interface ChildState {
  id: string;
  info: TapoDeviceInfo;
  isOnBattery: boolean;
  isOnline: boolean | undefined;
}

/** More children than a hub takes. */
const MAX_CHILDREN = 64;

/** Asks the hub for its children. */
export async function readChildren(hub: TapoCaller, signal: AbortSignal): Promise<ChildState[]> {
  const rows = await readPages(hub, { method: "getChildDeviceList", table: "child_device_list" }, signal);
  return rows.flatMap((row) => {
    const id = asText(row["device_id"]);
    return id === undefined ? [] : [toState(id, row)];
  });
}

/** Hubs tell of some ten children at a time. */
async function readPages(
  hub: TapoCaller,
  { method, table }: { method: string; table: string },
  signal: AbortSignal,
): Promise<TapoObject[]> {
  const rows: TapoObject[] = [];
  while (rows.length < MAX_CHILDREN) {
    const result = await hub.request(method, { childControl: { start_index: rows.length } }, signal);
    const page = asRows(result[table]);
    rows.push(...page);
    if (page.length === 0 || rows.length >= (asNumber(result["sum"]) ?? 0)) break;
  }
  return rows;
}

function toState(id: string, row: TapoObject): ChildState {
  return {
    id,
    info: parseDeviceInfo(row),
    isOnBattery: asText(row["power"])?.toUpperCase() === "BATTERY",
    isOnline: typeof row["online"] === "boolean" ? row["online"] : asOnOff(row["online"]),
  };
}

/** Asks the hub what a child can do. */
export async function readChildComponents(
  hub: TapoCaller,
  id: string,
  signal: AbortSignal,
): Promise<TapoComponents> {
  const question = { method: "getChildDeviceComponentList", table: "child_component_list" };
  const rows = await readPages(hub, question, signal);
  const row = rows.find((each) => asText(each["device_id"]) === id);
  return parseComponents(row?.["component_list"]);
}
