// What goes wrong between the hub and its MQTT broker, in words.
import { HubError } from "../base/errors.ts";
import { redactText } from "../base/secret.ts";

/** As mqtt.js throws it. `code` is a number where the broker said no, else that of the system. */
interface MqttFailure {
  message?: string;
  code?: number | string;
}

const CERTIFICATE = /certificate|UnknownIssuer|self.signed|altname/i;
/** MQTT 3.1.1, table 3.1: what a broker answers to a connection that it does not take. */
const WRONG_ACCOUNT = 4;
const NOT_AUTHORIZED = 5;

/** Translates why there is no connection, or none any more. */
export function explainMqttError(error: unknown, broker: string): HubError {
  const { code, message = "" } = (error ?? {}) as MqttFailure;
  const said = redactText(message);
  const cause = new Error(said);
  if (code === WRONG_ACCOUNT || code === NOT_AUTHORIZED) {
    return new HubError("unauthenticated", `The MQTT broker ${broker} refuses the login`, {
      hint: "Check mqtt.username and mqtt.password in the configuration file",
      details: { broker },
      cause,
    });
  }
  if (CERTIFICATE.test(said)) {
    return new HubError("forbidden", `The certificate of the MQTT broker ${broker} is not trusted: ${said}`, {
      hint: "Use the name that stands in the certificate, or give its authority as mqtt.ca",
      details: { broker },
      cause,
    });
  }
  const what = said === "" ? "the connection was closed" : said;
  return new HubError("unavailable", `The MQTT broker ${broker} cannot be reached: ${what}`, {
    hint: "Check mqtt.url in the configuration file, and that the broker runs",
    details: { broker },
    cause,
  });
}

/** Nothing can be published now. */
export function notConnected(broker: string): HubError {
  return new HubError("unavailable", `There is no connection to the MQTT broker ${broker} at present`);
}
