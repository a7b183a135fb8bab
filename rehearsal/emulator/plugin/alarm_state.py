"""SetAlarmState refuses what AWS refuses, and stamps the transition; that the state then holds is alarms.py's doing."""

from hooks import replace
from ministack.services import cloudwatch
from protocols import body_of

STATES = ("OK", "ALARM", "INSUFFICIENT_DATA")


def apply():
    replace(cloudwatch, "_set_alarm_state", _validated)


def _validated(original):
    def set_alarm_state(params, data, is_cbor, is_json=False):
        body = body_of(params, data, is_cbor or is_json)
        if body.get("StateValue") not in STATES:
            message = f"Value '{body.get('StateValue')}' at 'stateValue' failed to satisfy constraint: " + (
                f"Member must satisfy enum value set: [{', '.join(STATES)}]"
            )
            return cloudwatch._error("ValidationError", message, 400, use_json=is_json, use_cbor=is_cbor)
        alarm = cloudwatch._alarms.get(body.get("AlarmName")) or {}
        before = alarm.get("StateValue")
        answer = original(params, data, is_cbor, is_json)
        if alarm and alarm["StateValue"] != before:
            alarm["StateTransitionedTimestamp"] = alarm["StateUpdatedTimestamp"]
        return answer

    return set_alarm_state
