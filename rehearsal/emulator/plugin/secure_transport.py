"""Policies take a request for one that came by TLS: the emulator speaks HTTP on the loopback address only.

Otherwise a bucket that refuses all else, as ours do, would refuse everybody here.
"""

from hooks import replace
from ministack import app


def apply():
    replace(app, "pin_request_origin", _by_tls)


def _by_tls(original):
    return lambda source_ip, secure_transport: original(source_ip, True)
