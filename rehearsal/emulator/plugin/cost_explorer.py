"""Cost Explorer's anomaly monitors, subscriptions and tags, kept with the rest of the state; no costs, no anomalies."""

import json
import re
import sys
import time
import uuid

from hooks import replace
from ministack import app
from ministack.core import iam_actions, router
from ministack.core.responses import AccountScopedDict, get_account_id
from ministack.services import tagging

JSON_HEADERS = {"Content-Type": "application/x-amz-json-1.1"}
KINDS = {
    "AnomalyMonitor": {"arn": "MonitorArn", "unknown": "UnknownMonitorException"},
    "AnomalySubscription": {"arn": "SubscriptionArn", "unknown": "UnknownSubscriptionException"},
}

_items = AccountScopedDict()
_tags = AccountScopedDict()


def apply():
    module = sys.modules[__name__]
    app._loaded_modules["cost_explorer"] = module
    app.SERVICE_REGISTRY["ce"] = {"module": "cost_explorer"}
    app._state_map["ce"] = "cost_explorer"
    app.SERVICE_HANDLERS["ce"] = handle_request
    router.SERVICE_PATTERNS["ce"] = {"target_prefixes": ["AWSInsightsIndexService"]}
    iam_actions.SERVICE_TO_IAM_NAMESPACE["ce"] = "ce"
    # Policies know a monitor by its tags only: its ARN is a random id.
    tagging._RESOURCE_TAG_COLLECTORS["ce"] = _tags.items
    replace(iam_actions, "request_tag_context", _with_resource_tags)


def _with_resource_tags(original):
    def context(service, action, body, params):
        if service != "ce":
            return original(service, action, body, params)
        tags = json.loads(body or b"{}").get("ResourceTags", [])
        return {f"aws:requesttag/{tag['Key']}".lower(): tag["Value"] for tag in tags}

    return context


def get_state():
    return {"items": _items, "tags": _tags}


def load_persisted_state(data):
    _items.update(data["items"])
    _tags.update(data["tags"])


def reset():
    _items.clear()
    _tags.clear()


class Refused(Exception):
    """An answer of the API that is an error: its code, then its message."""


async def handle_request(method, path, headers, body, query_params):
    operation = headers.get("x-amz-target", "").rsplit(".", 1)[-1]
    request = json.loads(body or b"{}")
    try:
        return 200, dict(JSON_HEADERS), json.dumps(_answer(operation, request)).encode()
    except Refused as error:
        code, message = error.args
        return 400, dict(JSON_HEADERS), json.dumps({"__type": code, "message": message}).encode()


def _answer(operation, request):
    verb, kind = re.fullmatch(r"(Create|Get|Update|Delete)?(.*?)s?", operation).groups()
    if kind in KINDS and verb:
        return {"Create": _create, "Get": _get, "Update": _update, "Delete": _delete}[verb](kind, request)
    if operation == "ListTagsForResource":
        return {"ResourceTags": _tags.get(_known(request["ResourceArn"]), [])}
    if operation in ("TagResource", "UntagResource"):
        return _change_tags(_known(request["ResourceArn"]), request)
    raise Refused("UnknownOperationException", f"The emulator does not know {operation}")


def _create(kind, request):
    arn = f"arn:aws:ce::{get_account_id()}:{kind.lower()}/{uuid.uuid4()}"
    item = {**request[kind], KINDS[kind]["arn"]: arn}
    if kind == "AnomalyMonitor":
        item.update(CreationDate=_today(), LastUpdatedDate=_today(), DimensionalValueCount=0)
    else:
        item.update(AccountId=get_account_id(), Subscribers=_confirmed(item.get("Subscribers")))
    _items[arn] = item
    _tags[arn] = request.get("ResourceTags", [])
    return {KINDS[kind]["arn"]: arn}


def _get(kind, request):
    wanted = request.get(f"{KINDS[kind]['arn']}List") or [a for a in _items if f":{kind.lower()}/" in a]
    monitor = request.get("MonitorArn")
    found = [_items[_known(arn)] for arn in wanted]
    return {f"{kind}s": [i for i in found if not monitor or monitor in i.get("MonitorArnList", [])]}


def _update(kind, request):
    arn = _known(request[KINDS[kind]["arn"]])
    changes = dict(request)
    if "Subscribers" in changes:
        changes["Subscribers"] = _confirmed(changes["Subscribers"])
    # A threshold and a threshold expression are two ways to say one thing: setting one clears the other.
    for given, cleared in (("Threshold", "ThresholdExpression"), ("ThresholdExpression", "Threshold")):
        if given in changes:
            _items[arn].pop(cleared, None)
    _items[arn].update(changes, **({"LastUpdatedDate": _today()} if kind == "AnomalyMonitor" else {}))
    return {KINDS[kind]["arn"]: arn}


def _delete(kind, request):
    arn = _known(request[KINDS[kind]["arn"]])
    _items.pop(arn)
    _tags.pop(arn, None)
    return {}


def _change_tags(arn, request):
    gone = set(request.get("ResourceTagKeys", [])) | {tag["Key"] for tag in request.get("ResourceTags", [])}
    _tags[arn] = [t for t in _tags.get(arn, []) if t["Key"] not in gone] + request.get("ResourceTags", [])
    return {}


def _known(arn):
    if arn not in _items:
        kind = "AnomalySubscription" if "anomalysubscription" in arn else "AnomalyMonitor"
        raise Refused(KINDS[kind]["unknown"], f"No {kind} has the ARN {arn}")
    return arn


def _confirmed(subscribers):
    return [{"Status": "CONFIRMED", **subscriber} for subscriber in subscribers or []]


def _today():
    return time.strftime("%Y-%m-%d", time.gmtime())
