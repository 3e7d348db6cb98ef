"""From the words of a question to what it asks."""

import re

from ivig.evidence.corpus import Corpus
from ivig.evidence.names import Named
from ivig.evidence.quantities import read_quantities
from ivig.evidence.question import Question
from ivig.statement import Topic


def english_part(text: str, corpus: Corpus) -> str:
    """What stands in brackets when it is a translation of the rest into English; else the text."""
    inside = re.search(r"\(([^()]{12,})\)\s*$", text)
    if inside is None or corpus.language.is_english(text[: inside.start()]):
        return text
    return inside.group(1) if corpus.language.is_english(inside.group(1)) else text


def understand(text: str, corpus: Corpus) -> tuple[Question, Named]:
    """The question with its topics, names and numbers, and the words that were names."""
    named = corpus.names.find(text)
    question = Question(
        text=text,
        topics=corpus.language.asked_topics(text) or _usual_topics(named),
        indications=named.indications,
        products=named.products,
        reactions=named.reactions,
        routes=named.routes,
        populations=named.populations,
        quantities=read_quantities(text),
    )
    return question, named


def _usual_topics(named: Named) -> tuple[Topic, ...]:
    """What is meant when a thing is named and nothing is asked of it."""
    if named.reactions:
        return ("side_effect", "management")
    if named.indications:
        return ("indicated", "dose")
    return ("what_is", "composition", "approval") if named.products else ()
