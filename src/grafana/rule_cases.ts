// For each alert rule: measured values with which it fires, and some with which it must not.
import type { AlertThresholds } from "../config/metrics.ts";
import { cameraCases, STREAM_CASES } from "./camera_cases.ts";
import { HUB_CASES } from "./hub_cases.ts";
import { KITCHEN_CASES } from "./kitchen_cases.ts";
import type { RuleCase } from "./rule_case.ts";
import { SERVICE_CASES } from "./service_cases.ts";

/** All cases, for the thresholds of a hub. */
export function ruleCases(thresholds: AlertThresholds): RuleCase[] {
  return [...cameraCases(thresholds), ...STREAM_CASES, ...HUB_CASES, ...SERVICE_CASES, ...KITCHEN_CASES];
}
