"""A request to Lambda is checked as the action that AWS checks it as.

The emulator takes a change of an alias for a list of aliases, and the deletion of an address for its creation: whoever
may read could move the traffic.
"""

from hooks import replace
from ministack.core import iam_actions

# What follows the function's name: the action by method. A name after it asks for one of several.
ACTIONS = {
    "aliases": {"POST": "CreateAlias", "GET": "ListAliases"},
    "aliases/": {"GET": "GetAlias", "PUT": "UpdateAlias", "DELETE": "DeleteAlias"},
    "code-signing-config": {
        "GET": "GetFunctionCodeSigningConfig",
        "PUT": "PutFunctionCodeSigningConfig",
        "DELETE": "DeleteFunctionCodeSigningConfig",
    },
    "concurrency": {
        "GET": "GetFunctionConcurrency",
        "PUT": "PutFunctionConcurrency",
        "DELETE": "DeleteFunctionConcurrency",
    },
    "event-invoke-config": {
        "GET": "GetFunctionEventInvokeConfig",
        "PUT": "PutFunctionEventInvokeConfig",
        "POST": "UpdateFunctionEventInvokeConfig",
        "DELETE": "DeleteFunctionEventInvokeConfig",
    },
    "event-invoke-config/": {"GET": "ListFunctionEventInvokeConfigs"},
    "url": {
        "GET": "GetFunctionUrlConfig",
        "POST": "CreateFunctionUrlConfig",
        "PUT": "UpdateFunctionUrlConfig",
        "DELETE": "DeleteFunctionUrlConfig",
    },
    "urls": {"GET": "ListFunctionUrlConfigs"},
}


def apply():
    replace(iam_actions, "_lambda_action", _as_on_aws)


def _as_on_aws(original):
    def action(method, path):
        _, found, rest = path.partition("/functions/")
        parts = [part for part in rest.split("/") if part]
        if found and len(parts) > 1:
            named = f"{parts[1]}/" if len(parts) > 2 else parts[1]
            known = ACTIONS.get(named, {}).get(method)
            if known:
                return known
        return original(method, path)

    return action
