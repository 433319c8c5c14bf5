// What Home Assistant is told of each camera, so that it finds it by itself.
// https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery
import { VERSION } from "../base/version.ts";
import type { ObservationKind } from "../devices/capabilities.ts";
import { RECORDING_MODES } from "../config/camera_rules.ts";
import { CAMERA_STATUSES } from "../devices/status.ts";
import type { EventKind } from "../events/event.ts";
import type { CameraDescription } from "./description.ts";
import { SWITCHES } from "./switches.ts";
import type { Topics } from "./topics.ts";

/** One entity: where it is announced, and as what. */
export interface Entity {
  topic: string;
  config: Record<string, unknown>;
}

/** How a kind of observation looks there. */
interface KindLook {
  title: string;
  deviceClass?: string;
  icon?: string;
}

const KINDS: Readonly<Record<ObservationKind, KindLook>> = {
  motion: { title: "Motion", deviceClass: "motion" },
  person: { title: "Person", deviceClass: "occupancy" },
  vehicle: { title: "Vehicle", icon: "mdi:car" },
  pet: { title: "Pet", icon: "mdi:paw" },
  sound: { title: "Sound", deviceClass: "sound" },
  tamper: { title: "Tampering", deviceClass: "tamper" },
  line_crossed: { title: "Line crossed", icon: "mdi:vector-line" },
  intrusion: { title: "Intrusion", icon: "mdi:account-alert" },
  doorbell: { title: "Doorbell", icon: "mdi:doorbell" },
  package: { title: "Package", icon: "mdi:package-variant" },
};

/** Kinds of events that a camera's entity "Event" can tell. */
export const TOLD_KINDS: readonly EventKind[] = Object.keys(KINDS) as ObservationKind[];

/** The states of an alert. */
const ALERT_STATES = ["firing", "resolved", "test"];

/** What entities are made with. */
export interface DiscoveryContext {
  topics: Topics;
  /** Where the hub is reached by a browser; undefined before it is. */
  origin: string | undefined;
  canCommand: boolean;
  hasSnapshots: boolean;
}

/** The hub itself, which its cameras are connected through. */
export function hubEntities({ topics, origin }: DiscoveryContext): Entity[] {
  const device = {
    identifiers: [topics.node],
    name: "Tapo Camera MCP",
    manufacturer: "Tapo Camera MCP",
    model: "Camera hub",
    sw_version: VERSION,
    ...(origin === undefined ? {} : { configuration_url: origin }),
  };
  const entity = entityMaker({ topics, device, idPrefix: topics.node, objectPrefix: "hub" });
  return [
    entity("binary_sensor", "connection", {
      name: "Connection",
      state_topic: topics.hubStatus,
      payload_on: "online",
      payload_off: "offline",
      device_class: "connectivity",
      entity_category: "diagnostic",
    }),
    entity("event", "alert", {
      name: "Alert",
      state_topic: `${topics.prefix}/alert`,
      event_types: ALERT_STATES,
      icon: "mdi:alert",
    }),
    entity("image", "alert_snapshot", {
      name: "Alert picture",
      image_topic: topics.alertSnapshot,
      content_type: "image/jpeg",
    }),
  ];
}

