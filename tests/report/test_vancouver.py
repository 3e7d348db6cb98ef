"""From a citation only what is certain: a wrong author is worse than none."""

import pytest

from ivig.cited import Source
from ivig.report.vancouver import Author, Parts, read_citation


def read(citation: str, year: int | None = None) -> Parts:
    return read_citation(Source(id="x", kind="research", citation=citation, year=year))


def test_the_plain_case() -> None:
    found = read(
        "van der Meché FGA, Schmitz PI, Solberg L Jr. A trial in Guillain-Barré syndrome. "
        "N Engl J Med 1992;326(17):1123-1129.",
        1992,
    )
    assert found == Parts(
        authors=(
            Author(family="van der Meché", initials="FGA"),
            Author(family="Schmitz", initials="PI"),
            Author(family="Solberg", initials="L", suffix="Jr"),
        ),
        title="A trial in Guillain-Barré syndrome",
        journal="N Engl J Med",
        volume="326",
        issue="17",
        pages="1123-1129",
    )
    assert [author.given for author in found.authors] == ["F. G. A.", "P. I.", "L."]


def test_hyphenated_initials_and_et_al() -> None:
    found = read("Jone P-N, Tremoulet A, et al. Update. Circulation 2024;150:e481-e500.")
    assert found.et_al
    assert found.authors[0].given == "P.-N."
    assert found.pages == "e481-e500"


def test_a_question_ends_a_title() -> None:
    found = read("Orange JS, Grossman WJ. Does trough matter? Clin Immunol 2010;137:21-30.")
    assert found.title == "Does trough matter?"


@pytest.mark.parametrize(
    "citation",
    [
        "Privigen (immune globulin intravenous, human, 10% liquid). US prescribing information.",
        "INIS Collaborative Group. Treatment of neonatal sepsis. N Engl J Med 2011;365:1201-1211.",
        "American Academy of Neurology. Guideline. Neurology 2012;78:1009-1015.",
        "Biotest AG. FDA accepts application; press release.",
        "FDA CBER. Guidance for industry: pharmacokinetic studies. June 2008.",
        "Choosing Wisely: immunoglobulin replacement. 30 January 2018.",
        "Immunodeficiency UK. Travel.",
        "",
    ],
)
def test_what_is_no_list_of_people_gives_nothing(citation: str) -> None:
    assert read(citation) == Parts()


@pytest.mark.parametrize(
    ("citation", "year"),
    [
        ("Adrichem ME, et al. [Withdrawal of immunoglobulin.] Brain 2022;145:1641-1652.", 2022),
        ("Cuker A, Chong BH. One title. And a second sentence. Blood Adv 2018;2:3360.", 2018),
        ("Cuker A, Chong BH. One title. Blood Adv 2018;2:3360-3392.", 2017),
        ("Cuker A, Chong BH. One title. Blood Adv 2018;2:3360-3392 (Table 5).", 2018),
    ],
)
def test_a_title_that_is_ours_or_doubtful_is_not_read(citation: str, year: int) -> None:
    found = read(citation, year)
    assert found.authors
    assert (found.title, found.journal) == (None, None)
