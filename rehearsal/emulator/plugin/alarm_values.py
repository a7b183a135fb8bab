"""What an alarm looks at: one value a period, newest first, None where there is no data."""

import time

import metric_math
from ministack.services import cloudwatch

# An evaluation that lacks data looks further back than its own periods. AWS does not publish how far; its examples
# show five periods for an alarm of three.
EXTRA_PERIODS = 2


def dimensions(listed):
    return {d["Name"]: str(d["Value"]) for d in listed or []}


def period_of(alarm):
    if not alarm.get("Metrics"):
        return int(alarm.get("Period") or 60)
    periods = [m["MetricStat"]["Period"] if m.get("MetricStat") else m.get("Period") for m in alarm["Metrics"]]
    return max([int(p) for p in periods if p], default=60)


def recent_values(alarm):
    """The alarm's values over its periods and a few more, sliding back from now: [newest, ..., oldest]."""
    count = int(alarm.get("EvaluationPeriods", 1)) + EXTRA_PERIODS
    period = period_of(alarm)
    if not alarm.get("Metrics"):
        stat = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
        return _series(alarm.get("Namespace"), alarm.get("MetricName"), alarm.get("Dimensions"), stat, period, count)
    return _computed(alarm["Metrics"], period, count)


def _series(namespace, name, listed, stat, period, count):
    points = cloudwatch._metrics.get((namespace, name, cloudwatch._dims_key(dimensions(listed)))) or []
    # A point belongs to the period it is stamped with: only the newest reaches a little into the future, for clocks.
    now = time.time()
    periods = [[] for _ in range(count)]
    for point in list(points):
        index = max(0, int((now - point["Timestamp"]) // period)) if point["Timestamp"] <= now + period else count
        if index < count:
            periods[index].append(point)
    return [cloudwatch._stat_value(cloudwatch._calc_stats(p), stat, p) if p else None for p in periods]


def _computed(metrics, period, count):
    series, expressions, returned = {}, {}, None
    for metric in metrics:
        stat = metric.get("MetricStat")
        if stat:
            of = stat["Metric"]
            series[metric["Id"]] = _series(
                of.get("Namespace"), of.get("MetricName"), of.get("Dimensions"), stat["Stat"], period, count
            )
        else:
            expressions[metric["Id"]] = metric["Expression"]
        if metric.get("ReturnData", True):
            returned = metric["Id"]
    return metric_math.evaluate(returned, series, expressions, count)
