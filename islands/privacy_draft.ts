// A camera's privacy zones as they are edited. Pure.
import type { PrivacyView } from "../src/operations/views.ts";
import type { OwnInput } from "./api.ts";
import type { DraftZone } from "./zones.ts";

export type PrivacyStyle = PrivacyView["style"];

/** What can be changed in the editor. */
export interface PrivacyDraft {
  zones: readonly DraftZone[];
  style: PrivacyStyle;
}

/** What zones of this kind look like is in the stylesheet. */
export const COVER = "cover";

export function draftOf({ zones, style }: Pick<PrivacyView, "zones" | "style">): PrivacyDraft {
  const drawn = zones.map(({ name = "", points }, index) => ({ id: index + 1, name, kind: COVER, points }));
  return { zones: drawn, style };
}

/** Who saves has seen in the editor what will be covered: that is the confirmation. */
export function changeOf({ zones, style }: PrivacyDraft): OwnInput<"set_privacy_zones"> {
  const named = zones.map(({ name, points }) => {
    const title = name.trim();
    return { ...(title === "" ? {} : { name: title }), points: points.map(({ x, y }) => ({ x, y })) };
  });
  return { zones: named, style, confirm: true };
}
