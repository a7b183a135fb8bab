"""A function's code must be there, and the caller must be allowed to read it from its bucket.

The emulator creates a function without code when the object is missing, and lets anyone use any bucket's objects.
"""

import caller
from ministack import app
from ministack.core.iam_actions import extract_iam_action
from ministack.core.responses import error_response_json
from ministack.services import lambda_svc
from protocols import request_data

ACTIONS = ("lambda:CreateFunction", "lambda:UpdateFunctionCode")


def apply():
    app.SERVICE_HANDLERS["lambda"] = _checked(app.SERVICE_HANDLERS["lambda"])


def _checked(original):
    async def handle(method, path, headers, body, query_params):
        if extract_iam_action("lambda", method, path, headers, body, query_params) in ACTIONS:
            request = request_data(headers, body)
            refused = _refusal(headers, query_params, request.get("Code") or request)
            if refused:
                return refused
        return await original(method, path, headers, body, query_params)

    return handle


def _refusal(headers, query_params, code):
    bucket, key, version = code.get("S3Bucket"), code.get("S3Key"), code.get("S3ObjectVersion")
    if not bucket or not key:
        return None
    action = "s3:GetObjectVersion" if version else "s3:GetObject"
    refused = caller.denial("lambda", headers, query_params, action, f"arn:aws:s3:::{bucket}/{key}")
    if refused:
        return refused
    if lambda_svc._fetch_code_from_s3(bucket, key, version) is None:
        message = "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The key does not exist."
        return error_response_json("InvalidParameterValueException", message, 400)
    return None
