// Shows one element on the whole screen, or on the whole page where the browser cannot.
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Whether the element fills the screen, and the switch for it. */
export function useFullscreen(element: RefObject<HTMLElement | null>) {
  const [full, setFull] = useState(false);
  useEffect(() => {
    const update = () => setFull(document.fullscreenElement === element.current);
    document.addEventListener("fullscreenchange", update);
    return () => document.removeEventListener("fullscreenchange", update);
  }, []);
  const toggle = () => {
    // An iPhone knows full screen for videos only: the picture then fills the page.
    if (!document.fullscreenEnabled) setFull(!full);
    else void (document.fullscreenElement ? document.exitFullscreen() : element.current?.requestFullscreen());
  };
  return { full, toggle };
}
