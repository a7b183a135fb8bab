"""Who hands a role to a service needs iam:PassRole on it, as on AWS; the emulator never asks."""

from ministack import app
from ministack.core.iam_actions import access_denied_response, extract_iam_action
from ministack.core.iam_evaluator import AuthError, enforce
from ministack.core.responses import new_uuid
from ministack.core.router import extract_access_key_id, extract_region
from protocols import request_data

# The actions that hand over a role: the field that names it, and the service that receives it.
PASSES = {
    "lambda:CreateFunction": ("Role", "lambda.amazonaws.com"),
    "lambda:UpdateFunctionConfiguration": ("Role", "lambda.amazonaws.com"),
    "events:PutRule": ("RoleArn", "events.amazonaws.com"),
    "scheduler:CreateSchedule": ("Target", "scheduler.amazonaws.com"),
    "scheduler:UpdateSchedule": ("Target", "scheduler.amazonaws.com"),
}


def apply():
    if app.AUTH:
        for service in ("lambda", "events", "scheduler"):
            app.SERVICE_HANDLERS[service] = _checked(service, app.SERVICE_HANDLERS[service])


def _checked(service, original):
    async def handle(method, path, headers, body, query_params):
        action = extract_iam_action(service, method, path, headers, body, query_params)
        field, receiver = PASSES.get(action, (None, None))
        role = request_data(headers, body).get(field) if field else None
        if isinstance(role, dict):
            role = role.get("RoleArn")
        refused = _refusal(service, headers, query_params, role, receiver) if role else None
        return refused or await original(method, path, headers, body, query_params)

    return handle


def _refusal(service, headers, query_params, role, receiver):
    denied = enforce(
        extract_access_key_id(headers, query_params),
        "iam:PassRole",
        service,
        extract_region(headers),
        resource_arn=role,
        # A text, not a list: the evaluator compares a list as one text.
        service_context={"iam:PassedToService": receiver},
    )
    if denied is None or isinstance(denied, AuthError):
        return None
    return access_denied_response(
        service,
        "iam:PassRole",
        denied.principal_arn,
        new_uuid(),
        headers=headers,
        resource_arn=role,
        explicit_deny=denied.decision == "Deny",
    )
