"""Alarms are evaluated by themselves, by dimension, with M of N and missing data as AWS documents them.

The emulator evaluates an alarm only when a metric is put, over all dimensions at once, and never goes back to OK.
"""

import contextvars
import threading
import time

import alarm_values
from hooks import replace
from ministack.core import responses
from ministack.services import cloudwatch

EVALUATE_EVERY_SECONDS = 1.0
BREACHES = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}

_woken = threading.Event()


def apply():
    # One thread evaluates; what used to evaluate inside a request only wakes it, so that a notification that comes
    # back to this server as a request cannot wait for itself.
    replace(cloudwatch, "_evaluate_alarm", lambda _: lambda alarm: _woken.set())
    replace(cloudwatch, "_evaluate_all_alarms", lambda _: _woken.set)
    threading.Thread(target=_evaluate_forever, daemon=True, name="alarms").start()


def judge(values, periods, to_alarm, treatment, breaching):
    """The state that the values (newest first, None for missing) call for, or None to keep the present one."""
    real = [v for v in values if v is not None][:periods]
    missing = periods - len(real)
    if not real:
        return {"breaching": "ALARM", "notBreaching": "OK", "ignore": None}.get(treatment, "INSUFFICIENT_DATA")
    bad = sum(1 for v in real if breaching(v))
    if bad + (missing if treatment == "breaching" else 0) >= to_alarm:
        return "ALARM"
    if missing and bad == len(real) and treatment in ("missing", "ignore"):
        return "ALARM" if treatment == "missing" else None
    return "OK"


def _evaluate_forever():
    reported = set()
    while True:
        _woken.wait(EVALUATE_EVERY_SECONDS)
        _woken.clear()
        for account, region in {key[:2] for key in list(cloudwatch._alarms._data)}:
            contextvars.copy_context().run(_evaluate_scope, account, region, reported)


def _evaluate_scope(account, region, reported):
    responses._request_account_id.set(account)
    responses.set_request_region(region)
    for alarm in list(cloudwatch._alarms.values()):
        try:
            _evaluate(alarm)
        except Exception as error:  # one bad alarm must not stop the others
            if alarm["AlarmName"] not in reported:
                reported.add(alarm["AlarmName"])
                cloudwatch.logger.warning("alarm %s cannot be evaluated: %s", alarm["AlarmName"], error)


def _evaluate(alarm):
    breaches = BREACHES.get(alarm.get("ComparisonOperator"))
    threshold = alarm.get("Threshold")
    if breaches is None or threshold is None:
        return
    periods = int(alarm.get("EvaluationPeriods", 1))
    to_alarm = int(alarm.get("DatapointsToAlarm") or periods)
    treatment = alarm.get("TreatMissingData") or "missing"
    values = alarm_values.recent_values(alarm)
    state = judge(values, periods, to_alarm, treatment, lambda value: breaches(value, threshold))
    # A state set by hand holds until an evaluation's own result differs from the evaluation's previous result, not
    # merely from the state: on AWS, too, it is the next *change* that takes a hand-set state away.
    if state is None or state == alarm.get("_evaluated"):
        return
    alarm["_evaluated"] = state
    if state != alarm["StateValue"]:
        _transition(alarm, state, _reason(alarm, values[:periods], threshold, treatment))


def _reason(alarm, values, threshold, treatment):
    real = [float(v) for v in values if v is not None]
    if not real:
        return f"Threshold Crossed: no datapoints were received, and missing data is treated as {treatment}"
    return f"Threshold Crossed: {len(real)} datapoint(s) {real}, {alarm['ComparisonOperator']} {threshold}"


def _transition(alarm, state, reason):
    if cloudwatch._alarms.get(alarm["AlarmName"]) is not alarm:
        return  # deleted or replaced while it was evaluated
    old = alarm["StateValue"]
    now = int(time.time())
    alarm.update(StateValue=state, StateReason=reason, StateUpdatedTimestamp=now, StateTransitionedTimestamp=now)
    cloudwatch._record_history(alarm["AlarmName"], old, state, reason)
    cloudwatch._dispatch_alarm_actions(alarm, old, state, reason)
    cloudwatch._evaluate_parent_alarms(alarm)
