"""How many messages of a queue can be received is told to CloudWatch, as an alarm on dead letters needs it.

The emulator measures nothing of queues. On AWS the number comes once a minute; here it comes every two seconds, and only for
queues that an alarm asks about.
"""

import contextvars
import threading
import time

from ministack.core import responses
from ministack.services import cloudwatch, sqs

NAMESPACE = "AWS/SQS"
METRIC = "ApproximateNumberOfMessagesVisible"
MEASURE_EVERY_SECONDS = 2.0


def apply():
    threading.Thread(target=_measure_forever, daemon=True, name="queue-metrics").start()


def _measure_forever():
    while True:
        time.sleep(MEASURE_EVERY_SECONDS)
        for account, region in {key[:2] for key in list(cloudwatch._alarms._data)}:
            contextvars.copy_context().run(_measure_scope, account, region)


def _measure_scope(account, region):
    responses._request_account_id.set(account)
    responses.set_request_region(region)
    for name in _asked_about():
        queue = sqs._queue_by_arn(f"arn:aws:sqs:{region}:{account}:{name}")
        if queue is not None:
            now = time.time()
            visible = sum(1 for message in list(queue["messages"]) if message["visible_at"] <= now)
            cloudwatch.record_metric(NAMESPACE, METRIC, visible, "Count", {"QueueName": name})


def _asked_about():
    return {
        dimension["Value"]
        for alarm in list(cloudwatch._alarms.values())
        if alarm.get("Namespace") == NAMESPACE and alarm.get("MetricName") == METRIC
        for dimension in alarm.get("Dimensions") or []
        if dimension["Name"] == "QueueName"
    }
