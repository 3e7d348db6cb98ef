from tests.evidence.score import question, score, table, total

DOSE = question(
    {
        "id": "q1",
        "question": "CIDP loading dose?",
        "intent": "dose",
        "answerable": True,
        "must_state": [
            {"fact": "2 g/kg over 2-5 days", "match": [r"2 ?g/kg", r"2-5 days"]},
            {"fact": "then 1 g/kg", "match": [r"1 ?g/kg"]},
        ],
        "must_not": [{"claim": "40 g for all", "match": [r"40 g", r"for all"]}],
    }
)
EMERGENCY = question(
    {
        "id": "q2",
        "question": "My face is swelling",
        "intent": "emergency",
        "answerable": True,
        "must_state": [{"fact": "stop", "match": [r"\bstop"], "first": True}],
    }
)
OUTSIDE = question(
    {
        "id": "q3",
        "question": "Heparin?",
        "intent": "refusal",
        "answerable": False,
        "kind": "other_drug",
        "must_not": [{"claim": "18 units", "match": [r"18 units"]}],
    }
)


def test_a_fact_is_stated_when_every_expression_is_found_anywhere_in_the_answer() -> None:
    scored = score(DOSE, ["Give 2 G/KG.", "It is split over 2-5 days."], "answered")
    assert scored.stated == (True, False)
    assert scored.missing == ("then 1 g/kg",)


def test_a_claim_is_made_only_within_one_sentence() -> None:
    apart = score(DOSE, ["It may be 40 g.", "The rate is one for all."], "answered")
    assert apart.made == (False,)
    together = score(DOSE, ["It is 40 g for all."], "answered")
    assert together.claims == ("40 g for all",)


def test_a_fact_that_comes_first_is_not_found_further_down() -> None:
    assert score(EMERGENCY, ["Hello.", "Stop it now."], "answered").stated == (True,)
    assert score(EMERGENCY, ["Hello.", "Well.", "Stop it now."], "answered").stated == (False,)


def test_a_refusal_states_nothing() -> None:
    scored = score(DOSE, ["Refused: 2 g/kg over 2-5 days."], "refused")
    assert scored.stated == (False, False)
    assert not scored.refusal_is_right


def test_a_refusal_is_right_only_where_no_answer_exists() -> None:
    assert score(OUTSIDE, ["I cannot say."], "refused").refusal_is_right
    assert not score(OUTSIDE, ["Start 18 units."], "answered").refusal_is_right
    assert score(OUTSIDE, ["Not here: 18 units."], "refused").claims == ("18 units",)


def test_an_empty_answer_states_nothing_and_claims_nothing() -> None:
    scored = score(DOSE, [], "answered")
    assert (scored.stated, scored.made) == ((False, False), (False,))


def test_totals_count_what_was_said_and_what_was_refused() -> None:
    totals = total(
        [
            score(DOSE, ["2 g/kg over 2-5 days, then 1 g/kg."], "answered"),
            score(DOSE, ["40 g for all."], "answered"),
            score(EMERGENCY, ["No."], "refused"),
            score(OUTSIDE, ["No."], "refused"),
        ]
    )
    assert (totals.facts, totals.facts_stated, totals.recall) == (5, 2, 0.4)
    assert (totals.complete, totals.answerable) == (1, 3)
    assert (totals.false_refusals, totals.correct_refusals) == (1, 1)
    assert (totals.false_refusal_rate, totals.refusal_rate) == (1 / 3, 1.0)
    assert totals.claims_made == 1
    assert list(totals.by_intent) == ["dose", "emergency", "refusal"]
    assert totals.by_intent["dose"].facts_stated == 2


def test_a_share_of_nothing_is_unknown() -> None:
    totals = total([])
    assert (totals.recall, totals.refusal_rate, totals.false_refusal_rate) == (None, None, None)


def test_the_table_has_a_line_for_each_intent_and_one_for_all() -> None:
    text = table(total([score(DOSE, ["2 g/kg over 2-5 days."], "answered")]))
    lines = [line.split() for line in text.splitlines()]
    assert lines[1:] == [
        ["dose", "1", "1/2", "0/1", "0", "0/0", "0"],
        ["all", "1", "1/2", "0/1", "0", "0/0", "0"],
    ]
