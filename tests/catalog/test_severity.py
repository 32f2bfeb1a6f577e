from types import SimpleNamespace

import pytest

from guiche.catalog.severity import Scale, SeveritySource, derive

LOW, HIGH = SimpleNamespace(level=4), SimpleNamespace(level=1)
MATRIX = {(Scale.HIGH, Scale.HIGH): HIGH, (Scale.LOW, Scale.LOW): LOW}
IMPACT = SimpleNamespace(severity=HIGH)


@pytest.mark.parametrize(
    ("source", "given", "expected"),
    [
        (SeveritySource.NONE, {"chosen": HIGH, "service_impact": IMPACT}, None),
        (SeveritySource.CHOSEN, {"chosen": LOW, "service_impact": IMPACT}, LOW),
        (SeveritySource.CHOSEN, {}, None),
        (SeveritySource.FIXED, {"chosen": HIGH}, LOW),
        (SeveritySource.SERVICE, {"service_impact": IMPACT, "chosen": LOW}, HIGH),
        (SeveritySource.SERVICE, {}, None),
        (SeveritySource.MATRIX, {"urgency": "high", "impact": "high", "matrix": MATRIX}, HIGH),
        (SeveritySource.MATRIX, {"urgency": "high", "impact": "low", "matrix": MATRIX}, None),
        (SeveritySource.MATRIX, {"urgency": "high", "impact": "high"}, None),
    ],
)
def test_derive_asks_only_the_source_of_the_type(source, given, expected):
    request_type = SimpleNamespace(severity_source=source, fixed_severity=LOW)

    assert derive(request_type, **given) is expected
