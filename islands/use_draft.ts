// Something that is edited and not saved yet, with a way back step by step.
import { useRef, useState } from "preact/hooks";

export interface Draft<T> {
  value: T;
  /** True while it differs from what it began with. */
  isChanged: boolean;
  canUndo: boolean;
  /** Changes with the same gesture, one after the other, are one step. */
  change(value: T, gesture: string): void;
  undo(): void;
  /** Begins anew: with what was saved. */
  reset(): void;
}

const MAX_STEPS = 200;

/** `saved` counts until something is changed. */
export function useDraft<T>(saved: T): Draft<T> {
  const [steps, setSteps] = useState<readonly T[]>([]);
  const gesture = useRef<string>(undefined);
  const value = steps.at(-1) ?? saved;
  return {
    value,
    isChanged: steps.length > 0,
    canUndo: steps.length > 0,
    change: (next, name) => {
      const isSame = gesture.current === name;
      gesture.current = name;
      setSteps((before) => [...(isSame ? before.slice(0, -1) : before).slice(-MAX_STEPS), next]);
    },
    undo: () => {
      gesture.current = undefined;
      setSteps((before) => before.slice(0, -1));
    },
    reset: () => {
      gesture.current = undefined;
      setSteps([]);
    },
  };
}
