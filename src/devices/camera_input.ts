// Checks and compares what users give for a camera, before anything is touched. Pure.
import { z } from "zod";
import { SHOWN_SECRET, shownAddress } from "../base/address_secrets.ts";
import { HubError } from "../base/errors.ts";
import { inputError, toProblems } from "../config/problems.ts";
import { idSchema } from "../config/schema.ts";
import { hostsOf, restoreAddresses } from "./address_options.ts";
import type { Driver } from "./driver.ts";

/** True when two sets of options mean the same. */
export function isSame(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const plain = (options: Record<string, unknown>) => JSON.stringify(Object.entries(options).sort());
  return plain(a) === plain(b);
}

/** Options as everybody may see them. */
export function shownOptions(driver: Driver, options: Record<string, unknown>): Record<string, unknown> {
  const secrets = new Set(driver.secrets);
  const addresses = new Set(driver.addresses);
  const shown = (key: string, value: unknown) => {
    if (secrets.has(key)) return SHOWN_SECRET;
    return addresses.has(key) && typeof value === "string" ? shownAddress(value) : value;
  };
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key, shown(key, value)]));
}

/** Lays a change over the present options; null takes an option away. */
export function mergeOptions(
  now: Record<string, unknown>,
  change: Record<string, unknown>,
): Record<string, unknown> {
  const given = Object.entries(change).filter(([, value]) => value !== SHOWN_SECRET);
  return Object.fromEntries(
    Object.entries({ ...now, ...Object.fromEntries(given) }).filter(([, value]) => value !== null),
  );
}

/**
 * Lays a change over the options of a camera. Its passwords are not sent to wherever somebody names: with another
 * address they must be given again.
 * @throws HubError `invalid_input` when they are not.
 */
export function carryOver(
  driver: Driver,
  now: Record<string, unknown>,
  change: Record<string, unknown>,
): Record<string, unknown> {
  const merged = mergeOptions(now, restoreAddresses(driver, now, change));
  const known = hostsOf(driver, now);
  if ([...hostsOf(driver, merged)].every((host) => known.has(host))) return merged;
  const isGiven = (key: string) => Object.hasOwn(change, key) && change[key] !== SHOWN_SECRET;
  const missing = (driver.secrets ?? []).filter((key) => now[key] !== undefined && !isGiven(key));
  if (missing.length === 0) return merged;
  throw inputError(missing.map((key) => ({
    path: `options.${key}`,
    message: "Must be given again with another address",
    expected: "the password of the camera at that address",
  })));
}

/** @throws HubError `invalid_input` for what cannot be an id. */
export function checkId(id: string): string {
  const checked = idSchema.safeParse(id);
  if (checked.success) return checked.data;
  throw inputError([{ path: "id", message: checked.error.issues[0]?.message ?? "Not a usable id" }]);
}

/** Returns the options with defaults filled in. @throws HubError `invalid_input` with every problem. */
export function checkOptions(driver: Driver, given: Record<string, unknown>): Record<string, unknown> {
  const options = driver.normalise?.(given) ?? given;
  const checked = driver.options.safeParse(options, { reportInput: true });
  if (checked.success) return checked.data;
  const json = z.toJSONSchema(driver.options, { io: "input", unrepresentable: "any" });
  const problems = toProblems(checked.error, json, options);
  throw inputError(
    problems.map(({ keys: _, ...problem }) => ({ ...problem, path: `options.${problem.path}` })),
  );
}

/** The error for changing what only the file may change. */
export function fixedByFile(id: string, what: string): HubError {
  return new HubError(
    "conflict",
    `Camera "${id}" stands in the configuration file and cannot be ${what} here`,
    {
      hint: "Change the file, then reload it (SIGHUP, or the operation reload_config)",
      details: { camera_id: id },
    },
  );
}
