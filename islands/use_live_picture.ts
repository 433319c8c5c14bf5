// Draws a camera's live pictures on a canvas and reports how that goes.
import type { RefObject } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import type { LiveClient, LiveConnection, LiveFrame } from "./live_client.ts";
import { LiveContext } from "./live_socket.ts";
import { type PictureFigures, PictureMeter } from "./picture_meter.ts";
import type { PictureWidth } from "./picture_width.ts";
import { usePictureWidth } from "./use_picture_width.ts";
import { useVisible } from "./use_visible.ts";

const FIGURES_EVERY_MS = 500;

/** How the live picture of one camera stands. `figures` is absent until a picture was drawn. */
export interface LivePicture {
  connection: LiveConnection;
  visible: boolean;
  drawn: boolean;
  figures?: PictureFigures;
  /** What the hub said about this camera last, until the next picture. */
  message?: string;
}

interface Reports {
  connection(state: LiveConnection): void;
  message(text: string | undefined): void;
  figures(figures: PictureFigures | undefined): void;
  status(): void;
}

/** The box around the picture, and the canvas in it, which may be hidden. */
export interface PictureElements {
  box: RefObject<HTMLElement | null>;
  canvas: RefObject<HTMLCanvasElement | null>;
}

export interface LivePictureOptions {
  /** Is content with a smaller stream of the camera that fills the box. */
  sized: boolean;
  /** Shows what those see who may not see the privacy zones. */
  masked: boolean;
  /** The hub reported a change of the camera. */
  onStatus: () => void;
}

/** Subscribes while the box can be seen, and anew when it needs a picture of another size. */
export function useLivePicture(
  camera: string,
  { box, canvas }: PictureElements,
  { sized, masked, onStatus }: LivePictureOptions,
): LivePicture {
  const client = useContext(LiveContext);
  const visible = useVisible(box);
  const width = usePictureWidth(box, sized);
  const [connection, setConnection] = useState<LiveConnection>("idle");
  const [figures, setFigures] = useState<PictureFigures>();
  const [message, setMessage] = useState<string>();
  const [drawn, setDrawn] = useState(false);
  const statusHandler = useRef(onStatus);
  statusHandler.current = onStatus;

  useEffect(() => {
    if (!client) return setConnection("unavailable");
    if (!visible || width === undefined || !canvas.current) return;
    return showPictures(client, { camera, width, masked }, canvas.current, {
      connection: setConnection,
      message: setMessage,
      figures: (value) => {
        setFigures(value);
        if (value) setDrawn(true);
      },
      status: () => statusHandler.current(),
    });
  }, [client, camera, visible, width, masked]);

  return { connection, visible, drawn, ...(figures ? { figures } : {}), ...(message ? { message } : {}) };
}

function showPictures(
  client: LiveClient,
  { camera, width, masked }: { camera: string; width: PictureWidth; masked: boolean },
  canvas: HTMLCanvasElement,
  reports: Reports,
): () => void {
  const meter = new PictureMeter();
  let first = true;
  const frame = async (picture: LiveFrame) => {
    const receivedAtMs = performance.now();
    await draw(canvas, picture.jpeg);
    meter.drawn(picture, receivedAtMs, performance.now());
    reports.message(undefined);
    if (first) reports.figures(meter.figures(performance.now()));
    first = false;
  };
  const leave = client.subscribe(camera, {
    frame,
    status: (_status, reason) => {
      reports.message(reason);
      reports.status();
    },
    error: reports.message,
    connection: reports.connection,
  }, { ...(width === "full" ? {} : { enoughWidth: width }), ...(masked ? { masked } : {}) });
  const timer = setInterval(() => reports.figures(meter.figures(performance.now())), FIGURES_EVERY_MS);
  return () => {
    leave();
    clearInterval(timer);
    reports.figures(undefined);
  };
}

async function draw(canvas: HTMLCanvasElement, jpeg: ArrayBuffer): Promise<void> {
  const bitmap = await createImageBitmap(new Blob([jpeg], { type: "image/jpeg" }));
  try {
    if (canvas.width !== bitmap.width) canvas.width = bitmap.width;
    if (canvas.height !== bitmap.height) canvas.height = bitmap.height;
    canvas.getContext("2d", { alpha: false })?.drawImage(bitmap, 0, 0);
  } finally {
    bitmap.close();
  }
}
