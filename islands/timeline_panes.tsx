// The pictures of the cameras that are played together, side by side.
import type { TimelineCamera } from "./timeline_filter.tsx";
import type { TimelineView } from "./timeline_client.ts";
import { TimelinePane } from "./timeline_pane.tsx";
import type { Playback } from "./use_playback.ts";

export interface TimelinePanesProps {
  cameras: readonly TimelineCamera[];
  played: readonly string[];
  playback: Playback;
  /** Cameras of which the moment lies in a file that is still written. */
  running: ReadonlySet<string>;
  scrubMs: number | undefined;
}

export function TimelinePanes({ cameras, played, playback, running, scrubMs }: TimelinePanesProps) {
  return (
    <div class={`panes has-${played.length}`}>
      {played.map((id) => {
        const player = playback.players.get(id);
        const name = cameras.find((each) => each.id === id)?.name ?? id;
        return player && (
          <TimelinePane
            key={id}
            camera={id}
            name={name}
            player={player}
            isRunning={running.has(id)}
            scrubMs={scrubMs}
          />
        );
      })}
    </div>
  );
}

/** Cameras of which the moment lies in a file that is not closed yet. */
export function runningAt(
  timeline: TimelineView | undefined,
  atMs: number,
  nowMs: number,
): Set<string> {
  const running = timeline?.cameras.filter(({ recording_since: since }) =>
    since !== undefined && Date.parse(since) <= atMs && atMs <= nowMs
  );
  return new Set(running?.map(({ camera_id }) => camera_id));
}
