// Every promise of the README, of the contract and of the issues so far, with an id that tests cite in brackets.
// `gap` names a promise that no test can prove here, and why.

/** One promise. */
export interface Requirement {
  id: string;
  /** What is promised. */
  text: string;
  gap?: string;
}

export const REQUIREMENTS: readonly Requirement[] = [
  { id: "HOUSE-IMPORTS", text: "Imports point down only, checked against the real module graph" },
  { id: "HOUSE-SIZES", text: "No file above 500 lines, no function above 80" },
  { id: "SCOPE", text: "Structured concurrency: failure passes up, siblings abort, children are awaited" },
  { id: "SECRETS", text: "Secrets never reach logs, errors or shown URLs" },
  {
    id: "MPJPEG-RESYNC",
    text: "The splitter is bounded and finds its way back after garbage and cut frames",
  },
  {
    id: "AUTH-CLOSED",
    text: "Every route but /healthz and the login page asks for a login, on loopback too",
  },
  { id: "AUTH-LINK", text: "The first start prints a link that logs a browser in, once" },
  { id: "AUTH-PASSWORD", text: "Passwords log in; guessing is slowed down; logout ends the session" },
  { id: "AUTH-CSRF", text: "Pages of other sites can change nothing" },
  { id: "AUTH-RESTART", text: "A login outlives a restart of the hub" },
  { id: "API-PROBLEM", text: "Bad input gets problem+json: what was wrong, what was expected, what to do" },
  { id: "STREAM-PARTS", text: "Multipart parts carry Content-Length and X-Timestamp; no proxy buffering" },
  { id: "STREAM-SHARED", text: "One process per stream, from the first consumer to a linger after the last" },
  { id: "STREAM-RESCALE", text: "?fps= ?width= ?quality= are honoured, equal wishes share one process" },
  { id: "STREAM-H264", text: "The test pattern makes H.264 as well as MJPEG" },
  { id: "STREAM-CHROME", text: "Chrome's one-part lag and WebKit's quirk are handled" },
  { id: "STREAM-CROWD", text: "200 viewers connect and leave at random; everything is freed" },
  { id: "STREAM-NEVER-READS", text: "A viewer that never reads costs nobody anything and is counted" },
  { id: "LIVE-CREDIT", text: "/api/live carries any number of cameras with credit per frame" },
  { id: "SNAPSHOT", text: "A snapshot of the newest frame, at any width and quality" },
  { id: "WEBCAM-FOUND", text: "Capture nodes are found by stable identity; MJPEG passes through untouched" },
  { id: "WEBCAM-YUYV", text: "YUYV is encoded once per camera" },
  { id: "WEBCAM-HOTPLUG", text: "Unplugging tells why; replugging streams again without a restart" },
  { id: "WEBCAM-REASONS", text: "EBUSY, ENOSPC and EACCES are explained in words with what to do" },
  {
    id: "WEBCAM-CONTROLS",
    text: "V4L2 controls are settings; pan, tilt and zoom are PTZ; both are read back",
  },
  { id: "WEBCAM-ADD", text: "Cameras are added, changed and removed at run time, and kept" },
  { id: "FAULT-HUB-KILLED", text: "When the hub is killed with SIGKILL no ffmpeg survives" },
  { id: "FAULT-FFMPEG-KILLED", text: "ffmpeg killed 50 times in a row: viewers go on, no zombie" },
  { id: "FAULT-STALL", text: "A silent process is noticed, explained and replaced" },
  { id: "FAULT-PORT", text: "A port in use is told with what to do" },
  { id: "FAULT-NO-FFMPEG", text: "A missing ffmpeg is told with what to install" },
  { id: "FAULT-DISK", text: "A full or read-only data folder does not keep the cameras dark" },
  {
    id: "MOTION-HUB",
    text:
      "The hub looks for motion where the camera tells none: begin and end in the journal, one shared stream",
  },
  {
    id: "MOTION-POLYGONS",
    text: "Motion counts in zones only, is named by its zone, never counts where ignored",
  },
  { id: "MOTION-LIGHT", text: "Light that is switched or changes is no motion" },
  { id: "MOTION-PTZ", text: "A camera that turns, by the hub or by itself, shows no motion" },
  { id: "MOTION-QUALITY", text: "Precision and recall on clips with known motion stay above a floor" },
  { id: "MOTION-RULES", text: "How motion is looked for is set at run time, read back, and kept" },
  { id: "MOTION-REASON", text: "Why the hub does not look for motion at a camera is told" },
  { id: "MOTION-EDITOR", text: "Zones are drawn on the live picture by mouse, finger and keyboard" },
  { id: "MOTION-SOON", text: "Motion is told over the WebSocket soon after the frame that shows it" },
  { id: "CONFIG-RELOAD", text: "SIGHUP and reload_config leave unchanged streams alone" },
  {
    id: "CLI",
    text: "--help, --version, config check, users; exit codes 0, 1, 2; misspelt keys get a suggestion",
  },
  {
    id: "TOKENS",
    text: "Tokens of programs: made beside a running hub, shown once, with a role and an end, revoked",
  },
  {
    id: "VIEWER-OPTIONS",
    text:
      "Viewers are not told a camera's options (address, accounts); why it is offline may name the address",
  },
  {
    id: "SOCKET",
    text: "The hub's socket is private to its user, needs no login, and a stale one is taken over",
  },
  {
    id: "ONE-HUB",
    text:
      "One hub for each data folder: a second one opens nothing and says who holds it, also after SIGKILL",
  },
  {
    id: "MCP-STDIO-ATTACH",
    text: "mcp beside a running hub serves that hub's cameras",
  },
  {
    id: "MCP-STDIO-RESTART",
    text: "mcp follows the hub across a restart; nothing that may have been done is sent again",
  },
  {
    id: "MCP-STDIO-WAITS",
    text: "mcp beside a hub that starts or ends waits up to ten seconds for it, and opens no camera twice",
  },
  {
    id: "MCP-STDIO-OWN",
    text: "mcp without a hub opens the cameras itself, without a port, once for all clients",
  },
  {
    id: "MCP-STDIO-WEBCAM",
    text: "A webcam is opened once for viewers of the hub and assistants on stdio, whichever starts first",
  },
  {
    id: "MCP-STDIO-HAND-OVER",
    text:
      "A hub that mcp started gives way to serve, or to the next client when its own leaves; clients go on",
  },
  {
    id: "MCP-STDIO-QUIET",
    text: "Nothing happens before the first message, and stdout carries nothing but the protocol",
  },
  {
    id: "MCP-FOUR-WAYS",
    text: "Tools, resources, prompts and news work over stdio and HTTP, in both revisions of the protocol",
  },
  { id: "MCP-OLDER-CLIENT", text: "The v1 SDK's client works, and takes errors as results" },
  { id: "MCP-CONFORMANCE", text: "The official conformance suites find no scored failure" },
  { id: "MCP-INSPECTOR", text: "The official Inspector's command line lists and calls" },
  {
    id: "MCP-REFUSALS",
    text: "Strangers, foreign hosts, large and malformed requests are refused with words",
  },
  { id: "MCP-SESSIONS", text: "Sessions belong to who opened them, are resumed, end unused, fifty at once" },
  { id: "MCP-CLIENT-GONE", text: "The work stops when its client goes" },
  { id: "MCP-FUZZ", text: "10,000 wrong messages: no crash, no hang, nothing done" },
  { id: "MCP-NARROW", text: "Roles, groups of tools and read-only narrow what a client is offered" },
  { id: "MCP-TOKENS", text: "All tools together take less than 12,000 tokens" },
  { id: "MCP-APP", text: "Clients that render MCP Apps get a page with the pictures and a pad" },
  { id: "MCP-TURNS", text: "Two clients that move one camera are served in turn" },
  {
    id: "MCP-CLIENTS",
    text: "Claude Desktop, Claude Code, Gemini CLI, OpenCode, VS Code and Cursor work as docs/mcp.md says",
    gap:
      "Claude Code, Gemini CLI and OpenCode are too large for CI and were run by hand (docs/mcp.md); Claude " +
      "Desktop, VS Code and Cursor cannot be had here: MCP-DOCUMENTED uses their configurations as they stand",
  },
  {
    id: "MCP-PEERS",
    text: "The AI SDK's client and mcp-remote list and call, over stdio and HTTP with a token",
  },
  {
    id: "MCP-DOCUMENTED",
    text: "The configurations that docs/mcp.md gives for clients reach the hub as they stand",
  },
  {
    id: "DOCS-COMMANDS",
    text: "JSON in the documentation is JSON, and its command lines are such as the program takes",
  },
  { id: "MCP-STDIO-BOTH", text: "serve --mcp http|stdio|both|off" },
  { id: "MCP-STDIO-LAST", text: "At the end of stdin mcp answers what was asked before it ends" },
  { id: "MCP-STDIO-NARROW", text: "--tools and --read-only narrow the tools of a client" },
  { id: "MCP-STDIO-REMOTE", text: "mcp asks a hub on another machine by TAPO_CAMERA_MCP_URL and _TOKEN" },
  { id: "MCP-STDIO-TOLD", text: "A hub that is away and a token that is refused are told with what to do" },
  { id: "MCPB", text: "make mcpb packs a valid bundle that lists what its program serves" },
  { id: "WEB-PICTURES", text: "Chromium shows moving pictures through the printed link" },
  {
    id: "WEB-MANAGE",
    text: "Cameras are added, stopped, started and removed on the dashboard, a reason is shown",
  },
  {
    id: "WEB-NO-FOREIGN",
    text: "The pages load nothing from another host and break no content security policy",
  },
  { id: "ARM64", text: "The arm64 binary starts and serves a stream under emulation" },
  {
    id: "VM-WEBCAM",
    text: "The webcam path works on a real V4L2 device node (USB video class) in a virtual machine",
  },
  {
    id: "PI-HARDWARE",
    text: "The hub runs on a Raspberry Pi with a USB webcam and a CSI camera",
    gap: "no hardware here",
  },
  {
    id: "WEBCAM-ENOSPC-BUS",
    text: "A USB bus without bandwidth left is told so",
    gap: "needs isochronous USB hardware; its text is tested",
  },
  { id: "SAFARI", text: "The dashboard works in Safari and Firefox", gap: "neither can be installed here" },
  {
    id: "RSS-100",
    text: "RSS ≤ 100 MB with 4 cameras and 50 viewers",
    gap: "missed: see docs/performance.md; times and sizes are benched, not asserted",
  },
  {
    id: "TAPO-LOGINS",
    text: "V2, V3 with both password forms; the newest login only is told with the way out",
  },
  { id: "TAPO-TLS-RSA", text: "Cameras whose TLS has static RSA only are reached; others with ordinary TLS" },
  {
    id: "TAPO-PIN",
    text: "A camera's certificate is pinned; another one is reported, and nothing is sent to it",
  },
  {
    id: "TAPO-FAULTS",
    text: "Expired and stolen sessions, reordered, cut and garbled answers cost no action",
  },
  { id: "TAPO-ONCE", text: "A wrong TP-Link password reaches the camera once, also across a restart" },
  {
    id: "TAPO-LOCKOUT",
    text: "A lockout is told with its end, outlives a restart, and nothing is sent inside it",
  },
  {
    id: "TAPO-ALARMS",
    text: "While ONVIF gives nothing, the last alarm is told, and why; one from before is not told as new",
  },
  { id: "TAPO-ONE-SESSION", text: "All cameras of one Tapo device share one session, one request at a time" },
  { id: "TAPO-BATTERY", text: "A camera on batteries is woken by what a person wants, and by nothing else" },
  { id: "TAPO-ADD", text: "A found Tapo camera is added in one step, after its accounts were tried" },
  { id: "TAPO-PTZ", text: "Moving, presets and privacy work, and the picture shows it" },
  {
    id: "TAPO-TIMED-MOVE",
    text: "A move for a time lasts that long, goes as the motor can, and always stops",
  },
  { id: "CONFORMANCE", text: "Every driver passes one suite of behaviours, on every emulated model" },
  {
    id: "HUB-CHILD",
    text: "Cameras behind a hub are cameras of their own; one that sleeps is not woken by looking",
  },
  { id: "DUAL-LENS", text: "A second lens is a camera of its own" },
  { id: "ONVIF-PEERS", text: "The ONVIF client and emulator work with third-party peers" },
  { id: "ONVIF-FAULTS", text: "Clock a day off, lost subscriptions and missing ends are borne" },
  { id: "DISCOVERY", text: "Tapo and ONVIF discovery find devices, each once, and bear garbage" },
  { id: "RTSP-PASSWORDS", text: "Passwords with @ # % : / and line breaks log in, and stand in no argument" },
  {
    id: "RTSP-REASONS",
    text: "401, 404, 453, 461, stalls and lost connections are told apart, and healed by cause",
  },
  {
    id: "RTSP-ONE-SESSION",
    text: "Ten viewers open one RTSP session; small pictures take the smaller stream",
  },
  {
    id: "RTSP-UDP",
    text: "RTP over UDP is read, also where auto learns it from a 461; stalls and ends are healed",
  },
  {
    id: "RTMP",
    text: "H.264 and sound over RTMP are read in one connection; refusals, stalls and ends are told",
  },
  {
    id: "HTTP-MJPEG",
    text:
      "JPEGs over HTTP pass untouched; basic and digest; a wrong password is sent once; stalls are healed",
  },
  {
    id: "HTTP-NO-STREAM",
    text: "An HTTP address of a picture, a page or nothing is told in words, and is not accepted as a stream",
  },
  {
    id: "STREAM-KINDS",
    text: "The compiled program shows streams over HTTP, HTTPS, RTMP, RTP over UDP and rtsps",
  },
  {
    id: "STREAM-TLS",
    text: "rtsps, rtmps and https are read, with the certificates that cameras make themselves",
  },
  {
    id: "STREAM-TLS-IDENTITY",
    text: "A stream over TLS comes from the camera and from nobody else",
    gap: "ffmpeg takes any certificate, and the hub pins none for streams; docs/security.md says so",
  },
  { id: "INGEST", text: "H.264 and H.265 are read without decoding, whatever chunks they come in" },
  { id: "AUDIO", text: "G.711 becomes AAC only while somebody listens" },
  { id: "CAMERA-GONE", text: "A camera that vanishes is told offline, and is back by itself" },
  { id: "REBOOT", text: "Restarting a camera must be confirmed" },
  {
    id: "EVENTS",
    text: "Motion comes from ONVIF to the journal and the live socket, and outlives a restart",
  },
  { id: "EVENT-POLICY", text: "Observations are debounced and merged; an end that never comes is supplied" },
  {
    id: "EVENT-GAPS",
    text: "A reader of the live socket gets each change once, in order, or is told of a gap",
  },
  {
    id: "EVENTS-KILLED",
    text:
      "Killed at any moment, the hub has lost no event that a follower was told, and its database is sound",
  },
  {
    id: "EVENTS-POWER-CUT",
    text: "A power cut takes back no event that a follower was told, and leaves the database sound",
  },
  {
    id: "EVENTS-CLOCK",
    text: "A wall clock that is set neither loses nor reorders events, nor ends or deletes them wrongly",
  },
  {
    id: "EVENTS-KINDS",
    text:
      "Logins, changes of settings, sirens and recordings stand in the journal, with who did it, without passwords",
  },
  {
    id: "EVENTS-PICTURES",
    text: "What is noticed at a camera whose stream runs keeps a small picture, which goes with its event",
  },
  {
    id: "EVENTS-MILLION",
    text:
      "Of a million events each page is found by an index, and none is counted to know how many there are",
  },
  {
    id: "RULES-LAYERS",
    text: "What is done with a camera's picture is set at run time, else by the file, else by default; kept",
  },
  {
    id: "PRIVACY-ZONES",
    text:
      "Privacy zones are covered on every way on which a picture leaves the hub; MCP and alerts for all roles",
  },
  {
    id: "PRIVACY-MQTT",
    text:
      "Pictures that the MQTT broker keeps are covered anew when zones change, and deleted where that fails",
  },
  {
    id: "PRIVACY-MASK",
    text:
      "A mask covers all that a zone touches, whatever its shape and the picture's size; a blur cannot be undone",
  },
  { id: "PRIVACY-CLOSED", text: "What cannot be covered is not shown, with the reason" },
  {
    id: "PRIVACY-AT-ONCE",
    text: "Changed zones count for everybody who watches before they are said to be set",
  },
  { id: "PRIVACY-SHARED", text: "One process covers for all viewers of a camera" },
  {
    id: "PRIVACY-RECORDINGS",
    text: "Recordings are covered with the zones of now while they are played, below admin",
  },
  {
    id: "STORE-RECOVERY",
    text: "A damaged database is kept aside, its last good backup takes its place, and that is told",
  },
  {
    id: "STORE-BACKUP",
    text: "Databases are backed up when something was written, never over a good backup with a damaged file",
  },
  {
    id: "STORE-MIGRATE",
    text: "A database of an earlier version is brought up to date with all that stands in it",
  },
  { id: "PRIVACY-SET", text: "Privacy zones are set by administrators, kept, read back and taken down" },
  {
    id: "REC-COPY",
    text: "H.264 and H.265 are recorded as they come, sound as AAC, in a playable .mp4, from the one ingest",
  },
  { id: "REC-ENCODE", text: "MJPEG is encoded once while it is recorded" },
  { id: "REC-PREROLL", text: "Seconds of before are in the file, as far as the hub has them" },
  {
    id: "REC-RELOAD",
    text: "The preview of a reload names the recordings it would end; what need not end goes on",
  },
  { id: "REC-RECONNECT", text: "A recording outlives its camera's connection: it goes on in another file" },
  { id: "REC-REFUSE", text: "A camera without a picture is not recorded, and says why" },
  {
    id: "REC-DISK",
    text: "Recording stops before the disk is full, and says so; what is written stays playable",
  },
  { id: "REC-STOP", text: "The end of the hub or of the camera closes the file within five seconds" },
  { id: "REC-KILLED", text: "After SIGKILL or a power cut the next start lists what was recorded" },
  { id: "REC-POWER", text: "A power cut takes nothing that was told as recorded" },
  {
    id: "REC-RULES",
    text:
      "When a camera is recorded by itself is set on its page, by an operation or in the file, and holds at once",
  },
  {
    id: "REC-SCHEDULE",
    text: "Hours of the week are local time, over midnight and when the clocks are changed",
  },
  {
    id: "REC-EVENTS",
    text: "Events are recorded while they go on, with what was before them and some time after",
  },
  {
    id: "REC-SEGMENTS",
    text: "A recording by rule is cut into files without losing or doubling a picture between them",
  },
  {
    id: "REC-BOTH",
    text:
      "What somebody records and what a rule records do not end one another; nothing between them is lost",
  },
  {
    id: "REC-CODEC",
    text: "A camera that sends another codec in mid-recording is recorded on, in another file",
  },
  { id: "REC-CLOCK", text: "A wall clock that is set leaves each file its true length and one time" },
  {
    id: "REC-FOLDER",
    text:
      "Where the folder of recordings is away nothing is written in its place; recording goes on when it is back",
  },
  { id: "REC-RETENTION", text: "The oldest go by days, bytes and want of room; footage with events later" },
  { id: "REC-LOCK", text: "What is locked is not deleted, by anybody or anything" },
  {
    id: "REC-GARBAGE",
    text: "A crash while deleting leaves neither a row without a file nor a file without a row",
  },
  {
    id: "REC-DAY",
    text: "A day of two cameras, with schedules, events and retention, goes as the rules say",
  },
  { id: "REC-REPAIR", text: "Files left half written are cut to what is whole; those without a picture go" },
  { id: "REC-PRIVACY", text: "A recording notes when the lens was covered" },
  { id: "REC-OPERATIONS", text: "The four media tools tell what is on the disk, and verify it" },
  { id: "REC-WAIT", text: "start_recording with wait tells its progress; who goes away ends it" },
  { id: "REC-OPENAPI", text: "The OpenAPI document describes how recordings are played and downloaded" },
  {
    id: "REC-RANGE",
    text: "Recordings are played by single ranges, byte for byte, with ETag, 206, 304 and 416",
  },
  {
    id: "REC-INDEX",
    text:
      "A player gets a recording with its index in front: few requests before the first picture, each moment its own picture",
  },
  { id: "REC-PATHS", text: "No path of a client reaches the file system: recordings have ids" },
  {
    id: "PATHS",
    text:
      "Whatever way a path is written in, no route hands out a file that is not meant; the answer is a clean 4xx",
  },
  { id: "REC-LIST", text: "Recordings are listed newest first, in pages, by camera and time" },
  { id: "REC-DELETE", text: "Deleting a recording needs confirm and the role admin" },
  {
    id: "TIMELINE",
    text: "The timeline tells recorded stretches, gaps with reasons, and events, in at most 2000 items",
  },
  {
    id: "TIMELINE-PLACE",
    text: "The file and the offset of a moment are told, and the files before and after",
  },
  { id: "TIMELINE-MOMENT", text: "An event of the list leads to its moment of the camera's recordings" },
  { id: "TIMELINE-WEB", text: "The timeline is seen, moved, zoomed, played and exported from in Chromium" },
  {
    id: "TIMELINE-LIVE",
    text: "The timeline shows what is being recorded, and plays it once its file is closed, without a reload",
  },
  {
    id: "TIMELINE-COLOURS",
    text: "Each kind of event has a colour of its own that stands out on a light and on a dark ground",
  },
  { id: "TIMELINE-TOUCH", text: "The same with fingers on a phone" },
  {
    id: "THUMBNAILS",
    text:
      "Each recording has a picture, each moment one of its key frame; made once, two at a time, and gone with it",
  },
  { id: "EXPORT", text: "A stretch of time is exported as one MP4 that plays and covers it, sound included" },
  {
    id: "EXPORT-REFUSE",
    text: "What cannot be exported is refused with the reason, and leaves nothing behind",
  },
  {
    id: "EXPORT-KEEP",
    text: "Exports are listed, can be ended, survive a restart and are removed after a day",
  },
  {
    id: "REC-LOCK-WEB",
    text:
      "Recordings are locked and unlocked in the list and on the timeline; deleting a locked one says why not",
  },
  {
    id: "REC-WEB",
    text:
      "A camera is recorded from its page; Chromium plays the file, downloads it, deletes it after asking",
  },
  {
    id: "ALERT-THRESHOLDS",
    text: "Offline 300 s, latency 1000 ms, temperature 60 °C and 10 motion reports a minute are told unasked",
  },
  {
    id: "ALERT-QUIET",
    text: "In quiet hours only what is critical is told, while snoozed nothing; alerts are kept all the same",
  },
  { id: "ALERT-ARMED", text: "Rules may hold in some alarm modes only, of the house or of a camera" },
  { id: "ALERT-ESCALATE", text: "What nobody acknowledges is told to further channels" },
  { id: "ALERT-ACK", text: "Alerts are acknowledged, one or all, with a note" },
  {
    id: "ALERT-LASTING",
    text:
      "A camera's state is told when it becomes another, and keeps nothing else of its rule from being told",
  },
  { id: "ALERT-GROUP", text: "What comes within a rule's window goes in one message" },
  {
    id: "ALERT-DURABLE",
    text: "An event, its alert and its messages are one transaction; no kill loses or doubles one",
  },
  {
    id: "CONFIG-AT-ONCE",
    text: "A reload takes over what it can at once, and names as in the file what waits for a restart",
  },
  {
    id: "ALERT-DAY",
    text:
      "A day of alerts with schedules, quiet hours, modes, an outage and a change of the clocks goes as it should",
  },
  {
    id: "ALERT-PICTURE",
    text:
      "A message carries the picture of its moment where one was kept, with the privacy zones of when it leaves",
  },
  {
    id: "ALERT-OUTAGE",
    text: "A channel that was down for an hour gets each message once, in order; others do not wait",
  },
  {
    id: "ALERT-DEAD",
    text: "What cannot be delivered is a dead letter with its reason, and can be tried again",
  },
  { id: "ALERT-WEBHOOK", text: "Webhooks get signed JSON with an idempotency key and a picture" },
  { id: "ALERT-NTFY", text: "ntfy gets title, priority, tags, link and picture" },
  { id: "ALERT-TELEGRAM", text: "Telegram gets text or photo; the token is in no error and no log" },
  {
    id: "ALERT-SSRF",
    text: "Channels do not reach the hub itself or metadata services, by no name, redirect or second look-up",
  },
  {
    id: "ALERT-CONFIG",
    text: "Mistakes under alerts are told with place, what was expected and what is there",
  },
  { id: "ALERT-OPERATIONS", text: "Alerts are listed with their deliveries, by state and camera, in pages" },
  {
    id: "ALERT-WEB",
    text: "Chromium shows alerts, acknowledges and snoozes them, tests channels, retries dead letters",
  },
  {
    id: "ALERTS-IN-READ",
    text:
      "Webhooks of Alertmanager and Grafana are read leniently; what is missing is named, long text is cut short",
  },
  {
    id: "ALERTS-IN-SHOWN",
    text: "An alert from outside stands on the page and in the journal, once, until it is resolved",
  },
  { id: "ALERTS-IN-RULES", text: "Rules take alerts from outside by name, severity, source and label" },
  {
    id: "ALERTS-IN-WEB",
    text: "Chromium shows alerts from outside above the cameras, as text, and acknowledges them there",
  },
  {
    id: "ALERTS-IN-EXPIRE",
    text: "An alert from outside survives a restart, and is over when nobody reports it any more",
  },
  { id: "ALERTS-IN-BOUNDS", text: "More than a thousand alerts from outside do not go on at a time" },
  {
    id: "ALERTS-IN-ACCESS",
    text: "Alerts are taken in from operators only; viewers, strangers, huge and broken bodies are refused",
  },
  {
    id: "ALERTS-ACTION-DONE",
    text: "An alert has the hub do what its channel names, at its camera, in the name of rule and channel",
  },
  {
    id: "ALERTS-ACTION-IN",
    text: "An alert of Grafana sounds a camera's siren and begins a recording; journal and audit say by whom",
  },
  { id: "ALERTS-ACTION-NAMED", text: "Only rules that name a channel that acts have it act" },
  { id: "ALERTS-ACTION-LATE", text: "What is late by more than max_age_s is not done, and is told in words" },
  {
    id: "ALERTS-ACTION-RETRY",
    text: "An action that fails is tried again within max_age_s; others do not wait for it",
  },
  {
    id: "ALERTS-ACTION-ONCE",
    text: "A message acts once; a channel acts at most thirty times in ten minutes",
  },
  { id: "ALERTS-ACTION-LOOP", text: "A rule that its own action fires again acts once within its cooldown" },
  { id: "ALERTS-ACTION-RESOLVED", text: "A channel acts at the beginning, the end or a step of escalation" },
  {
    id: "ALERTS-ACTION-CAMERA",
    text: "{camera} is the alert's camera; without one nothing is done, in words",
  },
  { id: "ALERTS-ACTION-KINDS", text: "Actions delete nothing and change neither cameras nor rights" },
  { id: "ALERTS-ACTION-CONFIG", text: "A wrong action is told as the file is read, with its place" },
  {
    id: "ALERTS-ACTION-AUDIT",
    text: "An action goes through the gate as an operator and stands in the audit",
  },
  { id: "TIMERS-END", text: "A countdown ends on time, is told once, and stays until it is put away" },
  { id: "TIMERS-SET", text: "Timers are set anew under their name, and cancelled by name or number" },
  {
    id: "TIMERS-CLOCK",
    text:
      "A countdown takes as long as it was set for, however the clock is set; a time of day follows the clock",
  },
  { id: "TIMERS-RESTART", text: "Timers go on over a restart; those that ended meanwhile are told late" },
  {
    id: "TIMERS-BOUNDS",
    text: "At most fifty timers, of a second to seven days, with names of 60 characters",
  },
  {
    id: "TIMERS-TOLD",
    text: "The end of a timer is an event, an alert where a rule wants it, and ends its metric",
  },
  {
    id: "TIMERS-WEB",
    text: "Chromium sets timers, lengthens, cancels and takes that back, and shows each end in every window",
  },
  {
    id: "CAPTURE",
    text:
      "capture_image returns a picture below 900,000 bytes of Base64 with its age, links to it in full, and keeps it if asked",
  },
  {
    id: "PICTURES-PRUNED",
    text: "Kept pictures: 30 days, 500 of each camera, 2 GiB in all, looked after also while none is kept",
  },
  {
    id: "MOTION-ZONES",
    text:
      "Zones of motion detection, read back where a detection takes them, else refused and nothing changed",
  },
  {
    id: "PATROL",
    text:
      "A patrol of a time tells how far it is, and is stopped at its end or when who asked has gone, unless " +
      "somebody else stopped it or began another meanwhile",
  },
  {
    id: "CHANNEL-EMAIL",
    text:
      "An alert goes out by SMTP with login, checked TLS and its picture inline; 4xx is tried again, 5xx is not",
  },
  {
    id: "MQTT-BROKER",
    text:
      "One connection to a broker, mqtt or mqtts with its own authority; what is wrong with it is a warning",
  },
  {
    id: "MQTT-DISCOVERY",
    text:
      "Home Assistant finds cameras, sensors, switches, presets by documented fields; removed ones are forgotten",
  },
  {
    id: "MQTT-COMMANDS",
    text:
      "Commands of the broker are operations of an operator: checked, verified, audited; retained ones ignored",
  },
  { id: "MQTT-EVENTS", text: "Observations turn sensors on and off at the broker and bring a picture" },
  {
    id: "MQTT-MOTION",
    text:
      "Where the hub itself looks for motion there is a sensor from the start, and a switch of its detector",
  },
  {
    id: "MQTT-RESTART",
    text: "After a restart of the broker, or of Home Assistant, all is told again and no event is missing",
  },
  {
    id: "PUSH-CRYPTO",
    text: "A push message opens with the browser's keys alone (RFC 8291) and is signed by the hub (RFC 8292)",
  },
  {
    id: "PUSH-DEVICES",
    text:
      "Browsers subscribe as their user; one that is gone is forgotten, one that has it is not told twice",
  },
  { id: "PUSH-SSRF", text: "A push service has https and a public address; redirects are not followed" },
  {
    id: "PUSH-WEB",
    text:
      "In Chromium the service worker shows messages; Settings lists devices and says what hinders a browser",
  },
  {
    id: "CHANNEL-MQTT",
    text: "An alert is JSON at the broker, confirmed, its picture before it; else it waits",
  },
  {
    id: "CHANNEL-SECRETS",
    text: "No password or key of a channel stands in an error, a log line or an answer",
  },
  {
    id: "METRICS-NEGOTIATION",
    text:
      "/metrics is JSON, Prometheus's text or OpenMetrics by Accept; ?format= overrules; one address is fixed",
  },
  { id: "METRICS-FORMATS", text: "Metrics in three formats stay as recorded: names, types, units, buckets" },
  {
    id: "METRICS-CATALOGUE",
    text: "Every sample is in the catalogue with its labels; nothing is told that waits",
  },
  { id: "METRICS-UNKNOWN", text: "What is not known is absent, never 0 and never what it was before" },
  { id: "METRICS-MOTION", text: "Motion is that something moves, not that it is looked for" },
  { id: "METRICS-PROBES", text: "Latency is that of the probe; probes that failed are counted" },
  { id: "METRICS-REMOVED", text: "A removed camera's series disappear; one of the same id counts anew" },
  { id: "METRICS-SEEN", text: "A camera was last seen when it went away" },
  { id: "METRICS-SCHEDULE", text: "Collectors run at the interval; their duration and success are told" },
  {
    id: "METRICS-SLOW-CAMERA",
    text: "A camera that hangs delays no other collector and is given up after 10 s",
  },
  {
    id: "METRICS-COLLECTORS",
    text: "Disks, processes, the database and cameras' switches are told as they are",
  },
  {
    id: "METRICS-CAMERAS",
    text: "/metrics, /metrics/cameras and /metrics/cameras/{id} answer JSON as docs/metrics.md shows",
  },
  { id: "METRICS-ACCESS", text: "Metrics need a login or a token on both ports; a viewer's is enough" },
  {
    id: "METRICS-ANONYMOUS",
    text: "grafana.anonymous opens the metrics port to named networks, no other port",
  },
  {
    id: "METRICS-REBINDING",
    text: "Open metrics answer to the hub's own names only: no page reads them by DNS rebinding",
  },
  { id: "METRICS-CORS", text: "Only pages of named origins may read metrics in a browser" },
  { id: "METRICS-CONFIG", text: "metrics: and grafana: in the configuration are checked in words" },
  { id: "METRICS-COUNTS", text: "Requests, calls of tools, events and reports of motion are counted" },
  {
    id: "METRICS-PROMTOOL",
    text: "promtool and the parser of OpenMetrics find nothing wrong in the metrics",
  },
  { id: "METRICS-PROMETHEUS", text: "Prometheus scrapes the hub; a query by a camera's name answers" },
  { id: "METRICS-GREEDY", text: "Readers that ask far too often all get a right answer" },
  { id: "METRICS-HISTORY", text: "/metrics/history/{id}?hours= answers as docs/metrics.md shows" },
  {
    id: "METRICS-RANGE",
    text:
      "/metrics/history takes times, step, way, fields, fill and format; bounded; each mistake told in words",
  },
  {
    id: "METRICS-RANGE-NONSENSE",
    text:
      "Nonsense asked of the history is told in few words, however much of it; the latest times have answers",
  },
  {
    id: "METRICS-RANGE-TURNS",
    text: "Many questions to the history are answered two at a time: pictures go on, and nobody is refused",
  },
  {
    id: "METRICS-PATTERNS-TURNS",
    text:
      "Patterns are counted in small pieces, one question at a time: the journal never waits long for them",
  },
  {
    id: "METRICS-PATTERNS",
    text: "/metrics/patterns counts events by hour and weekday of a zone, right where clocks change",
  },
  {
    id: "METRICS-QUERY-TOOL",
    text: "query_metrics sums a camera's history up in few words, removed cameras included",
  },
  {
    id: "METRICS-HISTORY-TIERS",
    text: "Every tier tells what was measured, across restarts, gaps and a clock that is set",
  },
  {
    id: "METRICS-HISTORY-RETENTION",
    text: "Each tier of the history is kept as long as configured, in whole pieces",
  },
  {
    id: "METRICS-HISTORY-CLOCK",
    text: "A clock that is set deletes nothing of the history and loses nothing",
  },
  {
    id: "METRICS-HISTORY-SIZE",
    text: "Of a history that is too large the oldest of the finest tier goes first; the file shrinks",
  },
  {
    id: "METRICS-HISTORY-FULL-DISK",
    text: "Where nothing can be written, the history is kept in memory, told, and written later",
  },
  {
    id: "METRICS-HISTORY-FLUSH",
    text: "SIGTERM writes what was measured; an event has it written soon, within a bound",
  },
  { id: "METRICS-HISTORY-KILL", text: "kill -9 takes of the history what was not written, and nothing else" },
  { id: "METRICS-HISTORY-REMOVED", text: "The history of a removed camera stays until it is too old" },
  {
    id: "METRICS-VIEW",
    text:
      "/metrics-view draws the history without another host: wheel, drag, fingers and keys change what is asked for",
  },
  { id: "METRICS-VIEW-EMPTY", text: "Where nothing is kept yet, or of that time, the page says so" },
  { id: "METRICS-VIEW-LINES", text: "Lines of charts can be told apart on a light and on a dark ground" },
  {
    id: "METRICS-VIEW-ZOOM",
    text: "The closer, the finer the steps; what reaches now goes on with the time",
  },
  { id: "METRICS-VIEW-SHARE", text: "The address of the page keeps range and cameras" },
  { id: "METRICS-VIEW-GAPS", text: "What is not known is a gap in a line, never 0" },
  { id: "METRICS-VIEW-FIGURES", text: "Least, mean, most and last of what is shown stand as text" },
  { id: "METRICS-VIEW-CLOCK", text: "Charts show the time of the browser, also over changes of the clock" },
  {
    id: "METRICS-WAITING",
    text: "A camera's temperature and start, and plug power are measured",
    gap:
      "nothing tells the hub of them yet; their names are kept in the catalogue as waiting, listed in docs/metrics.md with the reason of each",
  },
  {
    id: "METRICS-SIGNAL",
    text: "A Tapo camera's Wi-Fi is told in dBm, of one on a cable or that does not say nothing",
  },
  { id: "METRICS-THROTTLED", text: "It is told whether a Raspberry Pi slows itself down now" },
  {
    id: "METRICS-FIRST-FRAME",
    text: "How long a stream's first viewer waits for its first picture is counted by camera",
  },
  {
    id: "VIEW-LINK",
    text:
      "GET /api/cameras/{id}/view-link gives addresses of pictures for five minutes, and the camera's state",
  },
  { id: "VIEW-LINK-SIGNED", text: "A view link that was changed, cut or signed elsewhere opens nothing" },
  {
    id: "VIEW-LINK-EXPIRES",
    text: "A view link ends after five minutes at most, also when the clock is set",
  },
  { id: "VIEW-LINK-REVOKED", text: "A view link ends with the token or login that it was made for" },
  { id: "VIEW-LINK-SCOPE", text: "A view link opens one camera's stream and snapshot, and nothing else" },
  { id: "VIEW-LINK-STREAM", text: "A stream opened by a view link outlasts it, and ends after an hour" },
  { id: "VIEW-LINK-PTZ", text: "A control ticket moves its one camera, for operators that asked for it" },
  {
    id: "VIEW-LINK-CORS",
    text: "Pages of named origins may read view links and move; all may show pictures",
  },
  { id: "VIEW-LINK-SECRET", text: "No ticket stands in the log; its key is in a file for the owner only" },
  { id: "PANEL-LIVE", text: "The panel plays a camera's live picture on a page of another site" },
  { id: "PANEL-PAUSE", text: "A panel that cannot be seen closes its connection, and goes on when it can" },
  { id: "PANEL-REASONS", text: "The panel says why there is no picture, since when, and what to do" },
  { id: "PANEL-PTZ", text: "The panel moves a camera where the data source's token is an operator's" },
  { id: "PANEL-WALL", text: "Eight panels of one hub play: four streams, the others single pictures" },
  { id: "PANEL-RENEW", text: "The panel renews its links before they expire" },
  {
    id: "PANEL-PLUGIN",
    text: "plugin.json keeps Grafana's rules; module.js is AMD and asks Grafana for React",
  },
  {
    id: "GRAFANA-PLUGIN-LOAD",
    text: "A real Grafana loads the panel plugin and draws it",
    gap: "no Grafana server can be had here; its loader, React and data source are emulated in Chromium",
  },
  { id: "PUSH-OUT-INFLUX", text: "InfluxDB has every value of /metrics, whatever stands in its labels" },
  { id: "PUSH-OUT-VICTORIA", text: "VictoriaMetrics has every series under the name it has at /metrics" },
  { id: "PUSH-OUT-OTLP", text: "OTLP is sent as another exporter sends the same values" },
  {
    id: "PUSH-OUT-LOKI",
    text: "Loki gets events when they begin and end, once and in order, past its faults",
  },
  {
    id: "PUSH-OUT-POSTGRES",
    text: "PostgreSQL keeps the values of many hubs; tables are made, also at once",
  },
  { id: "PUSH-OUT-TLS", text: "With tls PostgreSQL is spoken to encrypted, its certificate checked" },
  {
    id: "PUSH-OUT-ADDRESS",
    text: "PostgreSQL is reached at the very address that was judged, once for each try",
  },
  { id: "PUSH-OUT-EVENTS", text: "PostgreSQL has each event once, up to date, also after a restart" },
  { id: "PUSH-OUT-HUB", text: "The compiled hub pushes to several stores at once, from a reload on" },
  { id: "PUSH-OUT-OUTAGE", text: "What came while a store was away is there once; others are not delayed" },
  {
    id: "PUSH-OUT-RELOAD",
    text: "A reload keeps what waits for stores, follows the file, and doubles nothing",
  },
  { id: "PUSH-OUT-RETRY", text: "Tries grow rarer, keep to Retry-After, and send in order when it works" },
  { id: "PUSH-OUT-BOUND", text: "What waits is bounded by memory and age; what is dropped is counted" },
  {
    id: "PUSH-OUT-REFUSED",
    text: "A refusal is said in words without the secret, and not tried over and over",
  },
  { id: "PUSH-OUT-WARNING", text: "A store that fails for long is a warning until it works again" },
  { id: "PUSH-OUT-END", text: "The hub's end tries what waits once more, for 3 s at most" },
  {
    id: "PUSH-OUT-CONFIG",
    text: "metrics.push in the configuration is checked in words; addresses are judged",
  },
  {
    id: "PUSH-OUT-OTHERS",
    text:
      "InfluxDB 2 and 3, Grafana Live, Loki, an OpenTelemetry Collector and Prometheus 3 take what is sent",
    gap: "Debian has none of them; the requests are those that their documentation describes",
  },
  { id: "GRAFANA-ONE-LIST", text: "One list of alert rules makes Prometheus's file and Grafana's" },
  { id: "GRAFANA-THRESHOLDS", text: "grafana.alerts in the configuration sets the thresholds of the rules" },
  { id: "GRAFANA-WAITING", text: "Rules read metrics that exist; those that wait for data are named" },
  {
    id: "GRAFANA-PROVISIONING",
    text: "Rules, contact point and data sources have the structure of Grafana's provisioning",
  },
  { id: "GRAFANA-FOLDER", text: "config/grafana is what the program makes; all of it parses" },
  { id: "GRAFANA-COMPOSE", text: "Docker Compose pins its images and keeps tokens out of command lines" },
  { id: "GRAFANA-EXPORT", text: "grafana export writes the folder for a hub; wrong input is told in words" },
  { id: "GRAFANA-EXPORT-AGAIN", text: "Exported twice nothing changes; an older export is replaced" },
  {
    id: "GRAFANA-EXPORT-CHANGED",
    text: "Files that somebody changed are refused by name, and overwritten only with --force",
  },
  {
    id: "GRAFANA-EXPORT-LINKS",
    text: "An export keeps folders as private as they were, and writes over nothing that links lead to",
  },
  { id: "GRAFANA-PROMTOOL", text: "promtool and amtool take the files; every rule fires and does not fire" },
  { id: "GRAFANA-QUERIES", text: "Every rule's query runs in a Prometheus that scrapes a hub" },
  { id: "GRAFANA-ALERTMANAGER", text: "Prometheus and Alertmanager of the folder tell the hub of an alert" },
  { id: "GRAFANA-SMOKE", text: "smoke.sh passes where all is well, and says in words what is not" },
  {
    id: "GRAFANA-RENDER",
    text: "A real Grafana takes the provisioning, renders the dashboards and loads the panel plugin",
    gap: "no Grafana can be had here; docs/grafana.md says so, and smoke.sh asks a real one",
  },
  { id: "DASH-SEVEN", text: "Seven dashboards under fixed uids, as files that Grafana provisions" },
  {
    id: "DASH-PANELS",
    text:
      "Every query of every panel gives data from a real Prometheus or by jq from the live hub; the others are " +
      "named with a reason",
  },
  { id: "DASH-EVENTS", text: "The journal as Grafana's logs and annotations want it" },
  {
    id: "DASH-STRUCTURE",
    text: "Panels have ids, title, meaning, unit, a text without data, and lie over no other",
  },
  { id: "DASH-SOURCES", text: "No panel names a data source; every variable that is used exists" },
  { id: "DASH-METRICS", text: "Panels name only metrics of the catalogue and never divide by zero" },
  {
    id: "DASH-OVERVIEW",
    text: "Status, motion, network, temperature and motion events of cameras stand on the Security Overview",
  },
  { id: "DASH-PARCELS", text: "A parcel waits until somebody came later than its courier" },
  { id: "DASH-HONEST", text: "Hints from movement say that they are no safety device; the feed is off" },
  {
    id: "DASH-LOOKS",
    text: "The dashboards look right in Grafana",
    gap: "no Grafana can be had where this is built; docs/dashboards.md says so",
  },
  { id: "SSRF", text: "Addresses of the hub itself and of metadata services are refused unless allowed" },
  {
    id: "DEMO",
    text: "make demo: in Chromium emulated cameras are live, move, are covered, unplugged, added",
  },
  {
    id: "TAPO-HARDWARE",
    text: "Tapo, ONVIF and RTSP cameras work as their emulators do",
    gap: "no camera here; docs/cameras.md lists what only a real one can settle",
  },
  {
    id: "TPAP",
    text: "The newest Tapo login (TPAP, SPAKE2+)",
    gap: "its framing could not be verified; such cameras are told to turn on Third-Party Compatibility",
  },
  {
    id: "INGEST-40MB",
    text: "Copy ingest takes at most 40 MB a camera",
    gap: "12 MB of its own, 53 MB resident with shared libraries; benched, not asserted",
  },
  {
    id: "SSRF-REDIRECT",
    text: "A camera cannot send the hub on to a refused address by an RTSP redirect",
    gap: "ffmpeg 5.1 follows them and has no switch against it, as it has for HTTP; docs/security.md says so",
  },
];
