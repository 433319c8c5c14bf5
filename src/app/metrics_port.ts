// The listener that stands alone for metrics.
import { HubError } from "../base/errors.ts";
import { type Handler, listen, type Listener } from "../http/listener.ts";
import { metricsApp } from "../http/metrics.ts";
import type { House } from "./house.ts";
import type { HubOptions } from "./options.ts";

/** The listener for metrics. A default port that is taken must not keep the cameras dark. */
export function openMetrics(house: House, options: HubOptions): Listener | undefined {
  const { host, metrics_port: port } = house.config().server;
  if (port === 0) return undefined;
  const { measured, access, log } = house;
  const hostnames = () => house.config().server.hostnames;
  const handler = metricsApp({ ...measured, access, log, hostnames }).fetch as Handler;
  try {
    const onFault = (error: unknown) => options.log.error("A listener failed and is opened again", { error });
    return listen({ host, port, handler, onFault });
  } catch (error) {
    if (!(error instanceof HubError) || options.isMetricsPortChosen) throw error;
    house.warnings.raise("metrics_port", error.message, "Choose another with --metrics-port, or 0 for none");
    options.log.warn("The metrics port could not be opened", { error });
    return undefined;
  }
}
