// How a hub without configuration keeps its history.
import { historySettings } from "../../src/app/build_history.ts";
import { metricsSection } from "../../src/config/metrics.ts";

export const DEFAULT_HISTORY = historySettings(metricsSection.parse({}));
