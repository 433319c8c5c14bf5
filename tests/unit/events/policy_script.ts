// Plays what a device tells to the policy, and writes what follows, both in short lines.
import { EventPolicy, type PolicyAction } from "../../../src/events/policy.ts";

/**
 * Plays lines of the form `SECONDS KIND ^|+|-|!`, where ^ is a state that rises, + what begins and is no state, - a
 * falling observation and ! a momentary one; `KIND@SOURCE` names one of several sources; or `SECONDS tick`, `SECONDS miss`, `SECONDS lost`. Returns the actions in the same short form.
 */
export function play(script: readonly string[], policy = new EventPolicy<string>()): string[] {
  return script.flatMap((line) => step(policy, line)).map(short);
}

/** Plays one line. */
export function step(policy: EventPolicy<string>, line: string): PolicyAction<string>[] {
  const [time, what = "", sign] = line.split(" ");
  const atMs = Number(time) * 1000;
  if (what === "tick") return policy.tick(atMs);
  if (what === "lost") return policy.end(atMs, "device_lost");
  if (what === "miss") {
    policy.miss(atMs);
    return [];
  }
  const active = sign === "!" ? undefined : sign !== "-";
  const [kind = "", sourceKey] = what.split("@");
  return policy.observe({ kind, active, isState: sign === "^", sourceKey }, atMs);
}

function short(action: PolicyAction<string>): string {
  const end = action.type === "close" ? action.because ?? "told" : action.isMomentary ? "over" : "on";
  return `${action.atMs / 1000} ${action.type} ${action.kind} ${end}`;
}
