// Plays the recordings of one camera along a time that is told to it: finds the file of each moment, goes over from one file
// to the next with two video elements, the second of which has the next file ready before the first ends.
import { ApiProblem } from "./api.ts";
import type { PlaceView } from "./timeline_client.ts";

/** What is used of a video element. */
export type Video = Pick<
  HTMLVideoElement,
  | "src"
  | "currentTime"
  | "paused"
  | "seeking"
  | "readyState"
  | "playbackRate"
  | "play"
  | "pause"
  | "load"
  | "error"
>;

/** How a pane stands. `none`: nothing was recorded then. */
export type PaneState = "looking" | "none" | "loading" | "ready" | "failed";

/** What a player needs. */
export interface PaneOptions {
  locate(atMs: number): Promise<PlaceView>;
  /** The state or the shown element changed. */
  onChange(): void;
}

/** How a moment is to be shown. */
export interface Wish {
  atMs: number;
  isPlaying: boolean;
  rate: number;
}

/** A file. */
export interface Clip {
  id: string;
  isLocked: boolean;
  link: string;
  fromMs: number;
  toMs: number;
}

/** So far a picture may be from the moment before it is put right: while it plays, and while it stands. */
const PLAYING_SLACK_MS = 400;
const STANDING_SLACK_MS = 40;
/** The next file is fetched when the present one has no more than this left, and begins no later than this after it. */
const PREPARE_MS = 20_000;
const ASK_AGAIN_MS = 3000;
const HAVE_CURRENT_DATA = 2;
const HAVE_FUTURE_DATA = 3;

/** One camera. */
export class PanePlayer {
  readonly #options: PaneOptions;
  #videos: readonly [Video, Video] | undefined;
  /** Which of the two is shown. */
  #front: 0 | 1 = 0;
  readonly #loaded: [string, string] = ["", ""];
  #clip: Clip | undefined;
  #next: Clip | undefined;
  /** Time of which it is known that nothing was recorded: up to the next file, or for good. */
  #empty: { fromMs: number; toMs: number } | undefined;
  #isAsking = false;
  #askNotBefore = 0;
  #hasNoNext = false;
  #state: PaneState = "looking";

  constructor(options: PaneOptions) {
    this.#options = options;
  }

  get state(): PaneState {
    return this.#state;
  }

  /** Which of the two elements is shown. */
  get front(): 0 | 1 {
    return this.#front;
  }

  /** When the next file begins, as far as that is known. */
  get nextMs(): number | undefined {
    return this.#next?.fromMs;
  }

