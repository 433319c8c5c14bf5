// The hub's timers, told over the socket of the journal after each change, counted down here between.
import { useEffect, useState } from "preact/hooks";
import type { TimerView } from "../src/operations/timer_views.ts";
import { EventFeed } from "./event_feed.ts";
import { after, openEventSocket } from "./event_socket.ts";
import { justDone, type TimersNow } from "./timers_client.ts";

export interface FollowedTimers extends TimersNow {
  /** The page's own clock, renewed while a timer runs. */
  nowMs: number;
  /** True while the hub cannot be heard: the times go on as they were. */
  isLost: boolean;
  /** Those that ended while somebody looked, by number. */
  ended: readonly number[];
}

const TICK_MS = 250;

/** Shows `initial` at once. */
export function useTimers(initial: TimerView[]): FollowedTimers {
  const [now, setNow] = useState<TimersNow>(() => ({ timers: initial, atMs: performance.now() }));
  const [nowMs, setNowMs] = useState(now.atMs);
  const [isLost, setLost] = useState(false);
  const [ended, setEnded] = useState<number[]>([]);

  useEffect(() => {
    let known = initial;
    const feed = new EventFeed({
      filter: { kind: "timer", timers: true },
      openSocket: openEventSocket,
      timers: { after, random: Math.random },
    }, {
      event: () => {},
      gap: () => {},
      state: (state) => setLost(state === "waiting"),
      timers: (timers) => {
        const done = justDone(known, timers).map(({ timer_id }) => timer_id);
        known = timers;
        const atMs = performance.now();
        setNow({ timers, atMs });
        setNowMs(atMs);
        if (done.length > 0) setEnded((before) => [...before, ...done]);
      },
    });
    feed.start();
    const retry = () => feed.retryNow();
    addEventListener("online", retry);
    return () => {
      feed.stop();
      removeEventListener("online", retry);
    };
  }, []);

  const isRunning = now.timers.some(({ state }) => state === "running");
  useEffect(() => {
    if (!isRunning) return;
    const ticking = setInterval(() => setNowMs(performance.now()), TICK_MS);
    return () => clearInterval(ticking);
  }, [isRunning]);
  return { ...now, nowMs: Math.max(nowMs, now.atMs), isLost, ended };
}
