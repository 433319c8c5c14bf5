// The emulated camera's streams, in the old and the new form of the service.
import type { Camera } from "./camera.ts";
import { type Profile, PROFILES, SECOND_LENS, VIDEO_SOURCE } from "./model.ts";
import { invalidArgument, type SoapCall, SoapFault, text } from "./soap.ts";

export function answerMedia(camera: Camera, call: SoapCall): string | undefined {
  switch (call.operation) {
    case "GetProfiles":
      return `<trt:GetProfilesResponse>${
        profilesOf(camera).map((profile) =>
          `<trt:Profiles fixed="true" ${profileXml(camera, profile)}</trt:Profiles>`
        )
          .join("")
      }</trt:GetProfilesResponse>`;
    case "GetProfile":
      return `<trt:GetProfileResponse><trt:Profile fixed="true" ${
        profileXml(camera, profileOf(camera, call))
      }</trt:Profile></trt:GetProfileResponse>`;
    case "GetVideoSources":
      return `<trt:GetVideoSourcesResponse><trt:VideoSources token="${VIDEO_SOURCE}">` +
        "<tt:Framerate>15</tt:Framerate><tt:Resolution><tt:Width>2560</tt:Width><tt:Height>1440</tt:Height>" +
        "</tt:Resolution></trt:VideoSources></trt:GetVideoSourcesResponse>";
    case "GetStreamUri":
      return `<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>${
        streamUri(camera, call)
      }</tt:Uri><tt:InvalidAfterConnect>false</tt:InvalidAfterConnect><tt:InvalidAfterReboot>false` +
        "</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout></trt:MediaUri></trt:GetStreamUriResponse>";
    case "GetSnapshotUri":
      return `<trt:GetSnapshotUriResponse><trt:MediaUri><tt:Uri>${
        snapshotUri(camera, call)
      }</tt:Uri></trt:MediaUri></trt:GetSnapshotUriResponse>`;
    case "GetServiceCapabilities":
      return '<trt:GetServiceCapabilitiesResponse><trt:Capabilities SnapshotUri="true"/>' +
        "</trt:GetServiceCapabilitiesResponse>";
  }
}

export function answerMedia2(camera: Camera, call: SoapCall): string | undefined {
  if (camera.options.media2 === "broken") {
    throw new SoapFault(["env:Receiver", "ter:Action"], "Internal error", 500);
  }
  switch (call.operation) {
    case "GetProfiles":
      return `<tr2:GetProfilesResponse>${
        profilesOf(camera).map((profile) => profile2Xml(camera, profile)).join("")
      }</tr2:GetProfilesResponse>`;
    case "GetStreamUri":
      return `<tr2:GetStreamUriResponse><tr2:Uri>${
        streamUri(camera, call)
      }</tr2:Uri></tr2:GetStreamUriResponse>`;
    case "GetSnapshotUri":
      return `<tr2:GetSnapshotUriResponse><tr2:Uri>${
        snapshotUri(camera, call)
      }</tr2:Uri></tr2:GetSnapshotUriResponse>`;
  }
}

function profilesOf({ options }: Camera): readonly Profile[] {
  return options.hasSecondLens ? [...PROFILES, SECOND_LENS] : PROFILES;
}

function profileOf(camera: Camera, { envelope }: SoapCall): Profile {
  const token = text(envelope, "ProfileToken");
  const profile = profilesOf(camera).find((each) => each.token === token);
  if (!profile) throw invalidArgument("NoProfile", `The profile ${token} does not exist`);
  return profile;
}

function streamUri(camera: Camera, call: SoapCall): string {
  return camera.rtspBase + profileOf(camera, call).path;
}

function snapshotUri(camera: Camera, call: SoapCall): string {
  return `${camera.origin}/onvif/snapshot?token=${profileOf(camera, call).token}`;
}

