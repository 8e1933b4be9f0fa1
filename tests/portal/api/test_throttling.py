"""The rate comes from the environment; nonsense stops the start with a sentence."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.settings.base import read_api_rate


@pytest.mark.parametrize("rate", ["1/sec", "600/min", "20000/hour", "5/day"])
def test_rates(monkeypatch, rate):
    monkeypatch.setenv("SANPO_API_RATE", rate)
    assert read_api_rate() == rate


@pytest.mark.parametrize("rate", ["many", "0/min", "-1/min", "600", "600/fortnight", "1.5/min"])
def test_nonsense_stops_the_start(monkeypatch, rate):
    monkeypatch.setenv("SANPO_API_RATE", rate)
    with pytest.raises(ImproperlyConfigured) as refused:
        read_api_rate()
    assert str(refused.value) == (
        f"SANPO_API_RATE is {rate!r}. Write it as a number and sec, min, hour or day, such as 600/min."
    )
