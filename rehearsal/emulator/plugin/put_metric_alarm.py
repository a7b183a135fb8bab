"""PutMetricAlarm keeps everything it is given, in every protocol, and refuses what AWS refuses.

The emulator drops metric math, INSUFFICIENT_DATA actions (query protocol) and a few more, and makes up a statistic.
"""

import metric_math
from hooks import replace
from ministack.services import cloudwatch
from protocols import body_of

KEPT_AS_GIVEN = ("Metrics", "InsufficientDataActions", "EvaluateLowSampleCountPercentile", "ThresholdMetricId")
ONE_METRIC = ("MetricName", "Namespace", "Statistic", "Period", "Dimensions", "Unit")


def apply():
    replace(cloudwatch, "_put_metric_alarm", _complete)


def _complete(original):
    def put_metric_alarm(params, data, is_cbor, is_json=False):
        body = body_of(params, data, is_cbor or is_json)
        refusal = _refusal(body)
        if refusal:
            return cloudwatch._error("ValidationError", refusal, 400, use_json=is_json, use_cbor=is_cbor)
        name = body.get("AlarmName")
        before = cloudwatch._alarms.get(name)
        answer = original(params, data, is_cbor, is_json)
        alarm = cloudwatch._alarms.get(name)
        if answer[0] == 200 and alarm is not None and alarm is not before:
            _complement(alarm, body)
        return answer

    return put_metric_alarm


def _complement(alarm, body):
    for field in KEPT_AS_GIVEN:
        if field in body:
            alarm[field] = body[field]
    if body.get("Metrics"):
        for field in ONE_METRIC:
            alarm.pop(field, None)
    elif not body.get("Statistic"):
        alarm.pop("Statistic", None)  # an alarm on a percentile has no statistic, and none may be read back
    if not body.get("AlarmDescription"):
        alarm["AlarmDescription"] = None
    alarm.setdefault("StateTransitionedTimestamp", alarm["StateUpdatedTimestamp"])


def _refusal(body):
    if bool(body.get("MetricName")) == bool(body.get("Metrics")):
        return "Exactly one of MetricName and Metrics must be given"
    period = body.get("Period")
    if body.get("MetricName") and not (period in (10, 20, 30) or (period and int(period) % 60 == 0)):
        return f"Period must be 10, 20, 30 or a multiple of 60, not {period}"
    if int(body.get("DatapointsToAlarm") or 1) > int(body.get("EvaluationPeriods") or 1):
        return "DatapointsToAlarm must be less than or equal to EvaluationPeriods"
    for metric in body.get("Metrics") or []:
        if metric.get("Expression"):
            try:
                metric_math.check(metric["Expression"])
            except metric_math.Unsupported as error:
                return f"Error in expression '{metric['Id']}': {error}"
    return None