const MULTICAST =
  "<tt:Multicast><tt:Address><tt:Type>IPv4</tt:Type><tt:IPv4Address>0.0.0.0</tt:IPv4Address>" +
  "</tt:Address><tt:Port>0</tt:Port><tt:TTL>0</tt:TTL><tt:AutoStart>false</tt:AutoStart></tt:Multicast>" +
  "<tt:SessionTimeout>PT60S</tt:SessionTimeout>";

function configuration({ lens }: Profile): string {
  return lens?.configuration ?? "vsconf";
}

function source({ lens }: Profile): string {
  const token = lens?.source ?? VIDEO_SOURCE;
  return `<tt:Name>vsconf</tt:Name><tt:UseCount>2</tt:UseCount><tt:SourceToken>${token}</tt:SourceToken>` +
    '<tt:Bounds height="1440" width="2560" y="0" x="0"/>';
}

function picture({ encoding, width, height, fps, bitrateKbps }: Profile): string {
  return `<tt:Encoding>${encoding}</tt:Encoding><tt:Resolution><tt:Width>${width}</tt:Width>` +
    `<tt:Height>${height}</tt:Height></tt:Resolution><tt:Quality>3</tt:Quality><tt:RateControl>` +
    `<tt:FrameRateLimit>${fps}</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval>` +
    `<tt:BitrateLimit>${bitrateKbps}</tt:BitrateLimit></tt:RateControl>`;
}

function ptz(): string {
  return "<tt:Name>PTZ</tt:Name><tt:UseCount>2</tt:UseCount><tt:NodeToken>PTZNODETOKEN</tt:NodeToken>" +
    "<tt:DefaultPTZTimeout>PT1S</tt:DefaultPTZTimeout>";
}

function profileXml(camera: Camera, profile: Profile): string {
  return `token="${profile.token}"><tt:Name>${profile.name}</tt:Name>` +
    `<tt:VideoSourceConfiguration token="${configuration(profile)}">${
      source(profile)
    }</tt:VideoSourceConfiguration>` +
    '<tt:AudioSourceConfiguration token="asconf"><tt:Name>asconf</tt:Name><tt:UseCount>2</tt:UseCount>' +
    "<tt:SourceToken>raw_as1</tt:SourceToken></tt:AudioSourceConfiguration>" +
    `<tt:VideoEncoderConfiguration token="${profile.name}"><tt:Name>${profile.name}</tt:Name>` +
    `<tt:UseCount>1</tt:UseCount>${picture(profile)}${MULTICAST}</tt:VideoEncoderConfiguration>` +
    '<tt:AudioEncoderConfiguration token="microphone"><tt:Name>microphone</tt:Name><tt:UseCount>2</tt:UseCount>' +
    "<tt:Encoding>G711</tt:Encoding><tt:Bitrate>64</tt:Bitrate><tt:SampleRate>8</tt:SampleRate>" +
    `${MULTICAST}</tt:AudioEncoderConfiguration>` +
    (camera.options.ptz === false
      ? ""
      : `<tt:PTZConfiguration token="PTZTOKEN">${ptz()}</tt:PTZConfiguration>`);
}

/** The new form can say H.265, which the old one cannot. */
function profile2Xml(camera: Camera, profile: Profile): string {
  return `<tr2:Profiles token="${profile.token}" fixed="true"><tr2:Name>${profile.name}</tr2:Name>` +
    `<tr2:Configurations><tr2:VideoSource token="${configuration(profile)}">${
      source(profile)
    }</tr2:VideoSource>` +
    `<tr2:VideoEncoder token="${profile.name}" GovLength="30"><tt:Name>${profile.name}</tt:Name>` +
    `<tt:UseCount>1</tt:UseCount>${picture({ ...profile, encoding: "H265" })}</tr2:VideoEncoder>` +
    (camera.options.ptz === false ? "" : `<tr2:PTZ token="PTZTOKEN">${ptz()}</tr2:PTZ>`) +
    "</tr2:Configurations></tr2:Profiles>";
}
