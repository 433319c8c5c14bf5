// The picture: moving, or one every few seconds, also where moving pictures do not come.
import { createElement, type Node, useEffect, useRef, useState } from "react";
import { diagnose } from "./diagnosis.ts";
import type { PanelOptions } from "./options.ts";
import { type PanelError, panelError } from "./panel_error.ts";
import type { StreamSlots } from "./stream_slots.ts";
import type { View } from "./view_link.ts";

/** The hub ends a stream after an hour: it is opened anew a little before. */
const REOPEN_MS = 55 * 60_000;
const RETRY_MS = 2000;
const MAX_RETRY_MS = 30_000;
/** A stream whose first picture takes longer has failed. */
const FIRST_PICTURE_MS = 15_000;

interface ShownProps {
  view: View;
  options: PanelOptions;
  onState: (state: PictureState) => void;
}
interface PictureProps extends ShownProps {
  slots: StreamSlots;
}

/** What is told of the picture. */
export interface PictureState {
  isShown: boolean;
  error?: PanelError;
}

/** Mounted while it can be seen; its connection ends with it. */
export function Picture({ slots, ...shown }: PictureProps): Node {
  const { view, options } = shown;
  const [failures, setFailures] = useState(0);
  // Once more after the first failure; then single pictures.
  const isWanted = options.mode === "live" && failures < 2;
  const isLive = useSlot(slots, view, isWanted);
  if (isLive === undefined) return null;
  const onFail = () => setFailures(failures + 1);
  return isLive
    ? createElement(Live, { ...shown, key: `live ${failures}`, isRetry: failures > 0, onFail })
    : createElement(Snapshots, shown);
}

/** Whether there is room for a stream; asked again with each new view. Undefined at first. */
function useSlot(slots: StreamSlots, view: View, isWanted: boolean): boolean | undefined {
  const [isHeld, setHeld] = useState<boolean | undefined>(undefined);
  const release = useRef<(() => void) | undefined>(undefined);
  useEffect(() => {
    if (isWanted) release.current ??= slots.take(view.hubUrl);
    else giveBack(release);
    setHeld(release.current !== undefined);
  }, [slots, view, isWanted]);
  useEffect(() => () => giveBack(release), []);
  return isHeld;
}

function giveBack(release: { current: (() => void) | undefined }): void {
  release.current?.();
  release.current = undefined;
}

/** The newest links, for what runs longer than one is good. */
function useNewest<T>(value: T): { current: T } {
  const newest = useRef(value);
  newest.current = value;
  return newest;
}

function Live(
  { view, options, onState, isRetry, onFail }: ShownProps & { isRetry: boolean; onFail: () => void },
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

function Snapshots({ view, options, onState }: ShownProps): Node {
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
      again(Math.max(1, newest.current.options.snapshotSeconds) * 1000);
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
