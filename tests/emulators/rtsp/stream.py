"""One stream of the camera: the GStreamer pipeline, its pictures, and the tap that lets it stall."""

import threading
import time
from functools import reduce
from operator import or_

from gi.repository import Gst, GstRtsp, GstRtspServer

from scene import Scene

_VIDEO = {
    "h264": "x264enc tune=zerolatency speed-preset=ultrafast threads=1"
    " bitrate={bitrateKbps} key-int-max={gop} ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=1",
    "h265": "x265enc tune=zerolatency speed-preset=ultrafast log-level=error option-string=pools=1"
    " bitrate={bitrateKbps} key-int-max={gop} ! h265parse ! rtph265pay name=pay0 pt=96 config-interval=1",
    "mjpeg": "jpegenc quality=70 ! rtpjpegpay name=pay0 pt=26",
}
_TONE = "audiotestsrc name=tone is-live=true wave=ticks sine-periods-per-tick=100 freq=880 volume=0.5"
_AUDIO = {
    "pcma": _TONE + " ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay1 pt=8",
    "aac": _TONE + " ! audio/x-raw,rate=16000,channels=1 ! voaacenc bitrate=32000 ! aacparse"
    " ! rtpmp4gpay name=pay1 pt=97",
    "none": "",
}

_TRANSPORTS = {"tcp": GstRtsp.RTSPLowerTrans.TCP, "udp": GstRtsp.RTSPLowerTrans.UDP}


def fill_in(mount):
    """Returns the description of a mount with what was left out; raises ValueError for what cannot be."""
    full = {"path": "/stream1", "width": 640, "height": 360, "fps": 15, "gop": 30, "bitrateKbps": 800}
    full |= {"codec": "h264", "audio": "pcma", "title": "CAMERA"} | mount
    if full["codec"] not in _VIDEO or full["audio"] not in _AUDIO:
        raise ValueError(f"no such codec: {full['codec']}, {full['audio']}")
    # The RTP format of JPEG counts heights in blocks of 8 rows.
    if full["width"] % 8 or full["height"] % (8 if full["codec"] == "mjpeg" else 2):
        raise ValueError("{width}x{height} cannot be sent as {codec}".format(**full))
    return full


def _launch_line(mount):
    """Returns the pipeline in GStreamer's notation."""
    caps = "video/x-raw,format=I420,width={width},height={height},framerate={fps}/1".format(**mount)
    # A stream that nobody plays yet keeps only its newest pictures.
    bound = "max-bytes=0 max-buffers=2 leaky-type=downstream"
    source = f"appsrc name=picture is-live=true format=time do-timestamp=true {bound} caps={caps}"
    return f"( {source} ! {_VIDEO[mount['codec']].format(**mount)} {_AUDIO[mount['audio']]} )"


def make_factory(mount, camera):
    """Returns the factory of a mount. Its media is shared by all clients and lives while one is connected."""
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(_launch_line(mount))
    factory.set_shared(True)
    factory.set_protocols(reduce(or_, (_TRANSPORTS[name] for name in camera.transports)))
    permissions = GstRtspServer.RTSPPermissions()
    # The role that accounts.py gives to who has logged in; without accounts nobody is asked.
    permissions.add_permission_for_role("user", "media.factory.access", True)
    permissions.add_permission_for_role("user", "media.factory.construct", True)
    factory.set_permissions(permissions)
    factory.connect("media-configure", lambda _factory, media: _Media(media, mount, camera))
    return factory


class _Media:
    """A running pipeline: draws its pictures, and drops its packets while the camera stalls."""

    def __init__(self, media, mount, camera):
        """Begins to draw; ends by itself when the last client has left."""
        self._camera, self._fps = camera, mount["fps"]
        self._scene = Scene(mount["width"], mount["height"], mount["title"])
        self._source = media.get_element().get_by_name("picture")
        self._ended = threading.Event()
        tone = media.get_element().get_by_name("tone")
        if tone:
            tone.get_static_pad("src").add_probe(Gst.PadProbeType.QUERY_UPSTREAM, self._refuse_to_seek)
        media.connect("prepared", self._tap)
        media.connect("unprepared", self._end)
        camera.media_count += 1
        threading.Thread(target=self._draw, daemon=True).start()

    def _draw(self):
        """Hands a picture to the encoder at each tick, until the media ends."""
        due = time.monotonic()
        while not self._ended.wait(max(0, due - time.monotonic())):
            # A picture without a time, as before the pipeline plays, would stop the stream for good.
            if self._source.get_state(0).state == Gst.State.PLAYING:
                picture = self._scene.frame(self._camera.view)
                self._source.emit("push-buffer", Gst.Buffer.new_wrapped(picture))
            due = max(due + 1 / self._fps, time.monotonic() - 1)

    def _tap(self, media):
        """Looks at all packets that leave, RTCP too: a client would take its reports for life."""
        pipeline = media.get_element().get_parent()
        for element in pipeline.children:
            if element.get_factory().get_name() == "rtpbin":
                for pad in element.srcpads:
                    pad.add_probe(Gst.PadProbeType.BUFFER | Gst.PadProbeType.BUFFER_LIST, self._pass_or_drop)

    def _pass_or_drop(self, _pad, _info):
        """Lets a packet go, unless the camera stalls."""
        return Gst.PadProbeReturn.DROP if self._camera.stalled else Gst.PadProbeReturn.OK

    def _refuse_to_seek(self, _pad, info):
        """Keeps the media live: clients PLAY "from 0", which would rewind the tone generator for all."""
        seeking = info.get_query().type == Gst.QueryType.SEEKING
        return Gst.PadProbeReturn.DROP if seeking else Gst.PadProbeReturn.OK

    def _end(self, _media):
        """Stops drawing."""
        if not self._ended.is_set():
            self._ended.set()
            self._camera.media_count -= 1
