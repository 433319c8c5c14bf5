// The picture of one camera at the moment that is shown: two video elements that take turns, and while somebody scrubs the
// nearest picture.
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icon.tsx";
import type { ProblemView } from "../src/operations/views.ts";
import type { PanePlayer, PaneState } from "./pane_player.ts";
import { RecordingLock } from "./recording_lock.tsx";
import { pictureAt } from "./timeline_client.ts";

const TEXT: Record<PaneState, string> = {
  none: "Not recorded at this time",
  looking: "Looking for the recording …",
  loading: "Loading …",
  ready: "",
  failed: "This browser cannot play the recording. Download it, or look at another time.",
};
const RUNNING = "Being recorded. It can be watched when its file is closed.";
const SCRUB_WIDTH = 640;
const TIME = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

export interface TimelinePaneProps {
  camera: string;
  name: string;
  player: PanePlayer;
  /** The moment lies in a file that is still written. */
  isRunning: boolean;
  /** The moment under the finger while it scrubs. */
  scrubMs: number | undefined;
}

export function TimelinePane({ camera, name, player, isRunning, scrubMs }: TimelinePaneProps) {
  const first = useRef<HTMLVideoElement>(null);
  const second = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (first.current && second.current) player.attach([first.current, second.current]);
    return () => player.attach(undefined);
  }, [player]);
  const { state, front, shown } = player;
  const [problem, setProblem] = useState<ProblemView>();
  const video = (own: 0 | 1) => (
    <video
      ref={own === 0 ? first : second}
      class={front === own && state !== "none" ? "pane-video is-front" : "pane-video"}
      muted={own !== front}
      playsInline
      preload="auto"
      aria-label={name}
    />
  );
  return (
    <figure class={`pane is-${state}`} data-camera={camera}>
      {video(0)}
      {video(1)}
      <ScrubPicture camera={camera} scrubMs={scrubMs} isCovered={state === "ready"} />
      {state !== "ready" && scrubMs === undefined && (
        <p class="pane-state" role="status">
          {state === "none" && <Icon name="film" />} {state === "none" && isRunning ? RUNNING : TEXT[state]}
        </p>
      )}
      {problem && <p class="pane-state" role="alert">{problem.message}</p>}
      <figcaption>{name}</figcaption>
      {shown && (
        <span class="pane-lock">
          <RecordingLock
            id={shown.id}
            isLocked={shown.isLocked}
            what={`${name}, ${TIME.format(shown.fromMs)}`}
            onChanged={(isLocked) => player.noteLock(shown.id, isLocked)}
            onProblem={setProblem}
          />
        </span>
      )}
    </figure>
  );
}

/** Asks for one picture at a time; that of the last moment stays until the video has come there. */
function ScrubPicture({ camera, scrubMs, isCovered }: {
  camera: string;
  scrubMs: number | undefined;
  isCovered: boolean;
}) {
  const wanted = scrubMs === undefined ? undefined : pictureAt(camera, scrubMs, SCRUB_WIDTH);
  const newest = useRef(wanted);
  newest.current = wanted ?? newest.current;
  const [source, setSource] = useState<string>();
  const [isLoading, setLoading] = useState(false);
  const [isMissing, setMissing] = useState(false);
  useEffect(() => {
    if (wanted === undefined || isLoading || wanted === source) return;
    setSource(wanted);
    setLoading(true);
  }, [wanted, isLoading]);
  useEffect(() => {
    if (scrubMs === undefined && isCovered) setSource(undefined);
  }, [scrubMs, isCovered]);
  const done = (missing: boolean) => {
    setMissing(missing);
    setLoading(false);
  };
  if (source === undefined) return null;
  return (
    <>
      <img
        class={isMissing ? "pane-picture is-missing" : "pane-picture"}
        src={source}
        alt=""
        onLoad={() => done(false)}
        onError={() => done(true)}
      />
      {isMissing && scrubMs !== undefined && <p class="pane-state">{TEXT.none}</p>}
    </>
  );
}
