"""Who is connected and who plays: the limit of sessions, answers that a test asked for, and the counts."""

import threading

from gi.repository import GstRtsp

OK = GstRtsp.RTSPStatusCode.OK
FULL = GstRtsp.RTSPStatusCode.NOT_ENOUGH_BANDWIDTH


class Clients:
    """All connections. GStreamer calls from threads of its own, hence the lock."""

    def __init__(self, server, max_sessions):
        """Watches a server; at most `max_sessions` play (None: any number)."""
        self.max_sessions = max_sessions
        self.rejections = {}  # Method → status code.
        self._lock = threading.Lock()
        self._connected, self._playing = set(), set()
        self._peak = self._opened = 0
        server.connect("client-connected", self._connect)

    def counts(self):
        """Returns how many play and are connected now, the most that ever played, all that ever began."""
        with self._lock:
            return {
                "sessions": len(self._playing),
                "clients": len(self._connected),
                "peak": self._peak,
                "opened_total": self._opened,
            }

    def drop(self):
        """Closes all connections."""
        with self._lock:
            connected = list(self._connected)
        for client in connected:
            client.close()

    def _connect(self, _server, client):
        """Takes note of a connection and of what it will ask."""
        with self._lock:
            self._connected.add(client)
        client.connect("closed", self._close)
        client.connect("pre-describe-request", lambda _client, _context: self._answer("DESCRIBE"))
        client.connect("pre-setup-request", lambda _client, _context: self._answer("SETUP"))
        client.connect("pre-play-request", self._before_play)
        client.connect("play-request", self._play)
        client.connect("pause-request", self._stop)
        client.connect("teardown-request", self._stop)

    def _close(self, client):
        """Forgets a connection."""
        with self._lock:
            self._connected.discard(client)
            self._playing.discard(client)

    def _answer(self, method):
        """Returns the status that a test asked for, or OK to go on."""
        code = self.rejections.get(method)
        return GstRtsp.RTSPStatusCode(code) if code else OK

    def _before_play(self, client, _context):
        """Refuses one session too many."""
        with self._lock:
            others = len(self._playing - {client})
            if self.max_sessions is not None and others >= self.max_sessions:
                return FULL
        return self._answer("PLAY")

    def _play(self, client, _context):
        """Counts a session that plays now."""
        with self._lock:
            if client not in self._playing:
                self._opened += 1
            self._playing.add(client)
            self._peak = max(self._peak, len(self._playing))

    def _stop(self, client, _context):
        """Counts a session that has paused or ended."""
        with self._lock:
            self._playing.discard(client)
