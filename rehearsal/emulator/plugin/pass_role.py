"""Who hands a role to a service needs iam:PassRole on it, as on AWS; the emulator never asks."""

import caller
from ministack import app
from ministack.core.iam_actions import extract_iam_action
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
    for service in ("lambda", "events", "scheduler"):
        app.SERVICE_HANDLERS[service] = _checked(service, app.SERVICE_HANDLERS[service])


def _checked(service, original):
    async def handle(method, path, headers, body, query_params):
        action = extract_iam_action(service, method, path, headers, body, query_params)
        field, receiver = PASSES.get(action, (None, None))
        role = request_data(headers, body).get(field) if field else None
        if isinstance(role, dict):
            role = role.get("RoleArn")
        context = {"iam:PassedToService": receiver}  # a text: the evaluator would compare a list as one text
        refused = role and caller.denial(service, headers, query_params, "iam:PassRole", role, context)
        return refused or await original(method, path, headers, body, query_params)

    return handle
