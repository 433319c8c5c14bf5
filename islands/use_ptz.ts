// Moves a camera step by step while a button or key is held.
import { useEffect, useRef, useState } from "preact/hooks";
import type { ProblemView } from "../src/operations/views.ts";
import { ApiProblem, callOperation } from "./api.ts";
import { type Action, useAction } from "./use_action.ts";

/** Shares of the camera's whole range; only the axes that move are named. */
export interface Move {
  pan?: number;
  tilt?: number;
  zoom?: number;
}

/** What a pad can do. */
export interface Ptz extends Pick<Action, "busy" | "problem" | "clear"> {
  /** The last movement ended where the camera cannot go on. */
  isAtEnd: boolean;
  /** The camera was moved by something else, such as a preset. */
  moved(): void;
  /** Begins to move, or goes on in another direction. */
  hold(move: Move): void;
  release(): void;
  /** One step. */
  step(move: Move): void;
  home(): void;
}

const PAUSE_MS = 150;
/** What a Tapo camera answers at the end of its range. */
const END_OF_RANGE = -64304;

/** Whether a movement ended because there is no more of it: that is no failure. */
export function isEndOfRange({ details }: ProblemView): boolean {
  return details?.["tapo_code"] === END_OF_RANGE;
}

/** Steps follow one another, each after the camera has answered the last, until the button is let go. */
export function usePtz(camera: string): Ptz {
  const action = useAction();
  /** A press that has not had its step yet: it gets one, however short it was. */
  const pressed = useRef<Move>(undefined);
  const held = useRef<Move>(undefined);
  const turning = useRef(false);
  const canStop = useRef(true);
  const [isAtEnd, setAtEnd] = useState(false);
  const release = () => {
    held.current = undefined;
  };
  useEffect(() => release, []);

  /** Resolves to false at the end of the range. */
  const send = async (move: Move) => {
    try {
      await callOperation("move_ptz", { camera_id: camera, ...move, relative: true });
      setAtEnd(false);
      return true;
    } catch (error) {
      if (!(error instanceof ApiProblem) || !isEndOfRange(error.problem)) throw error;
      setAtEnd(true);
      return false;
    }
  };
  const turn = async () => {
    let wasHeld = false;
    for (let move = pressed.current ?? held.current; move; move = pressed.current ?? held.current) {
      wasHeld = pressed.current === undefined;
      pressed.current = undefined;
      const canGoOn = await send(move);
      // Held on, it would ask for the same again and again.
      if (!canGoOn && held.current === move) return release();
      await new Promise((resume) => setTimeout(resume, PAUSE_MS));
    }
    // The step of a short press is meant whole; a movement that was held ends where the button is let go.
    if (wasHeld && canStop.current) await stop();
  };
  const stop = async () => {
    try {
      await callOperation("stop_ptz", { camera_id: camera });
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.problem.error_code !== "unsupported") throw error;
      canStop.current = false;
    }
  };
  const goHome = async () => {
    await callOperation("go_to_home_ptz", { camera_id: camera });
    setAtEnd(false);
  };
  const hold = (move: Move) => {
    pressed.current = held.current = move;
    // A running turn takes over the new direction by itself.
    if (turning.current) return;
    turning.current = true;
    void action.run(turn).finally(() => {
      turning.current = false;
      pressed.current = undefined;
      release();
    });
  };
  const { busy, problem, clear } = action;
  return {
    busy,
    problem,
    clear,
    isAtEnd,
    moved: () => setAtEnd(false),
    hold,
    release,
    step: (move) => void action.run(() => send(move)),
    home: () => void action.run(goHome),
  };
}
