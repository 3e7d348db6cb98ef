"""Every source names a real document, points only to public addresses and says how we know it."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from ivig.cited import Source
from ivig.knowledge import Knowledge, load_knowledge

REFUSED_HOSTS = (
    "120ty.net", "5y1.org", "abcdocz.com", "academianacionaldemedicina.org", "ashpublications.com",
    "ashpublications.net", "aspire.care", "azurewebsites.net", "bibliotheek.ehb.be", "bvsalud.org",
    "chensjewelry.com", "chigaco.vukou.com", "chronicliverdisease.org", "cidpusa.org", "cn1699.cn",
    "curehunter.com", "distantreader.org", "docslib.org", "doczz.net", "droracle.ai", "druglib.com",
    "emergencyguidelines.ca", "experts.umn.edu", "fda.report", "fdocuments.us", "fdokumen.com",
    "flipbuilder.com", "herokuapp.com", "ilovetranslation.com", "jesse.tg", "jioinstitute.edu.in",
    "medifind.com", "medilib.ir", "medluna.com", "medmonk.com", "metajournal.com", "netlify.app",
    "octagamus.net", "ouci.dntb.gov.ua", "pdf4pro.com", "pdfkul.com", "pdfslide.net",
    "periodicos.capes.gov.br", "prescriberpoint.com", "qxmd.com", "readbyqxmd.com", "readkong.com",
    "researcher.life", "researchgate.net", "rxreasoner.com", "scilit.com", "scilit.net", "scite.ai",
    "scribd.com", "skyscape.com", "social.cn1699.cn", "studylib.es", "studylib.net",
    "studylibpt.com", "studyres.com", "themeditary.com", "togows.dbcls.jp", "tweb-dev.unibo.it",
    "vacs-facts.org", "vdocument.in", "weglot.com", "x-mol.com", "zendy.io",
)  # fmt: skip
"""Mirrors, reposts, aggregators and machine-written pages; we cite the document itself."""

REFUSED_LABELS = {"beta", "staging", "stage", "uat", "webmail", "prdmimsweb", "dailymed-beta"}


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="module")
def sources(knowledge: Knowledge) -> dict[str, Source]:
    return dict(knowledge.sources)


def _addresses(sources: dict[str, Source]) -> Iterator[tuple[str, str]]:
    return ((key, source.url) for key, source in sources.items() if source.url is not None)


def _repeated(values: dict[str, str]) -> dict[str, list[str]]:
    counts = Counter(values.values())
    return {
        value: sorted(key for key, other in values.items() if other == value)
        for value, count in counts.items()
        if count > 1
    }


def test_every_source_is_cited_in_words(sources: dict[str, Source]) -> None:
    short = [key for key, source in sources.items() if len(source.citation.strip()) < 20]

    assert short == []


def test_every_address_is_http(sources: dict[str, Source]) -> None:
    other = [
        key for key, url in _addresses(sources) if not re.match(r"https?://[^\s/]+/?\S*$", url)
    ]

    assert other == []


def test_no_address_is_a_mirror(sources: dict[str, Source]) -> None:
    refused = {
        key: url
        for key, url in _addresses(sources)
        if any(
            urlsplit(url).netloc == host or urlsplit(url).netloc.endswith("." + host)
            for host in REFUSED_HOSTS
        )
        or REFUSED_LABELS & set(urlsplit(url).netloc.split("."))
        or re.match(r"https?://[\d.:]+(/|$)", url)
    }

    assert refused == {}


def test_pubmed_addresses_have_one_form_and_agree_with_the_pmid(sources: dict[str, Source]) -> None:
    wrong = {
        key: url
        for key, url in _addresses(sources)
        if "pubmed" in url
        and url.rstrip("/") != f"https://pubmed.ncbi.nlm.nih.gov/{sources[key].pmid}"
    }

    assert wrong == {}


def test_a_doi_address_agrees_with_the_doi(sources: dict[str, Source]) -> None:
    wrong = {
        key: url
        for key, url in _addresses(sources)
        if urlsplit(url).netloc in ("doi.org", "dx.doi.org")
        and url != f"https://doi.org/{sources[key].doi}"
    }

    assert wrong == {}


def test_identifiers_are_well_formed(sources: dict[str, Source]) -> None:
    wrong = [
        key
        for key, source in sources.items()
        if (source.pmid is not None and not re.fullmatch(r"[1-9]\d{4,7}", source.pmid))
        or (source.doi is not None and not re.fullmatch(r"10\.\d{4,9}/\S+", source.doi))
        or (source.year is not None and not 1950 <= source.year <= 2026)
        or (source.accessed is not None and not re.fullmatch(r"20\d\d-\d\d-\d\d", source.accessed))
    ]

    assert wrong == []


def test_a_document_has_one_file(sources: dict[str, Source]) -> None:
    pmids = {key: source.pmid for key, source in sources.items() if source.pmid is not None}
    dois = {key: source.doi.lower() for key, source in sources.items() if source.doi is not None}

    assert _repeated(pmids) == {}
    assert _repeated(dois) == {}


def test_a_recalled_source_was_never_accessed(sources: dict[str, Source]) -> None:
    wrong = [
        key
        for key, source in sources.items()
        if source.basis == "recalled" and source.accessed is not None
    ]

    assert wrong == []


def test_every_clinical_source_was_read_or_says_recalled(sources: dict[str, Source]) -> None:
    derived = [key for key, source in sources.items() if source.basis not in ("read", "recalled")]

    assert derived == []


def test_knowledge_never_names_where_it_was_made(knowledge: Knowledge) -> None:
    # in halves, so that this file does not name them either
    halves = (("doss", "ier"), ("github", "-index"), ("/wo", "rk/"), ("/t", "mp/"), ("/ro", "ot/"))
    words = re.compile("|".join(a + b for a, b in halves), re.IGNORECASE)
    named = [
        name for name, path in knowledge.files.items() if words.search(path.read_text("utf-8"))
    ]

    assert named == []
