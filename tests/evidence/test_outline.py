from tests.evidence.asked import knowledge, library
from tests.evidence.world import vectors

from ivig.evidence.outline import Planned, Plans
from ivig.evidence.question import Question

HEADACHE = Planned(("prevent", "stop coming"), (4, 2), ("prevention",), (), (), ("headache",))
CIDP_DOSE = Planned(("dose", "how much"), (7, 8), ("dose",), ("cidp",), (), ())
PLANS = Plans((HEADACHE, CIDP_DOSE), vectors())


def test_the_outline_on_the_disease_named_is_followed_in_its_order() -> None:
    question = Question(text="dose in CIDP", topics=("dose",), indications=("cidp",))

    places = PLANS.places(question, [("dose",)], {"cidp": 1.0})

    assert places[7].in_best
    assert places[7].order > places[8].order
    assert places[7].fit > 0.9


def test_an_outline_on_another_disease_is_not_followed() -> None:
    question = Question(text="dose in ITP", topics=("dose",), indications=("itp",))

    assert 7 not in PLANS.places(question, [("dose",)], {"itp": 1.0})


def test_a_reaction_may_be_told_by_its_signs() -> None:
    question = Question(text="how to prevent it", topics=("prevention",))

    named = Question(text="", topics=("prevention",), reactions=("headache",))
    unnamed = PLANS.places(question, [("prevent",)], {})

    assert 0 < unnamed[4].fit < PLANS.places(named, [("prevent",)], {})[4].fit


def test_without_outlines_none_is_followed() -> None:
    assert Plans((), vectors()).places(Question(text="dose"), [("dose",)], {}) == {}


def test_every_outline_says_what_is_known() -> None:
    known = {passage.id for passage in library().corpus.passages}
    outlines = [one for file in knowledge().outlines.values() for one in file.outlines]

    assert {key for one in outlines for key in one.says} <= known
    assert [one.asks for one in outlines if not (len(one.asks) >= 3 and len(one.says) >= 2)] == []


def test_no_way_of_asking_stands_in_two_outlines() -> None:
    asks = [
        ask.lower()
        for file in knowledge().outlines.values()
        for o in file.outlines
        for ask in o.asks
    ]

    assert len(asks) == len(set(asks))
