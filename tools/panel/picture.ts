// The picture: moving, or one every few seconds, also where moving pictures do not come.
import { createElement, type Node, useEffect, useRef, useState } from "react";
import { diagnose } from "./diagnosis.ts";
import type { PanelOptions } from "./options.ts";
import { type PanelError, panelError } from "./panel_error.ts";
import type { View } from "./view_link.ts";

/** The hub ends a stream after an hour: it is opened anew a little before. */
const REOPEN_MS = 55 * 60_000;
const RETRY_MS = 2000;
const MAX_RETRY_MS = 30_000;
/** A stream whose first picture takes longer has failed. */
const FIRST_PICTURE_MS = 15_000;

interface PictureProps {
  view: View;
  options: PanelOptions;
  onState: (state: PictureState) => void;
}

/** `snapshots`: single pictures stand in for a stream that did not come. */
export interface PictureState {
  isShown: boolean;
  error?: PanelError;
}

/** Mounted while it can be seen; its connection ends with it. */
export function Picture({ view, options, onState }: PictureProps): Node {
  const [failures, setFailures] = useState(0);
  // Once more after the first failure; then single pictures.
  const isLive = options.mode === "live" && failures < 2;
  const shared = { view, options, onState };
  return isLive
    ? createElement(Live, {
      ...shared,
      key: `live ${failures}`,
      isRetry: failures > 0,
      onFail: () => setFailures(failures + 1),
    })
    : createElement(Snapshots, shared);
}

/** The newest links, for what runs longer than one is good. */
function useNewest<T>(value: T): { current: T } {
  const newest = useRef(value);
  newest.current = value;
  return newest;
}

function Live(
  { view, options, onState, isRetry, onFail }: PictureProps & { isRetry: boolean; onFail: () => void },
): Node {
  const image = useRef<HTMLImageElement | null>(null);
  const newest = useNewest({ view, onState, onFail });
  useEffect(() => {
    const shown = image.current;
    if (!shown) return;
    const timers = new Set<number>();
    const after = (ms: number, act: () => void) => timers.add(setTimeout(act, ms) as unknown as number);
    let isStarted = false;
    const open = () => {
      shown.src = newest.current.view.streamUrl;
      after(REOPEN_MS, open);
    };
    const fail = () => {
      // An address that was taken away fails too.
      if (shown.getAttribute("src")) newest.current.onFail();
    };
    shown.onload = () => {
      isStarted = true;
      newest.current.onState({ isShown: true });
    };
    shown.onerror = fail;
    after(isRetry ? RETRY_MS : 0, open);
    after((isRetry ? RETRY_MS : 0) + FIRST_PICTURE_MS, () => {
      if (!isStarted) fail();
    });
    return () => {
      timers.forEach(clearTimeout);
      // A picture without an end goes on loading until its address is taken away.
      shown.removeAttribute("src");
    };
  }, []);
  return createElement("img", { ref: image, alt: altOf(view), style: styleOf(options) });
}

function Snapshots({ view, options, onState }: PictureProps): Node {
  const image = useRef<HTMLImageElement | null>(null);
  const newest = useNewest({ view, options, onState });
  useEffect(() => {
    const shown = image.current;
    if (!shown) return;
    const stop = new AbortController();
    let timer: number | undefined;
    let failures = 0;
    const again = (ms: number) => {
      if (!stop.signal.aborted) timer = setTimeout(load, ms) as unknown as number;
    };
    const load = () => {
      shown.src = `${newest.current.view.snapshotUrl}&t=${Date.now()}`;
    };
    shown.onload = () => {
      failures = 0;
      newest.current.onState({ isShown: true });
      again(newest.current.options.snapshotSeconds * 1000);
    };
    shown.onerror = async () => {
      if (stop.signal.aborted || !shown.getAttribute("src")) return;
      again(Math.min(RETRY_MS * 2 ** failures++, MAX_RETRY_MS));
      try {
        const error = await diagnose(newest.current.view.snapshotUrl, stop.signal);
        if (error) newest.current.onState({ isShown: false, error });
      } catch (error) {
        if (!stop.signal.aborted) newest.current.onState({ isShown: false, error: panelError(error) });
      }
    };
    load();
    return () => {
      stop.abort();
      clearTimeout(timer);
      shown.removeAttribute("src");
    };
  }, []);
  return createElement("img", { ref: image, alt: altOf(view), style: styleOf(options) });
}

function altOf({ name }: View): string {
  return `Picture of ${name}`;
}

function styleOf({ fit }: PanelOptions): Record<string, string> {
  return { width: "100%", height: "100%", objectFit: fit, display: "block", minHeight: "0" };
}
