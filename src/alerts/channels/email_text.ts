// An alert as an e-mail: subject, plain text, and HTML with the picture in it.
import type { AlertMessage } from "../channel.ts";

/** What a mail consists of. */
export interface MailText {
  subject: string;
  text: string;
  html: string;
}

/** Mail programs cut longer subjects off. */
const MAX_SUBJECT_CHARS = 150;

const STATES = { firing: "", resolved: "Over: ", test: "Test: " } as const;

/** Puts an alert into words. @param picture id of the picture in the same mail; undefined where there is none. */
export function mailText(message: AlertMessage, picture?: string): MailText {
  const facts = factsOf(message);
  const url = message.url;
  const title = oneLine(message.title);
  const text = [
    title,
    "",
    message.text,
    "",
    ...facts.map(([name, value]) => `${name}: ${value}`),
    ...(url === undefined ? [] : ["", url]),
  ];
  const html = [
    `<h2>${escapeHtml(title)}</h2>`,
    `<p>${escapeHtml(message.text)}</p>`,
    ...(picture === undefined
      ? []
      : [`<p><img src="cid:${picture}" alt="" style="max-width:100%;height:auto"></p>`]),
    "<table>",
    ...facts.map(([name, value]) =>
      `<tr><td style="padding-right:1em">${escapeHtml(name)}</td><td>${escapeHtml(value)}</td></tr>`
    ),
    "</table>",
    ...(url === undefined ? [] : [`<p><a href="${escapeHtml(url)}">${escapeHtml(url)}</a></p>`]),
  ];
  return {
    subject: `${STATES[message.state]}${title}`.slice(0, MAX_SUBJECT_CHARS),
    text: text.join("\n"),
    html: html.join("\n"),
  };
}

function factsOf(
  { severity, camera, kind, startedAtMs, endedAtMs, count, rule }: AlertMessage,
): [string, string][] {
  const facts: [string, string | undefined][] = [
    ["Severity", severity],
    ["Camera", camera && `${camera.name} (${camera.id})`],
    ["Event", kind],
    ["Began", localTime(startedAtMs)],
    ["Ended", endedAtMs === undefined ? undefined : localTime(endedAtMs)],
    ["Times", count > 1 ? String(count) : undefined],
    ["Rule", rule],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
}

/** In the hub's time zone, which is named. */
function localTime(epochMs: number): string {
  return new Date(epochMs).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "long" });
}

/** A line break in a header would begin another header. */
function oneLine(text: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what is taken out
  return text.replace(/[\u0000-\u001f\u007f]+/g, " ").trim();
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(
    '"',
    "&quot;",
  );
}
