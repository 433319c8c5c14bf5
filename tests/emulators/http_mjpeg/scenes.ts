// What an emulated camera sees, as JPEGs at ten a second: a still room, things that move in it, light, its own turning.
import { drawJpegs, noise, SCENE, still } from "../../tools/motion_clips.ts";

const FPS = 10;

/** Ten pictures, each with a noise of its own. */
export type Pictures = Uint8Array<ArrayBuffer>[];

function draw(graph: string): Promise<Pictures> {
  return drawJpegs(graph, FPS).then(partsOf);
}

/** The same, larger, as of a real sensor: a picture of 1280 by 720 has about 130 KB. */
const LARGE = "scale=1280:720,noise=alls=12:allf=t";

/** Nothing moves; 1280 by 720 pixels. */
export function largeRoom(): Promise<Pictures> {
  return draw(`${SCENE},trim=duration=1,${LARGE}`);
}

/** A walker in it. */
export function largeWalker(): Promise<Pictures> {
  return draw(`${withWalker(0.6)},${LARGE}`);
}

/** Nothing moves. @param light 1 as usual; 0.5: half as bright. */
export function stillRoom(light = 1): Promise<Pictures> {
  return draw(`${SCENE},trim=duration=1,lutyuv=y='val*${light}',${noise(4)}`);
}

/** Something the size of a person goes to and fro, 0.2 of the picture wide. @param at its middle, as a share of the width. */
export function walker(at: number): Promise<Pictures> {
  return draw(`${withWalker(at)},${noise(4)}`);
}

function withWalker(at: number): string {
  const x = `${Math.round(at * 640)}-25+60*sin(2*PI*t)`;
  const thing = "color=0xe0e0e0:size=50x130:rate=25:d=1";
  return `${SCENE},trim=duration=1[a];${thing}[b];[a][b]overlay=x='${x}':y=150`;
}

/** The camera turns from left to right within two seconds, and back at once. */
export function turning(): Promise<Pictures> {
  return draw(`${still(1280)},trim=duration=2,crop=640:360:x='300*t':y=0,${noise(4)}`);
}

/** The JPEGs of a multipart stream whose parts tell their length. */
function partsOf(multipart: Uint8Array<ArrayBuffer>): Pictures {
  const text = new TextDecoder("latin1").decode(multipart);
  const pictures: Pictures = [];
  for (const match of text.matchAll(/Content-length: (\d+)\r\n\r\n/gi)) {
    const start = match.index + match[0].length;
    pictures.push(multipart.slice(start, start + Number(match[1])));
  }
  return pictures;
}
