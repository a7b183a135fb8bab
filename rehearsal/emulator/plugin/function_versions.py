"""A version is published once for the same code and configuration, and carries its own ARN.

In the emulator UpdateFunctionCode and CreateFunction with Publish make a version whose ARN is the function's, publish
the same code again under a new number, and PublishVersion ignores the CodeSha256 and RevisionId it must check.
"""

import json

from hooks import replace
from ministack.core.responses import error_response_json, json_response
from ministack.services import lambda_svc

# What changes by itself, or belongs to the version and not to what it was made from.
NOT_COMPARED = ("RevisionId", "LastModified", "State", "LastUpdateStatus", "Version", "FunctionArn", "Description")


def apply():
    replace(lambda_svc, "_publish_version", _once)
    replace(lambda_svc, "_update_code", lambda original: _published_apart(original, 200))
    replace(lambda_svc, "_create_function", lambda original: _published_apart(original, 201))


def _once(original):
    def publish_version(name, data):
        function = lambda_svc._functions.get(name)
        if function is None:
            return original(name, data)
        refused = _refusal(function["config"], data)
        if refused:
            return refused
        latest = max(function["versions"], key=int, default=None)
        if latest and _same(function["versions"][latest]["config"], function["config"]):
            return json_response(function["versions"][latest]["config"], 201)
        # The emulator's own comparison is of revisions, which change with every update, also with the same code.
        for version in function["versions"].values():
            version.pop("function_revision", None)
        return original(name, data)

    return publish_version


def _refusal(config, data):
    sha = data.get("CodeSha256")
    if sha and sha != config.get("CodeSha256"):
        message = f"CodeSHA256 ({sha}) is different from current CodeSHA256 in $LATEST ({config.get('CodeSha256')})."
        return error_response_json("InvalidParameterValueException", f"{message} Please try again.", 400)
    return lambda_svc._check_revision(config, {k: v for k, v in data.items() if k == "RevisionId" and v})


def _same(version, latest):
    def compared(config):
        return {k: v for k, v in config.items() if not k.startswith(NOT_COMPARED)}

    return compared(version) == compared(latest)


def _published_apart(original, status):
    def with_publish(*arguments):
        data = dict(arguments[-1])
        publish = data.pop("Publish", False)
        answer = original(*arguments[:-1], data)
        if not publish or answer[0] != status:
            return answer
        name = lambda_svc._resolve_name(data["FunctionName"]) if len(arguments) == 1 else arguments[0]
        published = lambda_svc._publish_version(name, {})
        return json_response(json.loads(published[2]), status)

    return with_publish
