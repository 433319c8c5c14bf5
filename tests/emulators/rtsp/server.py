"""An RTSP camera for tests, driven by JSON lines: options first, then commands (see rtsp_emulator.ts).

Each command is answered by one line. It ends when its input ends, so that it never outlives the test.
Needs Debian's Python: gi is not on PyPI without a compiler.
"""

import json
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gio, GLib, Gst, GstRtspServer  # noqa: E402

Gst.init(None)

from accounts import Accounts  # noqa: E402
from clients import Clients  # noqa: E402
from scene import View  # noqa: E402
from stream import fill_in, make_factory  # noqa: E402


class Camera:
    """The server, and all that a test can change while it runs."""

    def __init__(self, options):
        """Listens on options["port"] (0: a free one) and offers the mounts."""
        self.view, self.stalled, self.media_count = View(), False, 0
        self.transports = options.get("transports") or ["tcp", "udp"]
        self._server = GstRtspServer.RTSPServer()
        self._server.set_address(options.get("host", "127.0.0.1"))
        self._server.set_service(str(options.get("port", 0)))
        self._accounts = self._make_accounts(options)
        self._clients = Clients(self._server, options.get("max_sessions"))
        self._mounts = {}
        for mount in options["mounts"]:
            self._offer(mount)
        if self._server.attach(None) == 0:
            raise OSError(f"cannot listen on port {options.get('port')}")
        self.port = self._server.get_bound_port()

    def _make_accounts(self, options):
        """Asks for credentials, unless there is nothing to ask for."""
        method, users = options.get("auth", "digest"), options.get("users")
        if method == "none" or not users:
            return None
        accounts = Accounts(method, users)
        if options.get("tls"):
            accounts.set_tls_certificate(Gio.TlsCertificate.new_from_pem(options["tls"], -1))
        self._server.set_auth(accounts)
        return accounts

    def _offer(self, mount):
        """Adds or replaces a mount; who plays the old one keeps it."""
        full = fill_in(mount)
        factory = make_factory(full, self)
        points = self._server.get_mount_points()
        points.remove_factory(full["path"])
        points.add_factory(full["path"], factory)
        self._mounts[full["path"]] = full

    def obey(self, command):
        """Carries out a command; returns the answer."""
        name = command.pop("cmd")
        handlers = {
            "view": self._set_view,
            "stall": self._stall,
            "reject": self._reject,
            "drop": lambda _command: self._clients.drop(),
            "codec": self._change_codec,
            "sessions": lambda _command: None,
        }
        handlers[name](command)
        failures = self._accounts.failures if self._accounts else 0
        return self._clients.counts() | {"auth_failures": failures, "media": self.media_count}

    def _set_view(self, command):
        """Changes the parts of the view that are named."""
        self.view = View(**(vars(self.view) | command))

    def _stall(self, command):
        """Stops or resumes the flow of data."""
        self.stalled = command["on"]

    def _reject(self, command):
        """Answers a method with a status from now on, or (None) as usual."""
        self._clients.rejections[command["method"]] = command["code"]

    def _change_codec(self, command):
        """Changes a mount for the sessions to come, for example its codec."""
        self._offer(self._mounts[command["path"]] | command)


def say(message):
    """Prints one line of JSON."""
    print(json.dumps(message), flush=True)


def answer(camera, line):
    """Carries out one line, in the main loop; failures are answered, too."""
    try:
        say(camera.obey(json.loads(line)))
    except Exception as error:  # The test shall see what was wrong with its command.
        say({"error": f"{type(error).__name__}: {error}"})


def listen(camera, loop):
    """Reads commands until "quit" or the end of the input."""
    for line in sys.stdin:
        if json.loads(line)["cmd"] == "quit":
            break
        GLib.idle_add(answer, camera, line)
    GLib.idle_add(loop.quit)


def main():
    """Starts the camera that the first line describes."""
    loop = GLib.MainLoop()
    try:
        camera = Camera(json.loads(sys.stdin.readline()))
    except Exception as error:
        say({"ready": False, "error": f"{type(error).__name__}: {error}"})
        return 1
    say({"ready": True, "port": camera.port})
    threading.Thread(target=listen, args=(camera, loop), daemon=True).start()
    loop.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
