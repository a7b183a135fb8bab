"""A function's process that nobody called for a while ends, also the last one.

The emulator keeps one process for every version ever run, 45 MB each: a story of many releases would not fit.
"""

import threading
import time

from hooks import replace
from ministack.core import lambda_runtime
from ministack.services import lambda_svc


SECONDS_BETWEEN_LOOKS = 2


def apply():
    for module in (lambda_runtime, lambda_svc):
        replace(module, "reap_idle_workers", lambda _: reap)
    threading.Thread(target=_look_often, daemon=True).start()


def _look_often():
    while True:
        time.sleep(SECONDS_BETWEEN_LOOKS)
        reap()


def reap(ttl=None):
    oldest = time.time() - (lambda_runtime._LOCAL_WORKER_TTL if ttl is None else ttl)
    ended = []
    with lambda_runtime._lock:
        for key, workers in list(lambda_runtime._workers.items()):
            idle = [w for w in workers if not w.in_use and w.last_used < oldest]
            ended += idle
            kept = [w for w in workers if w not in idle]
            lambda_runtime._workers.pop(key)
            if kept:
                lambda_runtime._workers[key] = kept
    lambda_runtime.kill_workers(ended)
    return len(ended)
