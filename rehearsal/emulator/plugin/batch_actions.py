"""A request for many is permitted by the action for one, as on AWS, where IAM knows no `sns:PublishBatch`.

The emulator asks for a permission that nobody can give in a policy that AWS accepts.
"""

from hooks import replace
from ministack.core import iam_actions

PERMITTED_BY = {
    "sns:PublishBatch": "sns:Publish",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:SendMessageBatch": "sqs:SendMessage",
}


def apply():
    replace(iam_actions, "extract_iam_action", _as_on_aws)


def _as_on_aws(original):
    def action(*arguments, **named):
        found = original(*arguments, **named)
        return PERMITTED_BY.get(found, found)

    return action
