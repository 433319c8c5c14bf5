// Shows a camera where the live socket cannot be used: as an MJPEG stream, or as a row of snapshots.
import { useEffect, useRef, useState } from "preact/hooks";

const SNAPSHOT_EVERY_MS = 2_000;

/** A stream holds one of the browser's six connections to the hub; many pictures at once must use snapshots. */
export interface FallbackPictureProps {
  alt: string;
  streamUrl: string;
  snapshotUrl?: string;
}

/** Shows snapshots where `snapshotUrl` is given, else the stream. */
export function FallbackPicture({ alt, streamUrl, snapshotUrl }: FallbackPictureProps) {
  const image = useRef<HTMLImageElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [turn, setTurn] = useState(0);
  useEffect(() => () => {
    clearTimeout(timer.current);
    // Browsers go on reading an MJPEG stream of an image that has left the page.
    image.current?.removeAttribute("src");
  }, []);
  const next = () => {
    if (snapshotUrl) timer.current = setTimeout(() => setTurn((value) => value + 1), SNAPSHOT_EVERY_MS);
  };
  const src = snapshotUrl ? `${snapshotUrl}?turn=${turn}` : streamUrl;
  return <img class="live-picture" ref={image} alt={alt} src={src} onLoad={next} onError={next} />;
}
