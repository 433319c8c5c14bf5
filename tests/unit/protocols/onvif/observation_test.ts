// Notifications are taken apart, whatever prefixes and habits a camera has.
import { assert, assertEquals } from "@std/assert";
import { readObservations } from "../../../../src/protocols/onvif/observation.ts";
import { parseXml } from "../../../../src/protocols/onvif/xml.ts";

function pulled(...notifications: string[]) {
  return readObservations(parseXml(
    `<tev:PullMessagesResponse xmlns:tev="e" xmlns:wsnt="w" xmlns:tt="t">${
      notifications.join("")
    }</tev:PullMessagesResponse>`,
  ));
}

const notification = (topic: string, message: string) =>
  `<wsnt:NotificationMessage><wsnt:Topic Dialect="d">${topic}</wsnt:Topic><wsnt:Message>${message}` +
  "</wsnt:Message></wsnt:NotificationMessage>";

Deno.test("readObservations reads topic, items, operation and time", () => {
  assertEquals(
    pulled(notification(
      "\n  tns1:RuleEngine/tnsx:LineDetector/Crossed\n",
      '<tt:Message UtcTime="2026-01-02T03:04:05Z" PropertyOperation="Initialized">' +
        '<tt:Source><tt:SimpleItem Name="Source" Value="007"/></tt:Source>' +
        '<tt:Key><tt:SimpleItem Value="k" Name="Key"/></tt:Key>' +
        '<tt:Data><tt:SimpleItem Name="IsMotion" Value="1"/><tt:ElementItem Name="x"><y/></tt:ElementItem>' +
        '<tt:SimpleItem Name="Note" Value="a &amp; b"/></tt:Data></tt:Message>',
    )),
    [{
      topic: "RuleEngine/LineDetector/Crossed",
      source: { Source: "007", Key: "k" },
      data: { IsMotion: "1", Note: "a & b" },
      operation: "Initialized",
      utcTimeMs: Date.UTC(2026, 0, 2, 3, 4, 5),
    }],
  );
});

Deno.test("readObservations: what is missing is absent or undefined; what has no topic is left out", () => {
  const message =
    '<tt:Message UtcTime="soon"><tt:Data><tt:SimpleItem Name="" Value="1"/></tt:Data></tt:Message>';
  const [only, ...others] = pulled(
    notification("A/B", message),
    notification("", message),
    notification("A/C", ""),
    "<wsnt:NotificationMessage/>",
  );
  assertEquals([only?.topic, only?.data, only?.source, only?.operation, only?.utcTimeMs, others], [
    "A/B",
    {},
    {},
    undefined,
    undefined,
    [],
  ]);
});

Deno.test("readObservations takes a bounded number of bounded texts", () => {
  const item = `<tt:SimpleItem Name="n" Value="${"v".repeat(5000)}"/>`;
  const many = Array.from({ length: 1500 }, () => notification("T", "<tt:Message/>"));
  assertEquals(pulled(...many).length, 1000);
  const [long] = pulled(
    notification("T".repeat(5000), `<tt:Message><tt:Data>${item}</tt:Data></tt:Message>`),
  );
  assert(long);
  assertEquals([long.topic.length, long.data.n?.length], [1000, 1000]);
});
