// Shows one camera's live picture with its real rate and age; used in tiles and on the camera page.
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { FallbackPicture } from "./fallback_picture.tsx";
import { formatAge, formatDuration, formatFps } from "./format.ts";
import type { PictureFigures } from "./picture_meter.ts";
import { type LivePicture, useLivePicture } from "./use_live_picture.ts";

const TEXT = {
  live: (name: string) => `Live picture of ${name}`,
  first: "Waiting for the first picture…",
  lost: "No connection to the hub. Trying again…",
  stalled: (age: string) => `No new picture for ${age}`,
};

const OLD_MS = 1_000;
const STALLED_MS = 5_000;

export interface LiveViewProps {
  camera: string;
  name: string;
  streamUrl: string;
  /** What a fallback uses when too many streams would be open at once. */
  snapshotUrl?: string;
  /** Is content with a smaller stream of the camera that fills the room there is. */
  sized?: boolean;
  /** Shows what those see who may not see the privacy zones. */
  masked?: boolean;
  /** What stands in the place of the picture, or on it, while something is wrong with the camera. */
  trouble?: Trouble | undefined;
  onStatus: () => void;
}

export interface Trouble {
  /** Where there is no picture. */
  panel: ComponentChildren;
  /** On a picture that comes all the same; absent where such a picture would be an old one. */
  strip?: ComponentChildren;
}

/** The picture fills its parent and keeps its proportions. */
export function LiveView(props: LiveViewProps) {
  const { camera, name, snapshotUrl, sized = false, masked = false, trouble, onStatus } = props;
  const streamUrl = masked ? `${props.streamUrl}?masked=true` : props.streamUrl;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const picture = useLivePicture(camera, { box, canvas }, { sized, masked, onStatus });
  const fallback = picture.connection === "unavailable";
  const shown = trouble === undefined || (trouble.strip !== undefined && isMoving(picture));
  const note = fallback || trouble ? undefined : noteFor(picture);
  const label = TEXT.live(name);
  return (
    <>
      <div class={shown ? note && picture.drawn ? "live is-stale" : "live" : "live is-covered"} ref={box}>
        <canvas
          class="live-picture"
          ref={canvas}
          width={1280}
          height={720}
          role="img"
          aria-label={label}
          hidden={fallback}
        />
        {fallback && picture.visible && (
          <FallbackPicture alt={label} streamUrl={streamUrl} {...(snapshotUrl ? { snapshotUrl } : {})} />
        )}
        <noscript dangerouslySetInnerHTML={{ __html: imageHtml(streamUrl, label) }} />
        <p class="live-note" aria-live="polite">{note}</p>
        {shown && !fallback && picture.figures && <Figures {...picture.figures} />}
      </div>
      {trouble && (shown ? trouble.strip : trouble.panel)}
    </>
  );
}

function isMoving({ figures }: LivePicture): boolean {
  return figures !== undefined && figures.ageMs < STALLED_MS;
}

function Figures({ fps, ageMs }: PictureFigures) {
  return (
    <p class="live-figures">
      {fps !== undefined && <span>{formatFps(fps)}</span>}
      <span class={ageMs > OLD_MS ? "is-old" : undefined}>{formatAge(ageMs)}</span>
    </p>
  );
}

function noteFor({ connection, figures, message, drawn }: LivePicture): string | undefined {
  if (connection === "waiting") return TEXT.lost;
  if (message) return message;
  if (!drawn) return TEXT.first;
  return figures && figures.ageMs > STALLED_MS ? TEXT.stalled(formatDuration(figures.ageMs)) : undefined;
}

// As markup, not as an element: an <img> made by script would load although the page runs scripts.
function imageHtml(url: string, alt: string): string {
  return `<img class="live-picture" src="${escapeAttribute(url)}" alt="${escapeAttribute(alt)}">`;
}

function escapeAttribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
