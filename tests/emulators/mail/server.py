"""A real SMTP server (Debian's aiosmtpd) for tests, driven by JSON lines: options first, then commands.

Each command is answered by one line. It ends when its input ends, so that it never outlives the test.
"""

import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Mailbox:
    """Keeps what is taken, and answers as the test says (hooks of aiosmtpd)."""

    def __init__(self):
        """Takes everything until it is told otherwise."""
        self.mails, self.begun, self.answers = [], 0, {}

    async def handle_RCPT(self, _server, _session, envelope, address, options):
        """Takes a recipient, or says why not."""
        refusal = self.answers.get("recipients", {}).get(address)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        """Takes a mail, refuses it, or never answers."""
        self.begun += 1
        if self.answers.get("hangs"):
            await asyncio.sleep(3600)
        if self.answers.get("data"):
            return self.answers["data"]
        raw = envelope.original_content.decode("latin-1")
        self.mails.append({"to": envelope.rcpt_tos, "raw": raw})
        return "250 OK"

    def obey(self, command):
        """Carries out one command of the test."""
        if command["cmd"] == "answers":
            self.answers = command["answers"]
        return {"mails": self.mails, "begun": self.begun}


class Server:
    """The server as the options describe it."""

    def __init__(self, options, mailbox):
        """Reads the certificate, where there is one."""
        self._mailbox, self._account = mailbox, options.get("account")
        self._context, self._is_secure = None, options.get("secure", False)
        if options.get("cert"):
            self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self._context.load_cert_chain(options["cert"], options["key"])

    def _check(self, _server, _session, _envelope, _mechanism, login):
        """Lets in who knows the account. Some servers repeat what they were sent."""
        refusal = self._mailbox.answers.get("login")
        if refusal:
            return AuthResult(success=False, handled=False, message=refusal)
        user, password = login.login.decode(), login.password.decode()
        if isinstance(login, LoginPassword) and [user, password] == self._account:
            return AuthResult(success=True)
        return AuthResult(success=False, handled=False, message=f'535 Wrong password "{password}" for {user}')

    def _protocol(self):
        return SMTP(
            self._mailbox,
            hostname="mail.test",
            tls_context=None if self._is_secure else self._context,
            authenticator=self._check if self._account else None,
            auth_required=bool(self._account),
            auth_require_tls=False,
        )

    async def listen(self):
        """Listens on a free port of the loopback interface and returns it."""
        loop = asyncio.get_running_loop()
        context = self._context if self._is_secure else None
        server = await loop.create_server(self._protocol, "127.0.0.1", 0, ssl=context)
        return server.sockets[0].getsockname()[1]


def say(message):
    """Answers with one line."""
    print(json.dumps(message), flush=True)


async def main():
    """Starts the server that the first line describes, and obeys until the input ends."""
    # A client that does not trust the certificate hangs up: that is what is tested.
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
    reader = asyncio.StreamReader(limit=1 << 20)
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    mailbox = Mailbox()
    server = Server(json.loads(await reader.readline()), mailbox)
    say({"port": await server.listen()})
    async for line in reader:
        say(mailbox.obey(json.loads(line)))


asyncio.run(main())
