// What the emulated camera is: device management.
import type { Camera } from "./camera.ts";
import { escape, type SoapCall } from "./soap.ts";

export function answerDevice(camera: Camera, { operation }: SoapCall): string | undefined {
  switch (operation) {
    case "GetSystemDateAndTime":
      return dateAndTime(camera.nowMs());
    case "GetDeviceInformation":
      return `<tds:GetDeviceInformationResponse>${
        Object.entries(camera.information).map(([name, value]) =>
          `<tds:${name}>${escape(value)}</tds:${name}>`
        )
          .join("")
      }</tds:GetDeviceInformationResponse>`;
    case "GetServices":
      return `<tds:GetServicesResponse>${
        camera.services.map(({ namespace, url }) =>
          `<tds:Service><tds:Namespace>${namespace}</tds:Namespace><tds:XAddr>${url}</tds:XAddr>` +
          "<tds:Version><tt:Major>2</tt:Major><tt:Minor>6</tt:Minor></tds:Version></tds:Service>"
        ).join("")
      }</tds:GetServicesResponse>`;
    case "GetCapabilities":
      return capabilities(camera);
    case "GetServiceCapabilities":
      return "<tds:GetServiceCapabilitiesResponse><tds:Capabilities><tds:Network/><tds:Security/>" +
        "<tds:System/></tds:Capabilities></tds:GetServiceCapabilitiesResponse>";
    case "GetScopes":
      return `<tds:GetScopesResponse>${
        camera.scopes.map((scope) =>
          `<tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>${scope}</tt:ScopeItem></tds:Scopes>`
        ).join("")
      }</tds:GetScopesResponse>`;
    case "GetHostname":
      return "<tds:GetHostnameResponse><tds:HostnameInformation><tt:FromDHCP>false</tt:FromDHCP>" +
        "<tt:Name>emulator</tt:Name></tds:HostnameInformation></tds:GetHostnameResponse>";
    case "GetNetworkInterfaces":
      return "<tds:GetNetworkInterfacesResponse></tds:GetNetworkInterfacesResponse>";
    case "GetUsers":
      return "<tds:GetUsersResponse></tds:GetUsersResponse>";
    case "SystemReboot":
      camera.reboots++;
      return "<tds:SystemRebootResponse><tds:Message>Rebooting in 3 seconds</tds:Message>" +
        "</tds:SystemRebootResponse>";
  }
}

function dateAndTime(nowMs: number): string {
  const now = new Date(nowMs);
  const utc = "<tt:Time>" +
    `<tt:Hour>${now.getUTCHours()}</tt:Hour><tt:Minute>${now.getUTCMinutes()}</tt:Minute>` +
    `<tt:Second>${now.getUTCSeconds()}</tt:Second></tt:Time><tt:Date>` +
    `<tt:Year>${now.getUTCFullYear()}</tt:Year><tt:Month>${now.getUTCMonth() + 1}</tt:Month>` +
    `<tt:Day>${now.getUTCDate()}</tt:Day></tt:Date>`;
  return "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>" +
    "<tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>UTC0</tt:TZ></tt:TimeZone>" +
    `<tt:UTCDateTime>${utc}</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`;
}

function capabilities(camera: Camera): string {
  const sections = [["device", "Device"], ["events", "Events"], ["imaging", "Imaging"], ["media", "Media"], [
    "ptz",
    "PTZ",
  ]].flatMap(([name, tag]) => {
    const service = camera.services.find((each) => each.name === name);
    return service ? [`<tt:${tag}><tt:XAddr>${service.url}</tt:XAddr></tt:${tag}>`] : [];
  });
  return `<tds:GetCapabilitiesResponse><tds:Capabilities>${
    sections.join("")
  }</tds:Capabilities></tds:GetCapabilitiesResponse>`;
}
