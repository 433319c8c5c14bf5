// The messages of WS-Discovery: the question and what may be believed of an answer.
import { known } from "./values.ts";
import { childrenOf, find, parseXml, textAt, type XmlElement } from "./xml.ts";

/** A camera that answered. */
export interface OnvifFinding {
  /** The address that answered. */
  address: string;
  /** Addresses of its device service, all at `address`. */
  xaddrs: string[];
  /** What it tells of itself to anybody. */
  scopes: { name?: string; hardware?: string; location?: string };
  /** Its name among devices; the same on every network. Empty when it has none. */
  urn: string;
}

/** No camera's answer comes near it. */
const MAX_ANSWER_BYTES = 16 * 1024;
const MAX_XADDRS = 8;

/** What is looked for: some cameras answer only to one of these. */
export const PROBE_TYPES = ["dn:NetworkVideoTransmitter", "tds:Device", ""] as const;

/** Writes a question (WS-Discovery of April 2005, as ONVIF Core uses it). */
export function writeProbe(type: typeof PROBE_TYPES[number], messageId: string): string {
  return '<?xml version="1.0" encoding="UTF-8"?>' +
    '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"' +
    ' xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing"' +
    ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"' +
    ' xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl">' +
    `<e:Header><w:MessageID>urn:uuid:${messageId}</w:MessageID>` +
    "<w:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>" +
    "<w:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header>" +
    `<e:Body><d:Probe>${type === "" ? "" : `<d:Types>${type}</d:Types>`}</d:Probe></e:Body></e:Envelope>`;
}

/**
 * Reads an answer; none of it is believed but that a camera is at the address it came from. An answer that is
 * no answer of a camera gives nothing.
 */
export function readProbeMatches(message: Uint8Array, address: string): OnvifFinding[] {
  if (message.length > MAX_ANSWER_BYTES) return [];
  let matches: XmlElement[];
  try {
    const root = parseXml(new TextDecoder().decode(message));
    matches = childrenOf(find(root, "Body", "ProbeMatches"), "ProbeMatch");
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
  return matches.slice(0, 4).flatMap((match) => readMatch(match, address) ?? []);
}

function readMatch(match: XmlElement, address: string): OnvifFinding | undefined {
  const scopes = words(textAt(match, "Scopes"));
  const named = words(textAt(match, "XAddrs")).slice(0, MAX_XADDRS);
  const xaddrs = [...new Set(named.flatMap((xaddr) => atAddress(xaddr, address) ?? []))];
  // Printers and computers answer as well to a question without a type.
  const isCamera = words(textAt(match, "Types")).some((type) => type.endsWith("NetworkVideoTransmitter")) ||
    scopes.some((scope) => scope.toLowerCase().startsWith("onvif://")) ||
    xaddrs.some((xaddr) => xaddr.includes("/onvif/"));
  if (!isCamera || xaddrs.length === 0) return undefined;
  return {
    address,
    xaddrs,
    scopes: readScopes(scopes),
    urn: (textAt(match, "EndpointReference", "Address") ?? "").slice(0, 200),
  };
}

function words(text: string | undefined): string[] {
  return text?.split(/\s+/).filter((word) => word !== "").slice(0, 100) ?? [];
}

/** A service's address at the host that answered: an answer must not send us anywhere else. */
function atAddress(xaddr: string, address: string): string | undefined {
  const url = URL.parse(xaddr);
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:")) return undefined;
  const host = address.includes(":") ? `[${address}]` : address;
  return `${url.protocol}//${host}${url.port === "" ? "" : `:${url.port}`}${url.pathname}${url.search}`;
}

function readScopes(scopes: readonly string[]): OnvifFinding["scopes"] {
  const value = (name: string) => {
    const prefix = `onvif://www.onvif.org/${name}/`;
    const scope = scopes.find((each) => each.toLowerCase().startsWith(prefix));
    const text = scope && decode(scope.slice(prefix.length)).replace(/[\s_]+/g, " ").trim().slice(0, 100);
    return text || undefined;
  };
  return known({ name: value("name"), hardware: value("hardware"), location: value("location") });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
