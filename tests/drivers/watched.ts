// What a camera observes, watched in the background of a test.
import type { Observation, Observations } from "../../src/devices/capabilities.ts";

/** Watches in the background and keeps what is told. */
export function watch(observations: Observations) {
  const stop = new AbortController();
  const seen: Observation[] = [];
  const gaps: string[] = [];
  const callbacks = {
    onObservation: (each: Observation) => void seen.push(each),
    onGap: (reason: string) => void gaps.push(reason),
  };
  const running = observations.watch(callbacks, stop.signal);
  const leave = async () => {
    stop.abort();
    await running;
  };
  return { seen, gaps, [Symbol.asyncDispose]: leave };
}
