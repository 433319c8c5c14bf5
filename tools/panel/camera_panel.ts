// The panel: picture, name, state, reason, and the pad.
import type { PanelProps } from "@grafana/data";
import { useTheme2 } from "@grafana/ui";
import { type Component, createElement, type Node, useEffect, useRef, useState } from "react";
import { refuseMixedContent } from "./diagnosis.ts";
import { DEFAULTS, type PanelOptions } from "./options.ts";
import { type PanelError, panelError } from "./panel_error.ts";
import { Picture, type PictureState } from "./picture.ts";
import { PtzPad } from "./ptz_pad.ts";
import type { StreamSlots } from "./stream_slots.ts";
import { useView } from "./use_view.ts";
import { useVisible } from "./use_visible.ts";
import type { View } from "./view_link.ts";

/** The panel; those of a page share the slots. */
export function cameraPanel(slots: StreamSlots): Component<PanelProps<PanelOptions>> {
  return (props) => createElement(CameraPanel, { ...props, slots });
}

function CameraPanel(props: PanelProps<PanelOptions> & { slots: StreamSlots }): Node {
  const { colors, typography } = useTheme2();
  const options = { ...DEFAULTS, ...props.options };
  const box = useRef<HTMLElement | null>(null);
  const isVisible = useVisible(box);
  const replaced = (text: string) => props.replaceVariables(text).trim();
  const { showPtz } = options;
  const question = {
    cameraId: replaced(options.cameraId),
    datasourceUid: replaced(options.datasourceUid),
    hubUrl: replaced(options.hubUrl),
    showPtz,
  };
  const [picture, setPicture] = useState<PictureState>({ isShown: false });
  const { view, error, round } = useView(question, isVisible);
  // A picture of before must not pass for one of now.
  const isOnline = view?.status === "online" && view.cameraId === question.cameraId;
  useEffect(() => setPicture({ isShown: false }), [isVisible, isOnline, view?.since, round]);
  const wrong = view ? mixedContent(view) ?? error ?? picture.error : error;
  const isPicture = isVisible && isOnline && !mixedContent(view);
  return createElement(
    "section",
    {
      ref: box,
      "aria-label": view ? `Camera ${view.name}` : `Camera ${question.cameraId}`,
      "data-state": !isVisible ? "paused" : picture.isShown && isOnline ? "playing" : "waiting",
      style: {
        position: "relative",
        width: props.width,
        height: props.height,
        overflow: "hidden",
        color: colors.text.primary,
        background: colors.background.canvas,
        fontFamily: typography.fontFamily,
      },
    },
    isPicture && view
      ? createElement(Picture, {
        key: `${view.cameraId} ${view.since} ${options.mode} ${round}`,
        slots: props.slots,
        view,
        options,
        onState: setPicture,
      })
      : null,
    options.showName && view ? createElement(Name, { view, isPlaying: picture.isShown && isOnline }) : null,
    createElement(Message, { view, error: wrong, isShown: picture.isShown && isOnline }),
    showPtz && view?.ticket !== undefined && isOnline && isVisible ? createElement(PtzPad, { view }) : null,
  );
}

function mixedContent(view: View): PanelError | undefined {
  try {
    refuseMixedContent(view.hubUrl, location);
    return undefined;
  } catch (error) {
    return panelError(error);
  }
}

function Name({ view, isPlaying }: { view: View; isPlaying: boolean }): Node {
  const style = {
    position: "absolute",
    left: 8,
    top: 8,
    padding: "2px 8px",
    borderRadius: 4,
    color: "#fff",
    background: "rgba(0, 0, 0, 0.65)",
    maxWidth: "calc(100% - 32px)",
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
  };
  return createElement("div", { style }, view.name, isPlaying ? "" : ` · ${view.status.replace("_", " ")}`);
}

interface MessageProps {
  view: View | undefined;
  error: PanelError | undefined;
  isShown: boolean;
}

/** Why there is no picture. Read aloud when it changes. */
function Message({ view, error, isShown }: MessageProps): Node {
  const { colors } = useTheme2();
  const [title, more] = messageOf(view, error, isShown);
  // It stays where it is: a screen reader does not hear of one that was not there before.
  if (title === "") return createElement("div", { role: "status", style: { position: "absolute" } });
  const style = {
    position: "absolute",
    inset: isShown ? "auto 0 0 0" : 0,
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    justifyContent: "center",
    gap: 4,
    padding: 16,
    textAlign: "center",
    overflow: "auto",
    background: colors.background.canvas,
    opacity: isShown ? 0.9 : 1,
  };
  return createElement(
    "div",
    { role: "status", style },
    createElement("strong", { style: { overflowWrap: "anywhere" } }, title),
    createElement("span", { style: { color: colors.text.secondary, overflowWrap: "anywhere" } }, more),
  );
}

function messageOf(
  view: View | undefined,
  error: PanelError | undefined,
  isShown: boolean,
): [string, string] {
  if (error) return [error.message, error.hint];
  if (!view) return ["Asking the hub…", ""];
  if (view.status !== "online") {
    const since = view.since === ""
      ? ""
      : `since ${new Date(view.since).toLocaleString([], { dateStyle: "short", timeStyle: "short" })}`;
    return [
      `${view.name} is ${view.status.replace("_", " ")}`,
      [view.reason, since].filter(Boolean).join(", "),
    ];
  }
  return isShown ? ["", ""] : ["Waiting for the first picture…", ""];
}
