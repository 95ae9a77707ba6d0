#!/usr/bin/python3
"""A mail relay for tests (Debian's python3-aiosmtpd).

usage: smtp_server.py FOLDER [--port PORT] [--certificate FILE --key FILE] [--user USER:PASSWORD]

Writes each message that it accepts to FOLDER/<number>.eml, and prints its port when it is ready. Ends when
standard input does. The part of the recipient before "@" says how it answers: "later" 451 to the recipient,
"never" 550 to the recipient, "full" 452 and "spam" 554 to the text, "drop" ends the connection instead of an
answer to the text, "hang" gives none. "flaky" is "drop" for the first message and accepts the next.
"""
import argparse
import asyncio
import os
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    def __init__(self, folder):
        self.folder = folder
        self.count = 0
        self.dropped = set()
        self.connections = 0

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        answers = {"later": "451 try again later", "never": f"550 no such user {address}"}
        answer = answers.get(address.partition("@")[0])
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        address = envelope.rcpt_tos[0]
        name = address.partition("@")[0]
        if name in ("full", "spam"):
            return {"full": "452 disk full", "spam": "554 refused"}[name]
        if name == "hang":
            await asyncio.sleep(3600)
        self.store(session, envelope)
        if name == "drop" or (name == "flaky" and address not in self.dropped):
            self.dropped.add(address)
            server.transport.abort()
        return "250 taken"

    def store(self, session, envelope):
        self.count += 1
        seen = (f"X-From: {envelope.mail_from}\r\nX-To: {','.join(envelope.rcpt_tos)}\r\n"
                f"X-TLS: {'yes' if session.ssl else 'no'}\r\nX-Helo: {session.host_name}\r\n"
                f"X-Connection: {session.peer[1]}\r\n")
        file = self.folder / f"{self.count:04}.eml"
        part = file.with_suffix(".part")
        part.write_bytes(seen.encode() + envelope.original_content)
        os.replace(part, file)


def authenticator(user):
    def check(server, session, envelope, mechanism, data):
        return AuthResult(success=f"{data.login.decode()}:{data.password.decode()}" == user)
    return check


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--user")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    options = {"enable_SMTPUTF8": True}
    if args.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(args.certificate, args.key)
        options.update(tls_context=context, require_starttls=True)
    if args.user:
        options.update(authenticator=authenticator(args.user), auth_required=True,
                       auth_require_tls=bool(args.certificate))
    handler = Handler(args.folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, loop=loop, **options), "127.0.0.1",
                                      args.port)
    print(server.sockets[0].getsockname()[1], flush=True)
    ended = asyncio.Event()
    loop.add_reader(sys.stdin, lambda: None if sys.stdin.read(1) else ended.set())
    await ended.wait()


asyncio.run(main())
