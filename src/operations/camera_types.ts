// The forms for adding a camera, made from the drivers' own schemas.
import { z } from "zod";
import type { Driver } from "../devices/driver.ts";
import type { CameraFieldView, CameraTypeView } from "./views.ts";

interface PropertySchema {
  type?: string;
  title?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
}

/** Describes a driver's cameras and the fields of their form. */
export function cameraTypeView(driver: Driver): CameraTypeView {
  const schema = z.toJSONSchema(driver.options, { io: "input", unrepresentable: "any" });
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).map(([name, property]) =>
    fieldView(name, property as PropertySchema, {
      isRequired: required.has(name),
      isSecret: driver.secrets?.includes(name) ?? false,
    })
  );
  return { type: driver.id, title: driver.title, summary: driver.summary, fields };
}

function fieldView(
  name: string,
  property: PropertySchema,
  { isRequired, isSecret }: { isRequired: boolean; isSecret: boolean },
): CameraFieldView {
  const preset = property.default;
  const isPlain = typeof preset === "string" || typeof preset === "number" || typeof preset === "boolean";
  return {
    name,
    title: property.title ?? name,
    kind: isSecret ? "secret" : fieldKind(property),
    required: isRequired,
    ...(isPlain ? { default: preset } : {}),
    ...(property.enum ? { choices: property.enum.map(String) } : {}),
    ...(property.minimum === undefined ? {} : { min: property.minimum }),
    ...(property.maximum === undefined ? {} : { max: property.maximum }),
    ...(property.description === undefined ? {} : { help: property.description }),
  };
}

function fieldKind(property: PropertySchema): CameraFieldView["kind"] {
  if (property.enum) return "choice";
  if (property.type === "integer" || property.type === "number") return "number";
  return property.type === "boolean" ? "boolean" : "text";
}
