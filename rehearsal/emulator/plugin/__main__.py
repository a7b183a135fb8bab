"""MiniStack with the gaps closed that would make a rehearsal lie. Each mend is one file with one `apply()`.

They hook into private names of one pinned version: `require()` stops at once, with a clear line, when one is gone.
"""

import alarm_state
import alarms
import alias_rules
import alias_weights
import async_invocation
import batch_actions
import boundary_conditions
import call_log
import code_from_s3
import cost_explorer
import describe_alarms
import empty_secrets
import function_versions
import host_routing
import idle_workers
import lambda_actions
import lambda_metrics
import pass_role
import put_metric_alarm
import queue_metrics
import resource_arns
import secure_transport
import server
import whole_responses

MENDS = (
    call_log,
    put_metric_alarm,
    describe_alarms,
    alarm_state,
    alarms,
    alias_rules,
    alias_weights,
    async_invocation,
    batch_actions,
    boundary_conditions,
    function_versions,
    lambda_actions,
    lambda_metrics,
    host_routing,
    idle_workers,
    code_from_s3,
    cost_explorer,
    empty_secrets,
    queue_metrics,
    resource_arns,
    secure_transport,
    pass_role,
    whole_responses,
)

if __name__ == "__main__":
    for mend in MENDS:
        mend.apply()
    server.run()
