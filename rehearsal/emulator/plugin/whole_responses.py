"""A response leaves in one piece, its head together with the first of its body.

The AWS SDK for Go closes a request's body as soon as the head of the response is there. When its transport is not done
with that body yet, which only happens with a server as near as this one, it drops the connection, and the rest of the
response with it: about one call in fifty failed with `use of closed network connection`, although it was carried out.
"""

import h11
from hooks import replace
from hypercorn.events import RawData
from hypercorn.protocol.h11 import H11Protocol


def apply():
    replace(H11Protocol, "_send_h11_event", _in_one_piece)


def _in_one_piece(original):
    async def send(protocol, event):
        if isinstance(event, h11.Response):
            protocol.held_head = _encoded(protocol, event)
            return
        head = protocol.__dict__.pop("held_head", None)
        if head is None:
            await original(protocol, event)
        else:
            await protocol.send(RawData(data=head + _encoded(protocol, event)))

    return send


def _encoded(protocol, event):
    try:
        return protocol.connection.send(event) or b""
    except h11.LocalProtocolError:
        if protocol.connection.their_state != h11.ERROR:
            raise
        return b""
