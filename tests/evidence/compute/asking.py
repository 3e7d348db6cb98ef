"""A question put together by hand, and the facts it is asked of."""

from ivig.evidence.compute import Computed, Facts, compute
from ivig.evidence.quantities import read_quantities
from ivig.evidence.question import Question
from ivig.knowledge import Knowledge


def facts(knowledge: Knowledge) -> Facts:
    return Facts(
        products=knowledge.products,
        indications=knowledge.indications,
        jurisdictions=knowledge.jurisdictions,
        models=knowledge.models,
        outcomes=knowledge.outcomes,
        vaccines=knowledge.vaccines,
        infusion=knowledge.infusion,
    )


def ask(
    knowledge: Knowledge,
    text: str,
    *,
    disease: str | None = None,
    product: str | None = None,
    routes: tuple[str, ...] = (),
) -> dict[str, Computed]:
    """The computed answers by kind; the first of each."""
    question = Question(
        text=text,
        indications=() if disease is None else (disease,),
        products=() if product is None else (product,),
        routes=routes,
        quantities=read_quantities(text),
    )
    found: dict[str, Computed] = {}
    for one in compute(question, facts(knowledge)):
        found.setdefault(one.kind, one)
    return found
