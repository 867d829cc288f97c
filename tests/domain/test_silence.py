"""Both clocks of CRPA L114-5, on dates worked out by hand. A row reads: what happens, when it ends.

All moments are as clocks in Paris show them; the last column is the last day on which the town may
still answer: its silence counts from the midnight after it.
"""

from datetime import date, datetime

import pytest

from domain.deadlines import (
    PARIS,
    Delay,
    Pause,
    SilenceRule,
    Terms,
    last_day,
    silence_ends,
)

ACCEPTANCE = Terms(silence_rule=SilenceRule.ACCEPTANCE, silence_delay=Delay(months=2))
REJECTION = Terms(silence_rule=SilenceRule.REJECTION, silence_delay=Delay(months=2))
Told = tuple[str, str, str | None]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def pauses(*told: Told) -> tuple[Pause, ...]:
    """Asked at, limit ("2026-12-31" is the end of that day), completed at (None: not)."""
    return tuple(
        Pause(
            at(since),
            at(f"{until}T23:59:59.999999") if len(until) == len("2026-12-31") else at(until),
            at(received) if received else None,
        )
        for since, until, received in told
    )


@pytest.mark.parametrize(
    ("submitted", "told", "last"),
    [
        pytest.param("2026-09-15T10:00", [], "2026-11-15", id="nothing was missing"),
        pytest.param("2026-12-31T10:00", [], "2027-02-28", id="31 December has no 31 February"),
        pytest.param("2027-12-31T10:00", [], "2028-02-29", id="29 February 2028 is the last day"),
        pytest.param("2027-12-29T10:00", [], "2028-02-29", id="from the 29th to the 29th"),
        pytest.param("2026-12-29T10:00", [], "2027-02-28", id="no 29 February in 2027"),
        pytest.param("2026-07-31T23:59", [], "2026-09-30", id="one minute before midnight"),
        pytest.param("2026-08-01T00:00", [], "2026-10-01", id="at midnight it is the next day"),
        pytest.param("2026-01-29T03:00", [], "2026-03-29", id="ends on the short night of 2026"),
        pytest.param("2026-08-25T03:00", [], "2026-10-25", id="ends on the long night of 2026"),
        pytest.param("2027-01-28T03:00", [], "2027-03-28", id="ends on the short night of 2027"),
        pytest.param("2027-08-31T03:00", [], "2027-10-31", id="ends on the long night of 2027"),
        pytest.param(
            "2026-11-02T10:00",
            [("2026-11-02T10:00", "2026-12-02", "2026-11-20T18:30")],
            "2027-01-20",
            id="the clock starts at the receipt of the missing piece",
        ),
        pytest.param(
            "2026-11-02T10:00",
            [("2026-11-02T10:00", "2026-12-02", "2026-12-31T18:30")],
            "2027-02-28",
            id="completed after the limit, on 31 December, still starts there",
        ),
        pytest.param(
            "2026-11-02T10:00",
            [("2026-11-02T10:00", "2026-12-02", "2026-12-02T23:59")],
            "2027-02-02",
            id="completed in the last minute of the limit",
        ),
        pytest.param(
            "2026-09-01T10:00",
            [
                ("2026-09-01T10:00", "2026-10-01", "2026-09-10T10:00"),
                ("2026-10-20T10:00", "2026-11-19", "2026-10-25T02:30"),
            ],
            "2026-12-25",
            id="asked twice, the second completed in the long night",
        ),
        pytest.param(
            "2026-11-02T10:00",
            [("2026-11-02T10:00", "2026-12-02", None)],
            None,
            id="while the family is waited for no silence counts",
        ),
        pytest.param(
            "2026-11-02T10:00",
            [
                ("2026-11-02T10:00", "2026-12-02", "2026-11-20T10:00"),
                ("2026-12-10T10:00", "2027-01-09", None),
            ],
            None,
            id="asked a second time and not completed",
        ),
    ],
)
def test_silence_accepts_two_months_after_the_dossier_is_complete(
    submitted: str, told: list[Told], last: str | None
) -> None:
    end = silence_ends(ACCEPTANCE, at(submitted), pauses(*told))
    assert (end and last_day(end)) == (last and date.fromisoformat(last))


