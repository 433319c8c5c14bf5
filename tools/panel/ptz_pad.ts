// The pad that moves a camera a little: four arrows.
import { useTheme2 } from "@grafana/ui";
import { createElement, type Node, useState } from "react";
import { problemOf } from "./diagnosis.ts";
import { PanelError, panelError } from "./panel_error.ts";
import type { View } from "./view_link.ts";

/** A tenth of the way from the middle to the end. */
const STEP = 0.1;
const ARROWS = [
  { sign: "▲", label: "up", column: 2, row: 1, by: { tilt: STEP } },
  { sign: "◀", label: "left", column: 1, row: 2, by: { pan: -STEP } },
  { sign: "▶", label: "right", column: 3, row: 2, by: { pan: STEP } },
  { sign: "▼", label: "down", column: 2, row: 3, by: { tilt: -STEP } },
] as const;

export function PtzPad({ view }: { view: View }): Node {
  const { colors } = useTheme2();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<PanelError | undefined>(undefined);
  const act = async (by: object) => {
    setBusy(true);
    setError(undefined);
    try {
      await move(view, by);
    } catch (reason) {
      setError(panelError(reason));
    }
    setBusy(false);
  };
  const button = {
    width: 32,
    height: 32,
    padding: 0,
    cursor: isBusy ? "wait" : "pointer",
    color: colors.text.primary,
    background: colors.background.secondary,
    border: `1px solid ${colors.border.medium}`,
    borderRadius: 4,
  };
  return createElement(
    "div",
    { style: { position: "absolute", right: 8, bottom: 8, opacity: 0.9, maxWidth: "100%" } },
    error
      ? createElement(
        "div",
        {
          role: "alert",
          style: { background: colors.background.canvas, color: colors.error.text, padding: 4 },
        },
        `${error.message}. ${error.hint}`,
      )
      : null,
    createElement(
      "div",
      {
        role: "group",
        "aria-label": `Move ${view.name}`,
        style: { display: "grid", justifyContent: "end", gap: 2 },
      },
      ...ARROWS.map(({ sign, label, column, row, by }) =>
        createElement("button", {
          key: label,
          type: "button",
          "aria-label": `Move ${view.name} ${label}`,
          title: `Move ${label}`,
          disabled: isBusy,
          onClick: () => void act(by),
          style: { ...button, gridColumn: column, gridRow: row },
        }, sign)
      ),
    ),
  );
}

/** @throws PanelError with what the hub said. */
async function move({ hubUrl, cameraId, ticket }: View, by: object): Promise<void> {
  const answer = await fetch(`${hubUrl}/api/operations/move_ptz`, {
    method: "POST",
    credentials: "omit",
    headers: { authorization: `Bearer ${ticket}`, "content-type": "application/json" },
    body: JSON.stringify({ camera_id: cameraId, relative: true, ...by }),
  }).catch((error) => {
    throw new PanelError(
      `The hub at ${hubUrl} could not be asked (${error.message})`,
      `Name ${location.origin} in grafana.origins of the hub's configuration`,
    );
  });
  if (!answer.ok) throw await problemOf(answer);
  await answer.body?.cancel();
}
