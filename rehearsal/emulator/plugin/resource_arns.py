"""The resource that IAM checks a request against is the one AWS checks, so that policies scoped by name can be tried.

The emulator checks `*`, or a name AWS does not use, wherever its table has no entry: a scoped Allow is refused.
"""

from urllib.parse import unquote

from hooks import replace
from ministack.core import iam_actions
from ministack.services import kms
from protocols import request_data


def apply():
    replace(iam_actions, "extract_resource_arn", _as_on_aws)


def _as_on_aws(original):
    def resource_arn(service, method, path, headers, body, query_params, region, account):
        found = original(service, method, path, headers, body, query_params, region, account)
        rule = RULES.get(service)
        if rule is None:
            return found
        scope = f"{region}:{account}"
        return rule(found, scope, request_data(headers, body) or _flat(query_params), path) or found

    return resource_arn


def _flat(query_params):
    return {key: value[0] if isinstance(value, list) else value for key, value in query_params.items()}


def _events(found, scope, request, path):
    if request.get("ResourceARN"):
        return request["ResourceARN"]
    name = request.get("Rule") or (request.get("Name") if "/default/" in found else None)
    bus = request.get("EventBusName") or "default"
    if not name:
        return None
    return f"arn:aws:events:{scope}:rule/{name}" if bus == "default" else f"arn:aws:events:{scope}:rule/{bus}/{name}"


def _lambda(found, scope, request, path):
    if path.rstrip("/").endswith("/functions") and request.get("FunctionName"):
        return f"arn:aws:lambda:{scope}:function:{request['FunctionName']}"
    if "/event-source-mappings" in path and found == "*" and request.get("FunctionName"):
        name = request["FunctionName"]
        return name if name.startswith("arn:") else f"arn:aws:lambda:{scope}:function:{name}"
    return unquote(found)


def _monitoring(found, scope, request, path):
    if found != "*":
        return None
    dashboard = request.get("DashboardName") or _first(request, "DashboardNames")
    if dashboard:
        return f"arn:aws:cloudwatch::{scope.split(':')[1]}:dashboard/{dashboard}"
    name = request.get("AlarmName") or _first(request, "AlarmNames")
    return f"arn:aws:cloudwatch:{scope}:alarm:{name}" if name else request.get("ResourceARN")


def _first(request, names):
    found = request.get(names) or [value for key, value in request.items() if key.startswith(f"{names}.member.")]
    return found[0] if found else None


def _tagged(field):
    return lambda found, scope, request, path: request.get(field) if found == "*" else None


def _kms(found, scope, request, path):
    # A key used through its alias is still checked as the key; only the alias's own life is checked on the alias.
    if request.get("AliasName"):
        return f"arn:aws:kms:{scope}:{request['AliasName']}"
    if ":alias/" not in found:
        return None
    key = kms._aliases.get(found)
    return f"arn:aws:kms:{scope}:key/{key.rsplit('/', 1)[-1]}" if key else None


def _iam(found, scope, request, path):
    if request.get("PolicySourceArn"):
        return request["PolicySourceArn"]
    if found == "*" and request.get("PolicyName") and not request.get("PolicyArn"):
        return f"arn:aws:iam::{scope.split(':')[1]}:policy/{request['PolicyName']}"
    return None


RULES = {
    "events": _events,
    "lambda": _lambda,
    "monitoring": _monitoring,
    "dynamodb": _tagged("ResourceArn"),
    "sns": _tagged("ResourceArn"),
    "kms": _kms,
    "iam": _iam,
    "ce": lambda found, scope, request, path: next(
        (request[name] for name in ("MonitorArn", "SubscriptionArn", "ResourceArn") if request.get(name)), None
    ),
}
