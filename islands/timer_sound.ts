// The sound of a timer that is over, made by the browser itself. Browsers let a page sound only after a person has
// touched it: until then the notice stands there silently.
import { useEffect, useRef } from "preact/hooks";

const RING_EVERY_MS = 3000;
const RING_FOR_MS = 60_000;
const BEEPS = 3;
const BEEP_S = 0.16;
const PAUSE_S = 0.12;
const TONE_HZ = 880;
const LOUDNESS = 0.25;

/** Rings every few seconds, for a minute at most, for as long as `isRinging`. */
export function useRinging(isRinging: boolean): void {
  const context = useRef<AudioContext>(undefined);
  useEffect(() => {
    const unlock = () => {
      if (typeof AudioContext === "undefined") return;
      context.current ??= new AudioContext();
      // Some browsers put it to sleep again when the page was away.
      void context.current.resume();
    };
    addEventListener("pointerdown", unlock);
    addEventListener("keydown", unlock);
    return () => {
      removeEventListener("pointerdown", unlock);
      removeEventListener("keydown", unlock);
      void context.current?.close();
    };
  }, []);
  useEffect(() => {
    if (!isRinging) return;
    const ring = () => context.current?.state === "running" && beep(context.current);
    ring();
    const ringing = setInterval(ring, RING_EVERY_MS);
    const enough = setTimeout(() => clearInterval(ringing), RING_FOR_MS);
    return () => {
      clearInterval(ringing);
      clearTimeout(enough);
    };
  }, [isRinging]);
}

function beep(context: AudioContext): void {
  for (let n = 0; n < BEEPS; n++) {
    const atS = context.currentTime + n * (BEEP_S + PAUSE_S);
    const tone = new OscillatorNode(context, { frequency: TONE_HZ, type: "triangle" });
    const volume = new GainNode(context, { gain: LOUDNESS });
    tone.connect(volume).connect(context.destination);
    tone.start(atS);
    tone.stop(atS + BEEP_S);
  }
}
