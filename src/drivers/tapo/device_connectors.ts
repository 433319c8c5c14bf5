// Who opens TLS connections to a Tapo device: one connector for each, over all of its openings.
import { TlsConnector } from "../../protocols/tapo/tls_connector.ts";

/** A handshake that a device left without an end holds a file descriptor, also when nobody wants it any more. */
export class DeviceConnectors {
  readonly #connectors = new Map<string, TlsConnector>();

  /** The connector of a device, named by `deviceKey`. */
  of(device: string): TlsConnector {
    const connector = this.#connectors.get(device) ?? new TlsConnector();
    this.#connectors.set(device, connector);
    return connector;
  }
}
