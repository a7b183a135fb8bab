"""DescribeAlarms and DescribeAlarmsForMetric tell everything about an alarm, in every protocol.

The emulator's XML leaves out most of it, so that the Terraform provider sees a difference forever.
"""

import json

from alarm_values import dimensions
from hooks import replace
from ministack.services import cloudwatch
from protocols import body_of, encode


def apply():
    replace(cloudwatch, "_describe_alarms", _complete)
    replace(cloudwatch, "_describe_alarms_for_metric", lambda _: _describe_alarms_for_metric)


def _complete(original):
    def describe_alarms(params, data, is_cbor, is_json=False):
        body = body_of(params, data, is_cbor or is_json)
        # Choosing and paging are right in the emulator: only what it writes about each alarm is not.
        status, headers, chosen = original({}, body, False, True)
        if status != 200:
            return original(params, data, is_cbor, is_json)
        answer = json.loads(chosen)
        prefix = body.get("ActionPrefix")
        for kind in ("MetricAlarms", "CompositeAlarms"):
            answer[kind] = [a for a in answer[kind] if not prefix or _acts_on(a, prefix)]
        return encode("DescribeAlarms", answer, is_cbor, is_json)

    return describe_alarms


def _acts_on(alarm, prefix):
    actions = [a for key in ("AlarmActions", "OKActions", "InsufficientDataActions") for a in alarm.get(key) or []]
    return any(action.startswith(prefix) for action in actions)


def _describe_alarms_for_metric(params, data, is_cbor, is_json=False):
    body = body_of(params, data, is_cbor or is_json)
    wanted = (body.get("Namespace"), body.get("MetricName"), dimensions(body.get("Dimensions")))
    alarms = [
        alarm
        for alarm in cloudwatch._alarms.values()
        if (alarm.get("Namespace"), alarm.get("MetricName"), dimensions(alarm.get("Dimensions"))) == wanted
        and body.get("Statistic") in (None, "", alarm.get("Statistic"))
    ]
    return encode("DescribeAlarmsForMetric", {"MetricAlarms": alarms}, is_cbor, is_json)
