// How the files of the folder are written.
import { stringify } from "@std/yaml";

/** A value as YAML: long lines stay whole, and nothing refers to another place. */
export function toYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
