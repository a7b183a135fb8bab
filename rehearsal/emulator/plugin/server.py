"""Serves the emulator on the loopback address, and ends it at once and whole when told to.

Left to itself it waits for idle connections to close, is killed meanwhile, and its state is lost.
"""

import asyncio
import logging
import os
import resource
import signal

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack import app
from ministack.core import lambda_runtime, persistence


def run():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    logging.getLogger("hypercorn.access").disabled = True
    config = Config()
    config.bind = [f"127.0.0.1:{os.environ['GATEWAY_PORT']}"]
    config.keep_alive_timeout = 75
    config.loglevel = app.LOG_LEVEL
    asyncio.run(serve(app.app, config, shutdown_trigger=_end_when_told))


async def _end_when_told():
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, told.set)
    await told.wait()
    if persistence.PERSIST_STATE:
        persistence.save_all(app._build_persistence_save_dict())
    lambda_runtime.reset()
    os._exit(0)
