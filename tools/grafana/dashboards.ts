// The dashboards, in the order in which users meet them.
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { host } from "./host.ts";
import { kitchen } from "./kitchen.ts";
import { mcp } from "./mcp.ts";
import { overview } from "./overview.ts";
import { slo } from "./slo.ts";
import { streams } from "./streams.ts";
import { vienna } from "./vienna.ts";

export const DASHBOARDS: readonly Dashboard[] = [overview, streams, host, mcp, slo, kitchen, vienna];
