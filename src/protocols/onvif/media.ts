// The camera's streams: profiles and the addresses of streams and snapshots (ONVIF Media and Media2).
import { HubError } from "../../base/errors.ts";
import { ignored } from "./requests.ts";
import type { OnvifSession } from "./session.ts";
import { known } from "./values.ts";
import { childrenOf, escapeXml, find, numberAt, textAt, type XmlElement } from "./xml.ts";

/** A stream that the camera offers. What the camera does not tell is absent. */
export interface OnvifProfile {
  token: string;
  name: string;
  /** `h264`, `h265`, `jpeg`, `mpeg4`, or the camera's word in small letters. */
  encoding?: string;
  width?: number;
  height?: number;
  fps?: number;
  bitrateKbps?: number;
  audio?: { encoding: string; sampleRateKhz?: number };
  hasPtz: boolean;
  /** Whom to ask for image settings. */
  videoSourceToken?: string;
  /** By which analytics name the source. */
  videoSourceConfigurationToken?: string;
  /** Whom to ask for the limits of movements. */
  ptzConfiguration?: { token: string; nodeToken?: string };
}

/** Reads the profiles. Media2 knows H.265, Media does not; a camera whose Media2 fails is asked by Media. */
export async function readProfiles(session: OnvifSession, signal: AbortSignal): Promise<OnvifProfile[]> {
  const read = async () => {
    const answer = await session.call(() => session.write((cam) => cam.getProfiles(ignored)), { signal });
    return childrenOf(answer, "Profiles").flatMap((profile) => toProfile(profile) ?? []);
  };
  const hasMedia = session.services.includes("media");
  session.usesMedia2 = session.services.includes("media2");
  if (!session.services.includes("media2") || !hasMedia) return await read();
  try {
    const profiles = await read();
    if (profiles.length > 0) return profiles;
  } catch (error) {
    // D-Link DCS-8635LH announces Media2 and then fails.
    if (!(error instanceof HubError) || !["device_rejected", "unsupported"].includes(error.kind)) throw error;
  }
  session.usesMedia2 = false;
  return await read();
}

/** Media says `VideoEncoderConfiguration`, Media2 `Configurations/VideoEncoder`. */
function part(profile: XmlElement, name: string): XmlElement | undefined {
  return find(profile, `${name}Configuration`) ?? find(profile, "Configurations", name);
}

function toProfile(profile: XmlElement): OnvifProfile | undefined {
  const token = profile.attributes.get("token");
  if (!token) return undefined;
  const video = part(profile, "VideoEncoder");
  const source = part(profile, "VideoSource");
  const audio = part(profile, "AudioEncoder");
  const ptz = part(profile, "PTZ");
  const audioEncoding = textAt(audio, "Encoding");
  return known({
    token,
    name: textAt(profile, "Name") ?? token,
    encoding: toEncoding(textAt(video, "Encoding")),
    width: numberAt(video, "Resolution", "Width"),
    height: numberAt(video, "Resolution", "Height"),
    fps: numberAt(video, "RateControl", "FrameRateLimit"),
    bitrateKbps: numberAt(video, "RateControl", "BitrateLimit"),
    audio: audioEncoding === undefined ? undefined : known({
      encoding: audioEncoding.toLowerCase(),
      sampleRateKhz: numberAt(audio, "SampleRate"),
    }),
    hasPtz: ptz !== undefined,
    videoSourceToken: textAt(source, "SourceToken"),
    videoSourceConfigurationToken: source?.attributes.get("token"),
    ptzConfiguration: ptz && known({
      token: ptz.attributes.get("token") ?? "",
      nodeToken: textAt(ptz, "NodeToken"),
    }),
  });
}

function toEncoding(text: string | undefined): string | undefined {
  const word = text?.toLowerCase().replace(/[^a-z0-9]/g, "");
  if (!word) return undefined;
  return { hevc: "h265", mjpeg: "jpeg", avc: "h264" }[word] ?? word;
}

/** Asks for the address of a profile's stream: RTSP, RTP inside it over TCP. Without credentials. */
export async function readStreamUri(
  session: OnvifSession,
  profileToken: string,
  signal: AbortSignal,
): Promise<string> {
  const token = escapeXml(profileToken);
  const answer = await session.call(
    () => session.write((cam) => cam.getStreamUri({ protocol: "RTSP", profileToken: token }, ignored)),
    { signal },
  );
  const uri = textAt(answer, "MediaUri", "Uri") ?? textAt(answer, "Uri");
  return atHost(uri, session.host, ["rtsp:", "rtsps:"]);
}

/** Asks for the address of a profile's snapshot, by HTTP. Without credentials; it may want HTTP digest. */
export async function readSnapshotUri(
  session: OnvifSession,
  profileToken: string,
  signal: AbortSignal,
): Promise<string> {
  const token = escapeXml(profileToken);
  const answer = await session.call(
    () => session.write((cam) => cam.getSnapshotUri({ profileToken: token }, ignored)),
    { signal },
  );
  const uri = textAt(answer, "MediaUri", "Uri") ?? textAt(answer, "Uri");
  return atHost(uri, session.host, ["http:"]);
}

/**
 * The address at the host that we know: cameras name hosts of another network, 0.0.0.0 or names of their own.
 * Port, path and query stay; credentials are taken out.
 * @throws HubError `device_rejected` when it is no address of those protocols.
 */
export function atHost(uri: string | undefined, host: string, protocols: readonly string[]): string {
  const url = uri === undefined ? null : URL.parse(uri);
  if (!url || !protocols.includes(url.protocol) || url.hostname === "") {
    throw new HubError("device_rejected", "The camera named no usable address for the stream");
  }
  const plain = host.replace(/^\[(.*)\]$/, "$1");
  const name = plain.includes(":") ? `[${plain}]` : plain;
  const port = url.port === "" ? "" : `:${url.port}`;
  return `${url.protocol}//${name}${port}${url.pathname}${url.search}`;
}
