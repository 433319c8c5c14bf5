// How the parts of a device offer their named methods.
import { asNumber, asText, type JsonObject, objectAt } from "./json.ts";
import { CODES, VendorError } from "./vendor_error.ts";

/** Carries out one method: params in, result out. @throws VendorError */
export type Method = (params: JsonObject) => JsonObject;
export type Methods = { readonly [name: string]: Method };

/** The object at a path of the params. @throws VendorError when it is not there */
export function requireObject(params: JsonObject, ...keys: string[]): JsonObject {
  const found = objectAt(params, ...keys);
  if (!found) throw new VendorError(CODES.badArguments);
  return found;
}

/** A field as text. @throws VendorError when it is not there */
export function requireText(fields: JsonObject, name: string): string {
  const text = asText(fields[name]);
  if (text === undefined) throw new VendorError(CODES.badArguments);
  return text;
}

/** A field as a number, however it is written. @throws VendorError when it is none */
export function requireNumber(fields: JsonObject, name: string): number {
  const number = asNumber(fields[name]);
  if (number === undefined) throw new VendorError(CODES.badArguments);
  return number;
}

/** A field that is "on" or "off". @throws VendorError when it is neither */
export function requireSwitch(fields: JsonObject, name: string): boolean {
  const text = requireText(fields, name);
  if (text !== "on" && text !== "off") throw new VendorError(CODES.badArguments);
  return text === "on";
}
