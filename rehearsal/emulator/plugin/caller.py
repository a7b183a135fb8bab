"""Rights that the caller of one service needs in another: the emulator checks only the service that was called."""

from ministack.core import iam_evaluator
from ministack.core.iam_actions import access_denied_response
from ministack.core.responses import new_uuid
from ministack.core.router import extract_access_key_id, extract_region


def denial(service, headers, query_params, action, resource, context=None):
    """The refusal that the caller of `service` gets without the right to `action` on `resource`, or None."""
    denied = iam_evaluator.enforce(
        extract_access_key_id(headers, query_params),
        action,
        service,
        extract_region(headers),
        resource_arn=resource,
        service_context=context or {},
    )
    if denied is None or isinstance(denied, iam_evaluator.AuthError):
        return None
    return access_denied_response(
        service,
        action,
        denied.principal_arn,
        new_uuid(),
        headers=headers,
        resource_arn=resource,
        explicit_deny=denied.decision == "Deny",
    )
