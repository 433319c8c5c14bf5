// The reader of cameras' XML: what it takes, what it refuses, and that neither takes long.
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  childrenOf,
  escapeXml,
  find,
  numberAt,
  parseXml,
  textAt,
  type XmlElement,
} from "../../../../src/protocols/onvif/xml.ts";

/** An element as plain data. */
function plain({ name, attributes, children, text }: XmlElement): unknown {
  return [name, Object.fromEntries(attributes), text, ...children.map(plain)];
}

const READ: Record<string, readonly [string, unknown]> = {
  "prefixes, attributes and text": [
    `<?xml version="1.0"?>\n<a:x xmlns:a="n" k="1" a:l='2'>\n t <b/><c >u</c ></a:x>\n`,
    ["x", { k: "1", l: "2" }, "t", ["b", {}, ""], ["c", {}, "u"]],
  ],
  "entities": [`<x k="&lt;&#65;&#x42;&quot;">&amp;&gt;&apos;&nope;&#0;&#x110000;</x>`, [
    "x",
    { k: '<AB"' },
    "&>'&nope;",
  ]],
  "CDATA and comments": ["<x><!-- <no> --><![CDATA[<raw> &amp;]]><!----> y</x>", ["x", {}, "<raw> &amp; y"]],
  "a declaration with typographic quotes": ["<?xml version=”1.0” ?><x/>", ["x", {}, ""]],
  "a > in an attribute": [`<x k="a>b"/>`, ["x", { k: "a>b" }, ""]],
  "white space everywhere": [`  <x  k = "1"  ><y\n/></x  >  `, ["x", { k: "1" }, "", ["y", {}, ""]]],
  "text around children": ["<x>a<y/>b</x>", ["x", {}, "ab", ["y", {}, ""]]],
  "a name like an object's own": [`<__proto__ constructor="1"><toString/></__proto__>`, [
    "__proto__",
    { constructor: "1" },
    "",
    ["toString", {}, ""],
  ]],
};
for (const [name, [source, expected]] of Object.entries(READ)) {
  Deno.test(`parseXml reads ${name}`, () => assertEquals(plain(parseXml(source)), expected));
}

Deno.test("parseXml resolves namespaces through the elements around", () => {
  const root = parseXml(`<x xmlns="d" xmlns:p="one"><p:a/><b><p:c xmlns:p="two"/><p:d/></b><q:e/></x>`);
  const names = (element: XmlElement): string[] => [element.namespace, ...element.children.flatMap(names)];
  assertEquals(names(root), ["d", "one", "d", "two", "one", ""]);
});

const REFUSED: Record<string, string> = {
  "nothing": "",
  "text": "lollipop",
  "an end missing": "<a><b></b>",
  "ends crossed": "<a><b></a></b>",
  "an end too many": "<a></a></a>",
  "two roots": "<a/><b/>",
  "a tag cut off": "<a><b k=",
  "an attribute without quotes": "<a k=1/>",
  "a comment without end": "<a><!-- </a>",
  "CDATA without end": "<a><![CDATA[ </a>",
  "a document type": `<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`,
  "a < that opens nothing": "<a>1 < 2</a>",
  "depth without end": "<a>".repeat(100) + "</a>".repeat(100),
  "too many elements": `<a>${"<b/>".repeat(20_001)}</a>`,
  "too many attributes": `<a ${Array.from({ length: 300 }, (_, at) => `k${at}="1"`).join(" ")}/>`,
  "HTML": "<!DOCTYPE html><html><br></html>",
};
for (const [name, source] of Object.entries(REFUSED)) {
  Deno.test(`parseXml refuses ${name}`, () => {
    assertThrows(() => parseXml(source), SyntaxError);
  });
}

/**
 * What brings readers with careless patterns to a halt. None may take a noticeable part of the test's time
 * limit.
 */
const SLOW: Record<string, string> = {
  "xmlns without end": `<a ${"xmlns".repeat(400_000)}`,
  "quotes without end": `<a ${'b="'.repeat(400_000)}`,
  "brackets": "<".repeat(2_000_000),
  "spaces in a tag": `<a${" ".repeat(2_000_000)}`,
  "comments begun": "<a>" + "<!--".repeat(400_000),
  "ampersands": `<a>${"&".repeat(2_000_000)}</a>`,
  "ends without begin": "</a>".repeat(400_000),
};
for (const [name, source] of Object.entries(SLOW)) {
  Deno.test(`parseXml is not held up by ${name}`, () => {
    try {
      parseXml(source);
    } catch (error) {
      assert(error instanceof SyntaxError);
    }
  });
}

Deno.test("parseXml: random damage to an answer is read or refused, nothing else", () => {
  const whole =
    `<s:Envelope xmlns:s="x"><s:Body a="1"><b>t &amp; u</b><!-- c --><![CDATA[d]]></s:Body></s:Envelope>`;
  let seed = 1;
  const random = (below: number) => (seed = seed * 48271 % 0x7fffffff) % below;
  for (let round = 0; round < 3000; round++) {
    const at = random(whole.length);
    const damaged = whole.slice(0, at) + String.fromCharCode(random(128)) + whole.slice(at + random(3));
    try {
      parseXml(damaged);
    } catch (error) {
      assert(error instanceof SyntaxError, `${error} for ${damaged}`);
    }
  }
});

Deno.test("escapeXml: what it writes is read back", () => {
  const text = `a & b < c > d "e" 'f' ä 雪 🐕`;
  assertEquals(parseXml(`<x k="${escapeXml(text)}">${escapeXml(text)}</x>`).text, text);
  assertEquals(parseXml(`<x k="${escapeXml(text)}"/>`).attributes.get("k"), text);
  assertEquals(escapeXml("a\u0000\u001b\ud800b\tc"), "ab\tc");
  assertStringIncludes(escapeXml("</ProfileToken>"), "&#60;/ProfileToken&#62;");
});

Deno.test("find, childrenOf, textAt and numberAt follow paths, and stop where they end", () => {
  const root = parseXml("<a><b><c> 1.5 </c></b><b><c>2</c><d/></b></a>");
  assertEquals([textAt(root, "b", "c"), numberAt(root, "b", "c")], ["1.5", 1.5]);
  assertEquals([textAt(root, "x", "c"), numberAt(root, "b"), textAt(undefined, "b")], [
    undefined,
    undefined,
    undefined,
  ]);
  assertEquals([childrenOf(root, "b").length, childrenOf(undefined, "b").length], [2, 0]);
  assertEquals([find(root)?.name, textAt(childrenOf(root, "b")[1], "d")], ["a", undefined]);
});
