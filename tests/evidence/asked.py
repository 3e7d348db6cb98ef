"""The questions of the sets, asked once of the whole knowledge."""

from functools import cache
from pathlib import Path

import yaml
from tests.evidence.score import Question, Score, question, score

from ivig.ask import Reply, ask
from ivig.evidence.answer import Audience
from ivig.evidence.library import Library
from ivig.knowledge import Knowledge, load_knowledge
from ivig.library import open_library

TUNED = ("people", "development", *(f"development_{n}" for n in range(2, 15)))
TEST = ("test", "test_2a", "test_2b", "test_3", "test_4")
"""Held out: scored, never read while the engine is worked on."""
SETS = (*TUNED, *TEST)
FOLDER = Path(__file__).parent / "questions"


@cache
def knowledge() -> Knowledge:
    return load_knowledge()


@cache
def library() -> Library:
    return open_library(knowledge())


def questions(name: str) -> list[Question]:
    path = FOLDER / f"{name}.yaml"
    if not path.is_file():
        return []
    items = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return [question(item) for item in items]


@cache
def reply(text: str, audience: Audience = "clinician") -> Reply:
    return ask(text, knowledge(), library=library(), audience=audience)


def said(given: Reply) -> list[str]:
    """What a reader reads, in order: emergency, refusal, then the sentences with their working."""
    answer = given.answer
    first = [text for text in (answer.emergency, answer.message) if text]
    sentences = [one for part in answer.sections for one in part.sentences]
    return [*first, *(f"{one.text} {one.working or ''}".strip() for one in sentences)]


def scored(name: str) -> list[Score]:
    replies = [(item, reply(item.question)) for item in questions(name)]
    return [score(item, said(given), given.answer.status) for item, given in replies]
