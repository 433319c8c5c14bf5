// What the hub says of a camera, with addresses of its pictures that this browser may open for some minutes.
import { askHub, dataSourceOf } from "./hub_query.ts";
import { PanelError } from "./panel_error.ts";

/** A camera as the panel needs it. */
export interface View {
  cameraId: string;
  name: string;
  status: string;
  /** Why it is not online. */
  reason: string | undefined;
  /** Since when it is as it is; it changes when the camera went away and came back. */
  since: string;
  streamUrl: string;
  snapshotUrl: string;
  /** The hub as browsers reach it. */
  hubUrl: string;
  expiresAtMs: number;
  /** Sent to move the camera; undefined where that is not allowed. */
  ticket: string | undefined;
}

/** Whom to ask for which camera, with variables already replaced. */
export interface ViewQuestion {
  cameraId: string;
  datasourceUid: string;
  hubUrl: string;
  showPtz: boolean;
}

const COLUMNS = {
  camera_id: "string",
  name: "string",
  status: "string",
  reason: "string",
  since: "string",
  stream_url: "string",
  snapshot_url: "string",
  expires_at: "string",
  control_ticket: "string",
} as const;

/** Asks for a view. @throws PanelError. */
export async function askView({ cameraId, datasourceUid, hubUrl, showPtz }: ViewQuestion): Promise<View> {
  if (cameraId === "" || cameraId.startsWith("$")) {
    throw new PanelError("No camera is chosen", "Choose one in the panel's options, or give $camera a value");
  }
  const control = showPtz ? "?control=true" : "";
  const path = `/api/cameras/${encodeURIComponent(cameraId)}/view-link${control}`;
  const [row] = await askHub(dataSourceOf(datasourceUid), { path, root: "", columns: COLUMNS });
  const text = (name: keyof typeof COLUMNS) => optional(row?.[name]);
  const [streamUrl, snapshotUrl] = [text("stream_url"), text("snapshot_url")];
  if (streamUrl === undefined || snapshotUrl === undefined) {
    throw new PanelError(
      "The data source gave no address of the camera",
      "Its URL must be the hub's, such as http://192.168.1.5:7777; older hubs have no view links",
    );
  }
  const base = baseOf(hubUrl, streamUrl);
  return {
    cameraId,
    name: text("name") ?? cameraId,
    status: text("status") ?? "offline",
    reason: text("reason"),
    since: text("since") ?? "",
    streamUrl: rebased(streamUrl, base),
    snapshotUrl: rebased(snapshotUrl, base),
    hubUrl: base,
    expiresAtMs: Date.parse(text("expires_at") ?? ""),
    ticket: text("control_ticket"),
  };
}

function optional(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function baseOf(hubUrl: string, shown: string): string {
  if (hubUrl === "") return new URL(shown).origin;
  if (/^https?:\/\/[^/]/.test(hubUrl)) return hubUrl.replace(/\/+$/, "");
  throw new PanelError(
    `The hub's address cannot be "${hubUrl}"`,
    "Give one such as http://192.168.1.5:7777 in the panel's options, or leave it empty",
  );
}

function rebased(url: string, base: string): string {
  const { pathname, search } = new URL(url);
  return base + pathname + search;
}
