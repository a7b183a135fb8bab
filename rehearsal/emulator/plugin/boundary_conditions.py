"""Conditions about a permissions boundary see it: the one that is asked for, or the one that the role has."""

from hooks import replace
from ministack.core import iam_actions
from ministack.services import iam

ASKED_FOR = {"iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:CreateUser", "iam:PutUserPermissionsBoundary"}
OF_THE_ROLE = {
    "iam:AttachRolePolicy",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePolicy",
}


def apply():
    replace(iam_actions, "request_tag_context", _with_boundary)


def _with_boundary(original):
    def context(service, iam_action, body, params):
        found = original(service, iam_action, body, params)
        boundary = None
        if iam_action in ASKED_FOR:
            boundary = _text(params.get("PermissionsBoundary"))
        elif iam_action in OF_THE_ROLE:
            boundary = (iam._roles.get(_text(params.get("RoleName"))) or {}).get("PermissionsBoundary")
        return {**found, "iam:PermissionsBoundary": boundary} if boundary else found

    return context


def _text(value):
    return value[0] if isinstance(value, list) else value
