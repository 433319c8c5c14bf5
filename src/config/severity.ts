// How much an alert matters, as it stands in the file.
import { z } from "zod";

/** From least to most. */
export const ALERT_SEVERITIES = ["info", "warning", "critical"] as const;
export const alertSeverity = z.enum(ALERT_SEVERITIES);