  /** The moment whose picture is shown; undefined while none plays. */
  get atMs(): number | undefined {
    const video = this.#videos?.[this.#front];
    if (!video || !this.#clip || this.#state !== "ready") return undefined;
    return this.#clip.fromMs + video.currentTime * 1000;
  }

  /** The file whose picture is shown. */
  get shown(): Readonly<Clip> | undefined {
    return this.#state === "ready" ? this.#clip : undefined;
  }

  /** Notes that a file was locked or unlocked. */
  noteLock(id: string, isLocked: boolean): void {
    if (this.#clip?.id === id) this.#clip = { ...this.#clip, isLocked };
    this.#options.onChange();
  }

  attach(videos: readonly [Video, Video] | undefined): void {
    this.#videos = videos;
    this.#loaded.fill("");
    if (!videos) this.#clip = undefined;
  }

  /** Forgets where files lie: others may have come. */
  refresh(): void {
    this.#empty = undefined;
    this.#hasNoNext = false;
  }

  /** Shows a moment; to be called again and again while it plays. */
  show(wish: Wish): void {
    const { atMs } = wish;
    if (!this.#videos) return;
    if (this.#next && isIn(this.#next, atMs)) this.#goOver(this.#next);
    if (this.#clip && isIn(this.#clip, atMs)) return this.#follow(this.#clip, wish);
    this.#pauseBoth();
    // Between this file and the next there is nothing.
    const isBetween = this.#clip && this.#next && atMs >= this.#clip.toMs && atMs < this.#next.fromMs;
    if (isBetween) return this.#become("none");
    if (this.#empty && atMs >= this.#empty.fromMs && atMs < this.#empty.toMs) return this.#become("none");
    if (performance.now() >= this.#askNotBefore) this.#become("looking");
    void this.#look(atMs);
  }

  #follow(clip: Clip, { atMs, isPlaying, rate }: Wish): void {
    const video = this.#load(this.#front, clip);
    if (!video) return;
    if (video.error) return this.#become("failed");
    const wantedMs = atMs - clip.fromMs;
    const offMs = Math.abs(video.currentTime * 1000 - wantedMs);
    const slackMs = isPlaying ? PLAYING_SLACK_MS * Math.max(1, rate) : STANDING_SLACK_MS;
    if (offMs > slackMs && !video.seeking) video.currentTime = wantedMs / 1000;
    if (video.playbackRate !== rate) video.playbackRate = rate;
    if (isPlaying && video.paused) void this.#play(video);
    if (!isPlaying && !video.paused) video.pause();
    const enough = isPlaying ? HAVE_FUTURE_DATA : HAVE_CURRENT_DATA;
    this.#become(video.seeking || video.readyState < enough ? "loading" : "ready");
    this.#prepare(clip, atMs);
  }

  /** Fetches the next file behind the one that is shown, or asks which that is. */
  #prepare(clip: Clip, atMs: number): void {
    if (clip.toMs - atMs > PREPARE_MS) return;
    const next = this.#next;
    if (next && next.fromMs - clip.toMs < PREPARE_MS) this.#load(this.#front === 0 ? 1 : 0, next);
    if (!next && !this.#isAsking && !this.#hasNoNext) void this.#look(atMs);
  }

  #goOver(next: Clip): void {
    const other = this.#front === 0 ? 1 : 0;
    this.#videos?.[this.#front].pause();
    if (this.#loaded[other] === next.link) this.#front = other;
    this.#clip = next;
    this.#next = undefined;
    this.#hasNoNext = false;
    this.#options.onChange();
  }

  #load(which: 0 | 1, { link }: Clip): Video | undefined {
    const video = this.#videos?.[which];
    if (!video || this.#loaded[which] === link) return video;
    this.#loaded[which] = link;
    video.src = link;
    video.load();
    return video;
  }

  async #play(video: Video): Promise<void> {
    try {
      await video.play();
    } catch (error) {
      // Another moment was asked for before it began, or the browser wants a press of the user first.
      if (!(error instanceof DOMException)) throw error;
    }
  }

  async #look(atMs: number): Promise<void> {
    if (this.#isAsking || performance.now() < this.#askNotBefore) return;
    this.#isAsking = true;
    try {
      const { recording, next } = await this.#options.locate(atMs);
      this.#hasNoNext = next === undefined;
      this.#next = next && clipOf(next);
      if (recording) this.#clip = clipOf(recording);
      else this.#empty = { fromMs: atMs, toMs: this.#next?.fromMs ?? Infinity };
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      // The hub does not answer, which is told elsewhere.
      this.#askNotBefore = performance.now() + ASK_AGAIN_MS;
      this.#become("failed");
    } finally {
      this.#isAsking = false;
      this.#options.onChange();
    }
  }

  #pauseBoth(): void {
    for (const video of this.#videos ?? []) if (!video.paused) video.pause();
  }

  #become(state: PaneState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.onChange();
  }
}

function clipOf({ id, locked, started_at, duration_s, links }: NonNullable<PlaceView["recording"]>): Clip {
  const fromMs = Date.parse(started_at);
  return { id, isLocked: locked, link: links.video, fromMs, toMs: fromMs + duration_s * 1000 };
}

function isIn({ fromMs, toMs }: Clip, atMs: number): boolean {
  return atMs >= fromMs && atMs < toMs;
}
