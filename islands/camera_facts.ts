// Names for people of what drivers tell about a device: its facts, and what it can do.

const FACTS: Readonly<Record<string, string>> = {
  name: "Its own name",
  manufacturer: "Maker",
  model: "Model",
  type: "Device class",
  mac: "MAC address",
  serial: "Serial number",
  firmware: "Firmware",
  hardware: "Hardware",
  region: "Region",
  address: "Address",
  profile: "Profile",
  driver: "Driver",
  bus: "Bus",
  node: "Node",
  path: "Path",
  drawn_by: "Drawn by",
};

const CAPABILITIES: Readonly<Record<string, string>> = {
  video: "picture",
  ptz: "moving",
  presets: "presets",
  patrol: "patrol",
  settings: "settings",
  privacy: "privacy mode",
  led: "status light",
  motion: "motion detection",
  siren: "siren",
  storage: "memory card",
  power: "battery",
  observations: "events",
  reboot: "restart",
};

/** The title of a fact; of one that is not known here, its key as words. */
export function factTitle(key: string): string {
  return FACTS[key] ?? asWords(key);
}

/** "Picture, moving, presets". */
export function capabilitiesText(names: readonly string[]): string {
  const text = names.map((name) => CAPABILITIES[name] ?? name.replaceAll("_", " ")).join(", ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function asWords(key: string): string {
  const words = key.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
