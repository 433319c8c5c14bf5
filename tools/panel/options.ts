// What is set for a panel, as it stands in a dashboard's JSON below `options`.

/** Options of a panel of the type `tapo-camera-panel`. */
export interface PanelOptions {
  /** Id of the camera at the hub, or a variable such as `$camera`. */
  cameraId: string;
  /** `live`: moving pictures (MJPEG); `snapshots`: one picture every `snapshotSeconds`. */
  mode: "live" | "snapshots";
  /** As in CSS's `object-fit`. */
  fit: "contain" | "cover" | "fill";
  showName: boolean;
  /** Shows the pad where the hub lets the data source's token move the camera. */
  showPtz: boolean;
  /** 1…3600. */
  snapshotSeconds: number;
  /** Uid of the Infinity data source that knows the hub and its token, or a variable; empty: the first one there is. */
  datasourceUid: string;
  /** Where browsers reach the hub, such as `http://192.168.1.5:7777`; empty: as the hub itself says. */
  hubUrl: string;
}

export const DEFAULTS: PanelOptions = {
  cameraId: "$camera",
  mode: "live",
  fit: "contain",
  showName: true,
  showPtz: false,
  snapshotSeconds: 5,
  datasourceUid: "",
  hubUrl: "",
};
