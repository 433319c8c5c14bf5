// What Grafana loads: the panel and the editor of its options.
import { type OptionsBuilder, type OptionsContext, PanelPlugin, type SelectableValue } from "@grafana/data";
import { getDataSourceSrv } from "@grafana/runtime";
import { cameraPanel } from "./camera_panel.ts";
import { askHub, dataSourceOf, INFINITY } from "./hub_query.ts";
import { DEFAULTS, type PanelOptions } from "./options.ts";
import { StreamSlots } from "./stream_slots.ts";

export const plugin = new PanelPlugin<PanelOptions>(cameraPanel(new StreamSlots())).setPanelOptions(
  buildOptions,
);

function buildOptions(builder: OptionsBuilder<PanelOptions>): void {
  addSource(builder);
  addLook(builder);
}

function addSource(builder: OptionsBuilder<PanelOptions>): void {
  builder
    .addSelect({
      path: "datasourceUid",
      name: "Data source",
      description: "The Infinity data source with the hub's address and token; empty: the first one",
      defaultValue: DEFAULTS.datasourceUid,
      settings: {
        options: [],
        allowCustomValue: true,
        isClearable: true,
        getOptions: () =>
          Promise.resolve(
            getDataSourceSrv().getList({ type: INFINITY }).map(({ uid, name }) => ({
              value: uid,
              label: name,
            })),
          ),
      },
    })
    .addSelect({
      path: "cameraId",
      name: "Camera",
      description: "One of the hub's, or a variable such as $camera",
      defaultValue: DEFAULTS.cameraId,
      settings: { options: [], allowCustomValue: true, getOptions: cameras },
    })
    .addTextInput({
      path: "hubUrl",
      name: "Hub as browsers reach it",
      description: "Such as http://192.168.1.5:7777; empty: as the hub itself says",
      defaultValue: DEFAULTS.hubUrl,
      settings: { placeholder: "http://192.168.1.5:7777" },
    });
}

function addLook(builder: OptionsBuilder<PanelOptions>): void {
  builder
    .addRadio<PanelOptions["mode"]>({
      path: "mode",
      name: "Picture",
      defaultValue: DEFAULTS.mode,
      settings: {
        options: [{ value: "live", label: "Live" }, { value: "snapshots", label: "Every few seconds" }],
      },
    })
    .addNumberInput({
      path: "snapshotSeconds",
      name: "Seconds between pictures",
      description: "Also where the live picture does not come",
      defaultValue: DEFAULTS.snapshotSeconds,
      settings: { min: 1, max: 3600, integer: true },
    })
    .addRadio<PanelOptions["fit"]>({
      path: "fit",
      name: "Fit",
      defaultValue: DEFAULTS.fit,
      settings: {
        options: [
          { value: "contain", label: "Whole" },
          { value: "cover", label: "Fill, cut" },
          { value: "fill", label: "Stretch" },
        ],
      },
    })
    .addBooleanSwitch({ path: "showName", name: "Show the name", defaultValue: DEFAULTS.showName })
    .addBooleanSwitch({
      path: "showPtz",
      name: "Show PTZ pad",
      description: "Where the camera can move and the data source's token has the role operator",
      defaultValue: DEFAULTS.showPtz,
    });
}

/** The hub's cameras, for the list; where it cannot be asked, an id can be typed all the same. */
async function cameras({ options, replaceVariables }: OptionsContext): Promise<SelectableValue<string>[]> {
  const uid = (options as Partial<PanelOptions> | undefined)?.datasourceUid ?? "";
  const asked = { path: "/api/cameras", root: "cameras", columns: { id: "string", name: "string" } } as const;
  const variable = { value: "$camera", label: "$camera (variable)" };
  try {
    const rows = await askHub(dataSourceOf(replaceVariables?.(uid) ?? uid), asked);
    return [variable, ...rows.map(({ id, name }) => ({ value: String(id), label: `${name} (${id})` }))];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [{ ...variable, description: `The cameras could not be listed: ${why}` }];
  }
}
