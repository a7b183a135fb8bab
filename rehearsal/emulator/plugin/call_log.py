"""Writes down who was let do what to what, once each, into the file that EMULATOR_CALLS names: policies are made of it.

The administrator is asked for no permission, and does not appear.
"""

import contextlib
import contextvars
import json
import os
import threading

from hooks import replace
from ministack.core import iam_evaluator

_asked = contextvars.ContextVar("asked", default=False)
_lock = threading.Lock()
_seen = set()


def apply():
    path = os.environ.get("EMULATOR_CALLS")
    if not path:
        return
    replace(iam_evaluator, "enforce", _asking)
    replace(iam_evaluator, "evaluate", lambda original: _written(original, path))


def _asking(original):
    def enforce(*arguments, **named):
        token = _asked.set(True)
        try:
            return original(*arguments, **named)
        finally:
            _asked.reset(token)

    return enforce


def _written(original, path):
    def evaluate(ctx, policies, *limits):
        result = original(ctx, policies, *limits)
        # A simulation evaluates as well, and does nothing.
        if _asked.get():
            call = (ctx.principal_arn, ctx.action, ctx.resource_arn, result.decision)
            with _lock, contextlib.suppress(OSError):
                if call not in _seen:
                    _seen.add(call)
                    with open(path, "a", encoding="utf-8") as file:
                        file.write(json.dumps(dict(zip(("principal", "action", "resource", "decision"), call))) + "\n")
        return result

    return evaluate
