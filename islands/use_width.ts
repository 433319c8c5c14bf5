// How wide an element is, as it changes.
import { useEffect, useState } from "preact/hooks";

/** CSS pixels; 0 before the page has come to life. */
export function useWidth(box: { current: Element | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, []);
  return width;
}