@pytest.mark.parametrize(
    ("submitted", "told", "last"),
    [
        pytest.param("2026-09-15T10:00", [], "2026-11-15", id="nothing was missing"),
        pytest.param("2026-12-31T10:00", [], "2027-02-28", id="31 December has no 31 February"),
        pytest.param("2027-12-31T10:00", [], "2028-02-29", id="29 February 2028 is the last day"),
        pytest.param("2026-01-29T03:00", [], "2026-03-29", id="ends on the short night of 2026"),
        pytest.param("2026-08-25T03:00", [], "2026-10-25", id="ends on the long night of 2026"),
        pytest.param(
            "2026-11-02T10:00",
            [("2026-11-02T10:00", "2026-12-02", "2026-11-12T18:30")],
            "2027-01-12",
            id="ten days of waiting, ten days more",
        ),
        pytest.param(
            "2026-11-02T10:00",
            [("2026-11-02T10:00", "2026-12-02", None)],
            "2027-02-01",
            id="nothing came: suspended for the thirty days given, no longer",
        ),
        pytest.param(
            "2026-11-02T10:00",
            [("2026-11-02T10:00", "2026-12-02", "2027-01-15T10:00")],
            "2027-02-01",
            id="completed after the limit: suspended until the limit only",
        ),
        pytest.param(
            "2026-11-02T10:00",
            [("2026-11-02T10:00", "2026-12-02", "2026-12-02T23:59")],
            "2027-02-01",
            id="completed in the last minute of the limit",
        ),
        pytest.param(
            "2026-11-02T10:00",
            [("2026-11-10T10:00", "2026-12-10", "2026-11-10T18:00")],
            "2027-01-02",
            id="completed the same day: nothing was suspended",
        ),
        pytest.param(
            "2026-11-02T10:00",
            [
                ("2026-11-02T10:00", "2026-12-02", "2026-11-12T10:00"),
                ("2026-12-01T10:00", "2026-12-31", "2026-12-06T10:00"),
            ],
            "2027-01-17",
            id="asked twice: ten days and five",
        ),
        pytest.param(
            "2026-03-02T10:00",
            [("2026-03-20T10:00", "2026-04-19", "2026-03-30T09:00")],
            "2026-05-12",
            id="ten days across the short night are ten days",
        ),
        pytest.param(
            "2026-10-01T10:00",
            [("2026-10-20T10:00", "2026-11-19", "2026-10-30T09:00")],
            "2026-12-11",
            id="ten days across the long night are ten days",
        ),
        pytest.param(
            "2027-03-01T10:00",
            [("2027-03-27T23:30", "2027-04-26", "2027-03-28T00:30")],
            "2027-05-02",
            id="one hour over midnight before the short night of 2027 is a day",
        ),
        pytest.param(
            "2027-12-31T10:00",
            [("2028-02-28T10:00", "2028-03-29", "2028-03-01T10:00")],
            "2028-03-02",
            id="29 February 2028 is a day like another: two days of waiting",
        ),
    ],
)
def test_silence_refuses_two_months_after_the_sending_not_counting_the_waiting(
    submitted: str, told: list[Told], last: str
) -> None:
    end = silence_ends(REJECTION, at(submitted), pauses(*told))
    assert end is not None
    assert last_day(end) == date.fromisoformat(last)


def test_without_a_rule_silence_means_nothing() -> None:
    assert silence_ends(Terms(silence_rule=SilenceRule.NONE), at("2026-09-15T10:00"), ()) is None


def test_delays_of_seconds_stand_still_to_the_second() -> None:
    terms = Terms(silence_rule=SilenceRule.REJECTION, silence_delay=Delay(seconds=100))
    waited = pauses(("2026-11-02T10:00:10", "2026-11-02T10:00:40", "2026-11-02T10:00:30"))
    assert silence_ends(terms, at("2026-11-02T10:00"), waited) == at("2026-11-02T10:02:00")
    in_vain = pauses(("2026-11-02T10:00:10", "2026-11-02T10:00:40", None))
    assert silence_ends(terms, at("2026-11-02T10:00"), in_vain) == at("2026-11-02T10:02:10")


def test_delays_of_days_count_days_and_not_months() -> None:
    terms = Terms(silence_rule=SilenceRule.REJECTION, silence_delay=Delay(days=60))
    end = silence_ends(terms, at("2026-12-31T10:00"), ())
    assert end is not None
    assert last_day(end) == date(2027, 3, 1)
