// The emulated camera itself: its state, which its services read and change.
import { EventService } from "./event_service.ts";
import { Head } from "./head.ts";
import { newImaging, type OnvifEmulatorOptions } from "./model.ts";

const NAMESPACES = {
  device: "http://www.onvif.org/ver10/device/wsdl",
  media: "http://www.onvif.org/ver10/media/wsdl",
  media2: "http://www.onvif.org/ver20/media/wsdl",
  ptz: "http://www.onvif.org/ver20/ptz/wsdl",
  imaging: "http://www.onvif.org/ver20/imaging/wsdl",
  events: "http://www.onvif.org/ver10/events/wsdl",
} as const;
type ServiceName = keyof typeof NAMESPACES;

export class Camera {
  readonly options: OnvifEmulatorOptions;
  readonly head: Head;
  readonly imaging = newImaging();
  readonly events: EventService;
  /** Movements in the order in which they were asked for. */
  readonly moves: string[] = [];
  reboots = 0;
  clockSkewMs: number;
  /** Known once the camera listens. */
  ports = { main: 0, events: 0 };

  constructor(options: OnvifEmulatorOptions) {
    this.options = options;
    this.clockSkewMs = options.clockSkewMs ?? 0;
    this.head = new Head(options.ranges ?? {}, options.view ?? (() => {}));
    this.events = new EventService({
      options,
      nowMs: () => this.nowMs(),
      eventUrl: (path) => `http://${this.#host}:${this.ports.events}${path}`,
    });
  }

  /** The camera's clock. */
  nowMs(): number {
    return Date.now() + this.clockSkewMs;
  }

  get #host(): string {
    return this.options.advertisedHost ?? this.options.hostname ?? "127.0.0.1";
  }

  /** As the camera names itself. */
  get origin(): string {
    return `http://${this.#host}:${this.ports.main}`;
  }

  get rtspBase(): string {
    return this.options.rtspBase ?? `rtsp://${this.#host}:554`;
  }

  get maxPresets(): number {
    return this.options.maxPresets ?? 8;
  }

  get isTapo(): boolean {
    return this.options.flavour === "tapo";
  }

  get information(): Record<string, string> {
    return {
      Manufacturer: this.isTapo ? "tp-link" : "Emulated",
      Model: this.isTapo ? "Tapo C520WS" : "Camera",
      FirmwareVersion: "1.20",
      SerialNumber: "00123e4",
      HardwareId: "1.0",
      ...this.options.information,
    };
  }

  get scopes(): string[] {
    return [
      "onvif://www.onvif.org/type/NetworkVideoTransmitter",
      "onvif://www.onvif.org/Profile/Streaming",
      `onvif://www.onvif.org/name/${encodeURIComponent(this.isTapo ? "TAPO" : "Front door")}`,
      `onvif://www.onvif.org/hardware/${encodeURIComponent(this.information.Model ?? "")}`,
      "onvif://www.onvif.org/location/Hong%20Kong",
    ];
  }

  get services(): { name: ServiceName; namespace: string; url: string }[] {
    const names: ServiceName[] = ["device", "media", "imaging", "events"];
    if (this.options.ptz !== false) names.push("ptz");
    if (this.options.media2) names.push("media2");
    return names.map((name) => ({ name, namespace: NAMESPACES[name], url: this.origin + this.pathOf(name) }));
  }

  /** Tapo has one address for all services but the first. */
  pathOf(name: ServiceName): string {
    if (name === "device") return "/onvif/device_service";
    return this.isTapo ? "/onvif/service" : `/onvif/${name}`;
  }

  /** Which service an operation belongs to. */
  serviceOf(namespace: string): ServiceName | undefined {
    if (namespace === "http://docs.oasis-open.org/wsn/b-2") return "events";
    return this.services.find((service) => service.namespace === namespace)?.name;
  }
}
