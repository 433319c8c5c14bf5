"""Who may look: GStreamer's own digest or basic authentication, with a count of the failures."""

from gi.repository import GstRtsp, GstRtspServer

_METHODS = {"digest": GstRtsp.RTSPAuthMethod.DIGEST, "basic": GstRtsp.RTSPAuthMethod.BASIC}


class Accounts(GstRtspServer.RTSPAuth):
    """The accounts of the camera."""

    def __init__(self, method, users):
        """Accepts the users, name → password, by "digest" or "basic"."""
        super().__init__()
        self.failures = 0
        self.set_supported_methods(_METHODS[method])
        for name, password in users.items():
            token = GstRtspServer.RTSPToken()
            token.set_string("media.factory.role", "user")
            if method == "digest":
                self.add_digest(name, password, token)
            else:
                self.add_basic(GstRtspServer.RTSPAuth.make_basic(name, password), token)

    def do_generate_authenticate_header(self, context):
        """Counts a 401 that answers credentials; one that answers none is no failure."""
        result, _value = context.request.get_header(GstRtsp.RTSPHeaderField.AUTHORIZATION, 0)
        if result == GstRtsp.RTSPResult.OK:
            self.failures += 1
        GstRtspServer.RTSPAuth.do_generate_authenticate_header(self, context)
