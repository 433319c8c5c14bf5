// From the configuration to the times and waits of streams.
import type { Config } from "../config/schema.ts";
import type { StreamTuning } from "./on_demand.ts";

/** The tuning that the configuration asks for. */
export function streamTuning({ streams }: Config): StreamTuning {
  return {
    lingerMs: streams.linger_s * 1000,
    startTimeoutMs: streams.start_timeout_s * 1000,
    stallTimeoutMs: streams.stall_timeout_s * 1000,
    backoff: { firstMs: streams.retry_first_s * 1000, maxMs: streams.retry_max_s * 1000 },
  };
}
