// A connection to a real broker: login, will, TLS, and what is told when there is none.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { mqttSection } from "../../../src/config/channels.ts";
import { type Incoming, MqttLink } from "../../../src/mqtt/link.ts";
import { failureOf, forever } from "../../drivers/stage.ts";
import { Broker } from "../../emulators/mqtt/broker.ts";
import { CertificateAuthority } from "../../tools/certificate_authority.ts";
import { until } from "../tools/processes.ts";

const WILL = { topic: "t/status", payload: "offline" };
const PASSWORD = "brok3r-Pass";

function open(
  url: string,
  options: Record<string, unknown> = {},
  messages: Incoming[] = [],
): Promise<MqttLink> {
  const section = mqttSection.parse({ url, ...options });
  return MqttLink.open({ section, will: WILL, onMessage: (message) => messages.push(message) }, forever);
}

Deno.test("what is published is confirmed and heard by others; goodbye tells no will [MQTT-BROKER]", async () => {
  await using broker = await Broker.start({ account: { user: "hub", password: PASSWORD } });
  const follower = await broker.follow("t/#");
  const messages: Incoming[] = [];
  const link = await open(broker.url, { username: "hub", password: PASSWORD }, messages);
  await link.subscribe(["t/in"]);
  await link.publish("t/a", "1");
  await follower.waitFor("t/a", "1");
  await broker.publish("t/in", "hello");
  await until(() => messages.length > 0, "the message");
  assertEquals(messages.map(({ topic, isRetained }) => [topic, isRetained]), [["t/in", false]]);
  assertEquals(new TextDecoder().decode(messages[0]?.payload), "hello");
  await link.end();
  const other = await open(broker.url, { username: "hub", password: PASSWORD });
  await other.publish("t/end", "1");
  await follower.waitFor("t/end", "1");
  assertEquals(follower.payloads("t/status"), []);
  assertEquals(follower.heard.every(({ qos }) => qos === 1), true);
  await other.end();
});

Deno.test("a broker that dies ends the connection and what is under way", async () => {
  await using broker = await Broker.start();
  const link = await open(broker.url);
  await broker.stop();
  const error = await link.closed;
  assertEquals(error.kind, "unavailable");
  assertMatch((await failureOf(link.publish("t/a", "1"))).message, /no connection/);
  await link.end();
});

Deno.test("a wrong password and a broker that is not there are told apart, without secrets [MQTT-BROKER]", async () => {
  await using broker = await Broker.start({ account: { user: "hub", password: PASSWORD } });
  const wrong = await failureOf(open(broker.url, { username: "hub", password: "wr0ng-Pass" }));
  assertEquals(wrong.kind, "unauthenticated");
  assertMatch(wrong.message, /mqtt:\/\/127\.0\.0\.1:\d+ refuses the login/);
  const none = await failureOf(open(broker.url));
  assertEquals(none.kind, "unauthenticated");
  await broker.stop();
  const away = await failureOf(open(broker.url, { username: "hub", password: "wr0ng-Pass" }));
  assertEquals(away.kind, "unavailable");
  assertMatch(away.message, /cannot be reached: .*refused/i);
  assert(!Deno.inspect([wrong, none, away], { depth: 9 }).includes("wr0ng-Pass"));
});

Deno.test("TLS: the authority that is given is trusted, nobody else is [MQTT-BROKER]", async () => {
  await using authority = await CertificateAuthority.make();
  await using broker = await Broker.start({
    identity: { ...await authority.issue("IP:127.0.0.1"), ca: authority.ca },
  });
  const link = await open(broker.url, { ca: authority.ca });
  await link.publish("t/a", "1");
  await link.end();
  const error = await failureOf(open(broker.url));
  assertMatch(error.message, /certificate of the MQTT broker mqtts:\S+ is not trusted/);
});

Deno.test("an address with an account, or of another kind, is refused when the file is read", () => {
  for (const url of ["mqtt://a:b@h", "http://h", "mqtt://", "mqtt://h/x", "broker"]) {
    assert(!mqttSection.safeParse({ url }).success, url);
  }
  assert(mqttSection.safeParse({ url: "mqtts://broker.local:8883" }).success);
});
