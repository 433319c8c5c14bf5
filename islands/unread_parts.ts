// What of a camera could not be read, with the parts that failed for one and the same reason together.
import type { ControlsView } from "../src/operations/views.ts";

const TITLES: Readonly<Record<string, string>> = {
  led: "status light",
  motion: "motion detection",
  power: "battery",
  privacy: "privacy mode",
  storage: "memory card",
};

/** Parts of a camera, and why they could not be read. */
export interface UnreadParts {
  /** "privacy mode, presets". */
  parts: string;
  message: string;
}

/** Leaves out what only repeats why the whole camera is not online. */
export function unreadParts(
  problems: NonNullable<ControlsView["problems"]>,
  reason: string | undefined,
): UnreadParts[] {
  const messages = new Set(problems.map(({ message }) => message).filter((message) => message !== reason));
  return [...messages].map((message) => {
    const failed = problems.filter((problem) => problem.message === message);
    return { parts: failed.map(({ what }) => TITLES[what] ?? what).join(", "), message };
  });
}
