// Plays a camera's sound as it comes. An <audio> element alone starts to play many seconds late and stays so, because
// the browser first wants to know the file; so it is fed piece by piece where the browser can be fed with AAC.
import type { ProblemView } from "../src/operations/views.ts";
import { ApiProblem, askWhyNot, openStream } from "./api.ts";

const TYPE = "audio/aac";
/** Later than this is no longer live. */
const MOST_BEHIND_S = 1.5;
/** What a short pause of the network may use up. */
const BEHIND_S = 0.4;
/** Sound that was heard is of no more use. */
const KEPT_S = 20;

/** What becomes of the sound. After `ended` or `failed` nothing more comes. */
export interface SoundEvents {
  playing(): void;
  ended(): void;
  /** Without a problem: the browser cannot play it. */
  failed(problem: ProblemView | undefined): void;
}

/** Plays until the returned function is called. */
export function playSound(audio: HTMLAudioElement, path: string, events: SoundEvents): () => void {
  const leave = new AbortController();
  const { signal } = leave;
  const on = (name: string, listener: () => void) => audio.addEventListener(name, listener, { signal });
  on("playing", events.playing);
  on("ended", events.ended);
  const playWhole = () => {
    on("error", () => void askWhyNot(path).then((problem) => signal.aborted || events.failed(problem)));
    audio.src = path;
    start(audio);
  };
  if (typeof MediaSource === "undefined" || !MediaSource.isTypeSupported(TYPE)) playWhole();
  else feedFrom(audio, path, { events, signal, playWhole });
  return () => {
    leave.abort();
    // Browsers go on reading the stream of an element that has left the page.
    audio.pause();
    audio.removeAttribute("src");
    audio.load();
  };
}

/** A refusal to play comes as an event as well. */
function start(audio: HTMLAudioElement): void {
  void audio.play().catch(() => {});
}

interface Feeding {
  events: SoundEvents;
  signal: AbortSignal;
  /** The other way, for a page whose policy forbids this one. */
  playWhole(): void;
}

function feedFrom(audio: HTMLAudioElement, path: string, { events, signal, playWhole }: Feeding): void {
  const source = new MediaSource();
  const url = URL.createObjectURL(source);
  const forbidden = new AbortController();
  signal.addEventListener("abort", () => forbidden.abort());
  audio.addEventListener("error", () => {
    forbidden.abort();
    playWhole();
  }, { once: true, signal: forbidden.signal });
  source.addEventListener("sourceopen", () => {
    forbidden.abort();
    URL.revokeObjectURL(url);
    feed(audio, source, path, signal).then(
      () => signal.aborted || events.ended(),
      (error) => signal.aborted || events.failed(error instanceof ApiProblem ? error.problem : undefined),
    );
  }, { once: true, signal });
  audio.src = url;
  start(audio);
}

/** Resolves when the hub ends the stream. */
async function feed(
  audio: HTMLAudioElement,
  source: MediaSource,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const buffer = source.addSourceBuffer(TYPE);
  const reader = (await openStream(path, signal)).getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    await updated(buffer, () => buffer.appendBuffer(read.value as Uint8Array<ArrayBuffer>));
    const { buffered } = buffer;
    if (buffered.length === 0) continue;
    const endS = buffered.end(buffered.length - 1);
    if (endS - audio.currentTime > MOST_BEHIND_S) audio.currentTime = endS - BEHIND_S;
    const heardS = audio.currentTime - KEPT_S;
    // Not at every piece: removing takes as long as adding.
    if (buffered.start(0) < heardS - KEPT_S) await updated(buffer, () => buffer.remove(0, heardS));
  }
}

function updated(buffer: SourceBuffer, change: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = new AbortController();
    const listen = (name: string, then: () => void) =>
      buffer.addEventListener(name, () => {
        done.abort();
        then();
      }, { signal: done.signal });
    listen("updateend", resolve);
    listen("error", () => reject(new Error("The browser cannot decode the sound")));
    change();
  });
}
