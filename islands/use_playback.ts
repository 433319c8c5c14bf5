// Keeps the moment that is shown, and moves it on while it is played.
import { useEffect, useRef, useState } from "preact/hooks";
import { locate } from "./timeline_client.ts";
import { PanePlayer } from "./pane_player.ts";
import { nextMoment } from "./playback.ts";

const TICK_MS = 100;
/** A page that was in the background comes back with a long tick. */
const LONGEST_TICK_MS = 250;

/** What the page does with it. */
export interface Playback {
  atMs: number;
  isPlaying: boolean;
  rate: number;
  players: ReadonlyMap<string, PanePlayer>;
  seek(atMs: number): void;
  play(isPlaying: boolean): void;
  setRate(rate: number): void;
}

/** Plays these cameras together. */
export function usePlayback(cameras: readonly string[], firstMs: number): Playback {
  const [atMs, setAt] = useState(firstMs);
  const [isPlaying, setPlaying] = useState(false);
  const [rate, setRate] = useState(1);
  const [, redraw] = useState(0);
  const now = useRef({ atMs, isPlaying, rate });
  now.current = { ...now.current, isPlaying, rate };
  const players = usePlayers(cameras, () => redraw((count) => count + 1));

  const show = () => {
    for (const player of players.values()) player.show(now.current);
  };
  useEffect(() => {
    let last = performance.now();
    const timer = setInterval(() => {
      const elapsedMs = Math.min(LONGEST_TICK_MS, performance.now() - last);
      last = performance.now();
      if (now.current.isPlaying) {
        const panes = [...players.values()];
        const next = nextMoment({ panes, atMs: now.current.atMs, elapsedMs, rate: now.current.rate });
        if (next === undefined) setPlaying(now.current.isPlaying = false);
        else if (next !== now.current.atMs) setAt(now.current.atMs = next);
      }
      show();
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [players]);

  return {
    atMs,
    isPlaying,
    rate,
    players,
    seek: (wanted) => {
      setAt(now.current.atMs = wanted);
      show();
    },
    play: (wanted) => {
      setPlaying(now.current.isPlaying = wanted);
      // At once: browsers start a video only in answer to a press.
      show();
    },
    setRate: (wanted) => {
      setRate(now.current.rate = wanted);
      show();
    },
  };
}

/** One player for each camera, kept while the camera is chosen. */
function usePlayers(cameras: readonly string[], onChange: () => void): ReadonlyMap<string, PanePlayer> {
  const kept = useRef<ReadonlyMap<string, PanePlayer>>(new Map());
  const changed = useRef(onChange);
  changed.current = onChange;
  const isSame = kept.current.size === cameras.length && cameras.every((camera) => kept.current.has(camera));
  if (!isSame) {
    kept.current = new Map(cameras.map((camera) => [
      camera,
      kept.current.get(camera) ?? new PanePlayer({
        locate: (atMs) => locate(camera, atMs),
        onChange: () => changed.current(),
      }),
    ]));
  }
  return kept.current;
}
