// The SD card in a camera or hub.
import type { TapoCaller } from "./caller.ts";
import { asEpochSeconds, asNumber, asOnOff, asRows, asText, at, known } from "./values.ts";

/** An SD card, or the slot for one. */
export interface TapoCard {
  /** The slot's number. */
  slot: string;
  /** `normal` when it works, `offline` without a card, `unformatted`, `insufficient` and others. */
  status?: string;
  /** Absent without a card. */
  totalBytes?: number;
  /** Always small with loop recording. Absent without a card. */
  freeBytes?: number;
  /** As the camera gives it. It is no filling level: full and nearly empty cards say 100 alike. */
  percent?: number;
  isWritable?: boolean;
  /** Whether the card is full and the oldest recordings are being overwritten; the switch is `loop_recording`. */
  isOverwriting?: boolean;
  /** The oldest recording, seconds since 1970 by the camera's clock. */
  oldestEpochSeconds?: number;
}

/** Lists the slots for SD cards. */
export async function listCards(caller: TapoCaller, signal: AbortSignal): Promise<TapoCard[]> {
  const result = await caller.request("getSdCardStatus", { harddisk_manage: { table: ["hd_info"] } }, signal);
  return asRows(at(result, "harddisk_manage", "hd_info")).map(parseCard);
}

/** Reads one `hd_info` entry. */
export function parseCard(row: Record<string, unknown>): TapoCard {
  const size = (name: string) => parseBytes(row[`${name}_accurate`]) ?? parseBytes(row[name]);
  const totalBytes = size("total_space");
  const hasCard = totalBytes !== undefined && totalBytes > 0;
  return known({
    slot: asText(row["disk_name"]) ?? "1",
    status: asText(row["status"]) ?? asText(row["detect_status"]),
    totalBytes: hasCard ? totalBytes : undefined,
    freeBytes: hasCard ? size("free_space") : undefined,
    percent: hasCard ? asNumber(row["percent"]) : undefined,
    isWritable: asWritable(row),
    isOverwriting: asOnOff(row["loop_record_status"]),
    oldestEpochSeconds: asEpochSeconds(row["record_start_time"]),
  });
}

function asWritable(row: Record<string, unknown>): boolean | undefined {
  const access = asText(row["rw_attr"]);
  if (access === undefined) return undefined;
  return access.includes("w") && asOnOff(row["write_protect"]) !== true;
}

const UNITS = ["B", "KB", "MB", "GB", "TB"];

/** A size such as `29.7GB` or `121601261568B` in bytes; the units are powers of 1024. */
export function parseBytes(value: unknown): number | undefined {
  const [, number, unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([KMGT]?B)\s*$/i.exec(asText(value) ?? "") ?? [];
  if (number === undefined) return undefined;
  return Math.round(Number(number) * 1024 ** UNITS.indexOf(unit.toUpperCase()));
}

/** Erases the card in a slot and makes it usable. @throws HubError `not_found` without a card. */
export async function formatCard(caller: TapoCaller, slot: string, signal: AbortSignal): Promise<void> {
  await caller.request("formatSdCard", { harddisk_manage: { format_hd: slot } }, signal);
}