/** Everything of a camera. */
export function cameraEntities(camera: CameraDescription, context: DiscoveryContext): Entity[] {
  const { topics } = context;
  const entity = entityMaker({
    topics,
    device: deviceOf(camera, context),
    idPrefix: topics.device(camera.id),
    objectPrefix: camera.id,
  });
  const of = (what: string) => topics.of(camera.id, what);
  const reachable = {
    availability_mode: "all",
    availability: [hubIsThere(topics), { topic: of("availability") }],
  };
  return [
    entity("sensor", "status", {
      name: "Status",
      state_topic: of("status"),
      json_attributes_topic: of("attributes"),
      device_class: "enum",
      options: [...CAMERA_STATUSES],
      entity_category: "diagnostic",
      availability: [hubIsThere(topics)],
    }),
    entity("event", "event", {
      name: "Event",
      state_topic: of("event"),
      event_types: [...TOLD_KINDS],
      availability: [hubIsThere(topics)],
    }),
    entity("sensor", "last_event", {
      name: "Last event",
      state_topic: of("last_event"),
      value_template: "{{ value_json.kind }}",
      json_attributes_topic: of("last_event"),
      icon: "mdi:history",
      availability: [hubIsThere(topics)],
    }),
    ...(camera.hasVideo
      ? [entity("sensor", "recording_mode", {
        name: "Recording rule",
        state_topic: of("recording_mode"),
        device_class: "enum",
        options: [...RECORDING_MODES],
        entity_category: "diagnostic",
        icon: "mdi:record-rec",
        availability: [hubIsThere(topics)],
      })]
      : []),
    ...camera.kinds.map((kind) => {
      const { title, deviceClass, icon } = KINDS[kind];
      return entity("binary_sensor", kind, {
        name: title,
        state_topic: of(kind),
        ...(deviceClass === undefined ? {} : { device_class: deviceClass }),
        ...(icon === undefined ? {} : { icon }),
        ...reachable,
      });
    }),
    ...(context.hasSnapshots && camera.hasVideo
      ? [entity("image", "snapshot", {
        name: "Picture",
        image_topic: of("snapshot"),
        content_type: "image/jpeg",
        availability: [hubIsThere(topics)],
      })]
      : []),
    ...(context.canCommand ? commandEntities(camera, context, { entity, reachable }) : []),
  ];
}

type MakeEntity = ReturnType<typeof entityMaker>;

function commandEntities(
  camera: CameraDescription,
  { topics, hasSnapshots }: DiscoveryContext,
  { entity, reachable }: { entity: MakeEntity; reachable: Record<string, unknown> },
): Entity[] {
  const switches = SWITCHES.filter(({ name }) => camera.switches.includes(name));
  return [
    ...switches.map(({ name, title, icon }) =>
      entity("switch", name, {
        name: title,
        state_topic: topics.of(camera.id, name),
        command_topic: topics.commandOf(camera.id, name),
        icon,
        ...reachable,
      })
    ),
    ...camera.presets.map((preset) =>
      entity("button", `preset_${slug(preset.id)}`, {
        name: `Go to ${preset.name}`,
        command_topic: topics.commandOf(camera.id, "preset"),
        payload_press: preset.id,
        icon: "mdi:camera-marker",
        ...reachable,
      })
    ),
    ...(hasSnapshots && camera.hasVideo
      ? [entity("button", "take_snapshot", {
        name: "Take a picture",
        command_topic: topics.commandOf(camera.id, "snapshot"),
        payload_press: "PRESS",
        icon: "mdi:camera",
        ...reachable,
      })]
      : []),
  ];
}

function deviceOf({ id, name, info }: CameraDescription, { topics, origin }: DiscoveryContext) {
  const { manufacturer, vendor = manufacturer, model, firmware, serial } = info;
  return {
    identifiers: [topics.device(id)],
    name,
    via_device: topics.node,
    ...(vendor === undefined ? {} : { manufacturer: vendor }),
    ...(model === undefined ? {} : { model }),
    ...(firmware === undefined ? {} : { sw_version: firmware }),
    ...(serial === undefined ? {} : { serial_number: serial }),
    ...(origin === undefined ? {} : { configuration_url: `${origin}/cameras/${id}` }),
  };
}

function hubIsThere(topics: Topics) {
  return { topic: topics.hubStatus };
}

/** Adds what every entity has. */
function entityMaker(
  { topics, device, idPrefix, objectPrefix }: {
    topics: Topics;
    device: Record<string, unknown>;
    idPrefix: string;
    objectPrefix: string;
  },
) {
  return (component: string, key: string, config: Record<string, unknown>): Entity => ({
    topic: topics.discovery(component, `${objectPrefix}--${key}`),
    config: {
      unique_id: `${idPrefix}--${key}`,
      qos: 1,
      ...config,
      device,
      origin: { name: "Tapo Camera MCP", sw_version: VERSION },
    },
  });
}

/** An id of a preset as a part of a topic; without `-`, which ends the camera's id there. */
function slug(id: string): string {
  return id.replace(/[^A-Za-z0-9_]/g, (character) => `_${character.codePointAt(0)?.toString(16)}_`);
}
