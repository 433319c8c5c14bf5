// SOAP as the emulated camera reads and writes it. Reads by patterns, not with the hub's reader, so that a
// fault in one does not hide in the other.

export interface SoapCall {
  operation: string;
  /** Of the operation. */
  namespace: string;
  envelope: string;
}

/** A refusal. Codes from the outermost to the innermost. */
export class SoapFault extends Error {
  constructor(readonly codes: readonly string[], reason: string, readonly status = 400) {
    super(reason);
  }
}

export function invalidArgument(code: string, reason: string): SoapFault {
  return new SoapFault(["env:Sender", "ter:InvalidArgVal", `ter:${code}`], reason);
}

export function notSupported(operation: string): SoapFault {
  return new SoapFault(
    ["env:Receiver", "ter:ActionNotSupported"],
    `Optional Action ${operation} Not Implemented`,
    500,
  );
}

/** Finds out what is asked; undefined for what is no SOAP. */
export function readCall(envelope: string): SoapCall | undefined {
  const match = /<(?:[\w-]+:)?Body(?:\s[^>]*)?>\s*<(?:([\w-]+):)?(\w+)([^>]*)>/.exec(envelope);
  if (!match) return undefined;
  const [, prefix, operation = "", attributes = ""] = match;
  const declaration = new RegExp(`xmlns${prefix ? `:${prefix}` : ""}="([^"]*)"`);
  const namespace = declaration.exec(attributes)?.[1] ?? declaration.exec(envelope)?.[1] ?? "";
  return { operation, namespace, envelope };
}

/** The text of the first element of that name. */
export function text(xml: string, name: string): string | undefined {
  const match = new RegExp(`<(?:[\\w-]+:)?${name}(?:\\s[^>]*)?>([^<]*)</`).exec(xml)?.[1];
  return match === undefined ? undefined : unescape(match.trim());
}

/** What stands in the first element of that name. */
export function inner(xml: string, name: string): string | undefined {
  return new RegExp(`<((?:[\\w-]+:)?${name})(?:\\s[^>]*)?>([\\s\\S]*?)</\\1>`).exec(xml)?.[2];
}

/** An attribute of the first element of that name. */
export function attribute(xml: string, name: string, key: string): string | undefined {
  const tag = new RegExp(`<(?:[\\w-]+:)?${name}(\\s[^>]*)>`).exec(xml)?.[1];
  return tag === undefined ? undefined : new RegExp(`\\s${key}="([^"]*)"`).exec(tag)?.[1];
}

export function has(xml: string, name: string): boolean {
  return new RegExp(`<(?:[\\w-]+:)?${name}[\\s/>]`).test(xml);
}

function unescape(value: string): string {
  return value.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");
}

export function escape(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(
    '"',
    "&quot;",
  );
}

/** Prefixes as gSOAP declares them, on every answer. */
const NAMESPACES = Object.entries({
  env: "http://www.w3.org/2003/05/soap-envelope",
  wsa5: "http://www.w3.org/2005/08/addressing",
  wsnt: "http://docs.oasis-open.org/wsn/b-2",
  wstop: "http://docs.oasis-open.org/wsn/t-1",
  tt: "http://www.onvif.org/ver10/schema",
  ter: "http://www.onvif.org/ver10/error",
  tns1: "http://www.onvif.org/ver10/topics",
  tds: "http://www.onvif.org/ver10/device/wsdl",
  trt: "http://www.onvif.org/ver10/media/wsdl",
  tr2: "http://www.onvif.org/ver20/media/wsdl",
  tptz: "http://www.onvif.org/ver20/ptz/wsdl",
  timg: "http://www.onvif.org/ver20/imaging/wsdl",
  tev: "http://www.onvif.org/ver10/events/wsdl",
}).map(([prefix, namespace]) => `xmlns:${prefix}="${namespace}"`).join(" ");

export function envelope(body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<env:Envelope ${NAMESPACES}>` +
    `<env:Header></env:Header><env:Body>${body}</env:Body></env:Envelope>`;
}

export function faultEnvelope({ codes, message }: SoapFault): string {
  const code = codes.reduceRight(
    (within, value, depth) =>
      depth === 0
        ? `<env:Code><env:Value>${value}</env:Value>${within}</env:Code>`
        : `<env:Subcode><env:Value>${value}</env:Value>${within}</env:Subcode>`,
    "",
  );
  const reason = `<env:Reason><env:Text xml:lang="en">${escape(message)}</env:Text></env:Reason>`;
  return envelope(`<env:Fault>${code}${reason}</env:Fault>`);
}
