"""CloudWatch speaks form-encoded query with XML, JSON and CBOR: one shape for what comes in, and for what goes out."""

import json
from datetime import datetime, timezone
from xml.sax.saxutils import escape

from ministack.services import cloudwatch

NUMBERS = {"Period": int, "EvaluationPeriods": int, "DatapointsToAlarm": int, "MaxRecords": int, "Threshold": float}
TRUTHS = {"ActionsEnabled", "ReturnData"}


def body_of(params, data, decoded):
    """The request as nested data, whatever it was sent as."""
    return data if decoded else _nested(params)


def encode(action, answer, is_cbor, is_json):
    """A successful response in the protocol the request came in."""
    answer = _without_missing(answer)
    if is_cbor:
        return cloudwatch._cbor_ok(_map_times(answer, cloudwatch._cbor_timestamp))
    if is_json:
        return cloudwatch._json_ok(answer)
    inner = _xml(_map_times(answer, _iso))
    return cloudwatch._xml(200, f"{action}Response", f"<{action}Result>{inner}</{action}Result>")


def _nested(params):
    root = {}
    for key in params:
        at = root
        parts = key.split(".")
        for part in parts[:-1]:
            at = at.setdefault(part, {})
        value = cloudwatch._p(params, key)
        convert = NUMBERS.get(parts[-1])
        at[parts[-1]] = value == "true" if parts[-1] in TRUTHS else convert(value) if convert and value else value
    return _lists(root)


def _lists(node):
    if not isinstance(node, dict):
        return node
    if set(node) == {"member"}:
        members = node["member"]
        return [_lists(members[index]) for index in sorted(members, key=int)]
    return {key: _lists(value) for key, value in node.items()}


def _without_missing(node):
    if isinstance(node, dict):
        return {k: _without_missing(v) for k, v in node.items() if v is not None and not k.startswith("_")}
    return [_without_missing(v) for v in node] if isinstance(node, list) else node


def _map_times(node, convert):
    if isinstance(node, list):
        return [_map_times(v, convert) for v in node]
    if not isinstance(node, dict):
        return node
    return {k: convert(v) if k.endswith("Timestamp") else _map_times(v, convert) for k, v in node.items()}


def _iso(epoch):
    if isinstance(epoch, str):
        return epoch
    return datetime.fromtimestamp(epoch, tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _xml(node):
    if isinstance(node, dict):
        return "".join(f"<{key}>{_xml(value)}</{key}>" for key, value in node.items())
    if isinstance(node, list):
        return "".join(f"<member>{_xml(value)}</member>" for value in node)
    if isinstance(node, bool):
        return "true" if node else "false"
    return escape(str(node))


def request_data(headers, body):
    """The decoded body of a CBOR or JSON request, for who only has the raw one; {} for anything else."""
    try:
        if "cbor" in headers.get("content-type", "") or "cbor" in headers.get("smithy-protocol", ""):
            import cbor2

            return cbor2.loads(body) or {}
        decoded = json.loads(body)
    except ValueError:
        return {}
    return decoded if isinstance(decoded, dict) else {}
