"""Events (rules, notifications) are retried and end in the dead-letter target, with the alias's own settings.

The emulator runs an event of a rule or a topic once and forgets it when it fails, and knows the settings of the
unqualified function only. It also starts all notifications of a topic at once, a process each: here they wait in a queue
of the function that few take from, as the first seconds of a burst are on AWS.
"""

import threading

from hooks import replace
from ministack.services import eventbridge, lambda_svc, sns

SETTING = "event_invoke_config"
QUEUED = "queued_for"
NOTIFICATIONS_AT_ONCE = 2

_turns = {}


def apply():
    replace(lambda_svc, "invoke_async_with_retry", _with_settings)
    replace(eventbridge, "_dispatch_to_lambda", lambda _: _dispatch)
    replace(sns, "_deliver_to_lambda", lambda _: _deliver)
    replace(lambda_svc, "_execute_function", _in_turn)


def _with_settings(original):
    def invoke(record, event):
        config = record.get("config") or record
        function = lambda_svc._functions.get(config.get("FunctionName")) or {}
        qualifier = "".join(config.get("FunctionArn", "").split(":")[7:8])
        settings = lambda_svc._event_invoke_config(function, qualifier or None) or None
        return original({**record, SETTING: settings, "event_invoke_configs": {}}, event)

    return invoke


def _dispatch(arn, payload):
    record, config, name = lambda_svc._get_func_record_for_ref(arn)
    if not record or not config:
        eventbridge.logger.warning("EventBridge: function %s not found", name)
        return
    event = eventbridge.json.loads(payload)
    lambda_svc.invoke_async_with_retry(lambda_svc._execution_record_for_config(record, config), event)


def _deliver(endpoint, envelope, topic_arn, sub_arn, msg_id, message, attributes):
    record, config, name = lambda_svc._get_func_record_for_ref(endpoint)
    if not record or not config:
        sns.logger.warning("SNS: function %s not found", name)
        return
    notification = {
        "EventVersion": "1.0",
        "EventSubscriptionArn": sub_arn,
        "EventSource": "aws:sns",
        "Sns": sns.json.loads(envelope),
    }
    event = {"Records": [notification]}
    record = lambda_svc._execution_record_for_config(record, config)
    lambda_svc.invoke_async_with_retry({**record, QUEUED: config["FunctionArn"]}, event)


def _in_turn(original):
    def execute(record, event):
        queue = record.get(QUEUED)
        if queue is None:
            return original(record, event)
        # A turn is one try: who waits before the next try lets others go first.
        with _turns.setdefault(queue, threading.Semaphore(NOTIFICATIONS_AT_ONCE)):
            return original(record, event)

    return execute
