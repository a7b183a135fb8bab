"""Events (rules, notifications) are retried and end in the dead-letter target, with the alias's own settings.

The emulator runs an event of a rule or a topic once and forgets it when it fails, and knows the settings of the
unqualified function only.
"""

from hooks import replace
from ministack.services import eventbridge, lambda_svc

SETTING = "event_invoke_config"


def apply():
    replace(lambda_svc, "invoke_async_with_retry", _with_settings)
    replace(eventbridge, "_dispatch_to_lambda", lambda _: _dispatch)


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
