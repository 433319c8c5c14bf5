// Reads the XML that cameras send: by local names, in linear time and within bounds, for it is not to be
// trusted.
import { toNumber } from "./values.ts";

/** An element. Names and attributes are without their prefix. */
export interface XmlElement {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own text, entities resolved, without white space around it. */
  readonly text: string;
}

const MAX_ELEMENTS = 20_000;
const MAX_DEPTH = 64;
const MAX_ATTRIBUTES = 256;

/**
 * Reads a document. Comments and processing instructions are passed over; a document type is refused, and
 * with it every entity of a document's own.
 * @throws SyntaxError when it is no XML or is larger than any answer of a camera.
 */
export function parseXml(source: string): XmlElement {
  return new Reader(source).read();
}

/** An element that is still open. */
interface OpenElement {
  tag: string;
  name: string;
  namespace: string;
  attributes: Map<string, string>;
  /** Prefixes that the element itself declares. */
  prefixes: Map<string, string> | undefined;
  children: XmlElement[];
  texts: string[];
}

const OPEN = /<([^\s/<>="'!?&]{1,256})/y;
const ATTRIBUTE = /\s+([^\s=/<>"']{1,256})\s*=\s*(?:"([^"]*)"|'([^']*)')/y;
const END = /\s*(\/?)>/y;
const CLOSE = /<\/([^\s/<>="'!?&]{1,256})\s*>/y;

class Reader {
  readonly #source: string;
  readonly #stack: OpenElement[] = [];
  #at = 0;
  #elements = 0;
  #root: XmlElement | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  read(): XmlElement {
    for (;;) {
      const begin = this.#source.indexOf("<", this.#at);
      if (begin < 0) break;
      this.#addText(resolveEntities(this.#source.slice(this.#at, begin)));
      this.#at = begin;
      this.#step();
    }
    if (!this.#root || this.#stack.length > 0) throw new SyntaxError("The XML has no end");
    return this.#root;
  }

  #step(): void {
    const next = this.#source.slice(this.#at, this.#at + 9);
    if (next.startsWith("<?")) this.#skipPast("?>");
    else if (next.startsWith("<!--")) this.#skipPast("-->");
    else if (next === "<![CDATA[") this.#addText(this.#skipPast("]]>").slice(9));
    else if (next.startsWith("<!")) throw new SyntaxError("The XML has a document type");
    else if (next.startsWith("</")) this.#close();
    else this.#open();
  }

  /** Returns what was passed over, without its end. */
  #skipPast(end: string): string {
    const begin = this.#at;
    const found = this.#source.indexOf(end, begin);
    if (found < 0) throw new SyntaxError("The XML has no end");
    this.#at = found + end.length;
    return this.#source.slice(begin, found);
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source) ?? undefined;
    if (match) this.#at = pattern.lastIndex;
    return match;
  }

  #addText(text: string): void {
    if (text !== "") this.#stack.at(-1)?.texts.push(text);
  }

  #open(): void {
    const tag = this.#match(OPEN)?.[1];
    if (tag === undefined || this.#root) throw new SyntaxError("The XML is malformed");
    if (++this.#elements > MAX_ELEMENTS || this.#stack.length >= MAX_DEPTH) {
      throw new SyntaxError("The XML is too large");
    }
    const element: OpenElement = {
      tag,
      name: withoutPrefix(tag),
      namespace: "",
      attributes: new Map(),
      prefixes: undefined,
      children: [],
      texts: [],
    };
    this.#readAttributes(element);
    this.#stack.push(element);
    element.namespace = this.#namespaceOf(tag);
    const end = this.#match(END);
    if (!end) throw new SyntaxError("The XML is malformed");
    if (end[1] === "/") this.#finish();
  }

  #readAttributes(element: OpenElement): void {
    for (let count = 0;; count++) {
      const match = this.#match(ATTRIBUTE);
      if (!match) return;
      if (count >= MAX_ATTRIBUTES) throw new SyntaxError("The XML is too large");
      const [, name = "", double, single] = match;
      const value = resolveEntities(double ?? single ?? "");
      if (name === "xmlns" || name.startsWith("xmlns:")) {
        element.prefixes ??= new Map();
        element.prefixes.set(name.slice(6), value);
      } else element.attributes.set(withoutPrefix(name), value);
    }
  }

  #namespaceOf(tag: string): string {
    const colon = tag.indexOf(":");
    const prefix = colon < 0 ? "" : tag.slice(0, colon);
    for (let depth = this.#stack.length - 1; depth >= 0; depth--) {
      const namespace = this.#stack[depth]?.prefixes?.get(prefix);
      if (namespace !== undefined) return namespace;
    }
    return "";
  }

  #close(): void {
    const tag = this.#match(CLOSE)?.[1];
    if (tag === undefined || this.#stack.at(-1)?.tag !== tag) throw new SyntaxError("The XML is malformed");
    this.#finish();
  }

  #finish(): void {
    const open = this.#stack.pop();
    if (!open) return;
    const { name, namespace, attributes, children, texts } = open;
    const element = { name, namespace, attributes, children, text: texts.join("").trim() };
    const parent = this.#stack.at(-1);
    if (parent) parent.children.push(element);
    else this.#root = element;
  }
}

function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);

/** The five entities of XML and numbered characters; what is unknown stays as it is. */
function resolveEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,4}));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES.get(name) ?? whole;
    const code = hex !== undefined ? parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
  });
}

/** Text as it may stand in an element or attribute. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
    // XML 1.0 knows no other control characters than these three.
    .replace(/[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "");
}

/** The children of one name. */
export function childrenOf(element: XmlElement | undefined, name: string): XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The first element at the end of the path, or undefined where the path ends early. */
export function find(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  let here = element;
  for (const name of path) here = here?.children.find((child) => child.name === name);
  return here;
}

/** The text at the end of the path; undefined when it is absent or empty. */
export function textAt(element: XmlElement | undefined, ...path: readonly string[]): string | undefined {
  return find(element, ...path)?.text || undefined;
}

/** The number at the end of the path; undefined when there is none. */
export function numberAt(element: XmlElement | undefined, ...path: readonly string[]): number | undefined {
  return toNumber(textAt(element, ...path));
}
