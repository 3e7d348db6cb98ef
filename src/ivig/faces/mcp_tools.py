"""The tools an assistant calls: thin; each reads its arguments, calls the engine, gives plain data."""

import os
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from ivig.cited import Citation, Cited
from ivig.codec import encode, walk
from ivig.errors import InputError
from ivig.evidence.answer import Audience
from ivig.evidence.library import Library
from ivig.faces.patient_file import patient_from_data, patient_schema
from ivig.knowledge import Knowledge
from ivig.patient import Route

MOST_PATIENTS = 20_000
MOST_SENTENCES = 50

PatientData = Annotated[dict[str, Any], WithJsonSchema(patient_schema())]
Product = Annotated[str | None, Field(description="Product id; default: the best-ranked one.")]
Risks = Annotated[
    list[Literal["renal", "thrombosis", "no-renal", "no-thrombosis"]] | None,
    Field(description="Present, or excluded with no-. Not named is unknown: risk cap."),
]
Established = Annotated[
    bool | None,
    Field(description="false: same product within 8 weeks. Left out: taken as a first."),
]
AgeYear = Annotated[float | None, Field(description="Years. No risk can be excluded without it.")]
Conditions = Annotated[
    list[str] | None, Field(description="Conditions and allergies the patient has.")
]
Place = Annotated[str, Field(description="Whose labels and rules: us, eu, uk, au, ca-on.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Used:
    """Citations to be numbered."""

    citations: tuple[Citation, ...]
    references: tuple[int, ...] = ()


class Tools:
    """The tools over one knowledge base."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    @cached_property
    def _library(self) -> Library:
        from ivig.library import open_library

        return open_library(self._knowledge)

    def ask(
        self,
        question: Annotated[str, Field(description="In words, English.")],
        audience: Annotated[
            Audience, Field(description="'patient': plain words, the same facts.")
        ] = "clinician",
        limit: Annotated[
            int,
            Field(strict=True, description="The most sentences of one kind of source, 1 to 50."),
        ] = 6,
    ) -> dict[str, Any]:
        """A cited answer to a question about immunoglobulin therapy, or an honest refusal.

        Every sentence has the numbers of its references. status 'refused' comes with the reason and
        questions that can be answered.
        """
        from ivig.ask import ask
        from ivig.report.answered import reply_data

        if not 1 <= limit <= MOST_SENTENCES:
            raise InputError("limit", limit, f"1 to {MOST_SENTENCES}")
        reply = ask(
            question, self._knowledge, library=self._library, audience=audience, limit=limit
        )
        return reply_data(reply)

    def plan(
        self,
        patient: PatientData,
        indication: Annotated[
            str | None, Field(description="Id, synonym or ICD-10-CM code; default: the diagnosis.")
        ] = None,
        product: Product = None,
        route: Route = "iv",
        jurisdiction: Place = "us",
    ) -> dict[str, Any]:
        """The cited plan for one patient: indicated or not, dose, product, pump rates, IgG, outcomes.

        Only diagnosis and weight are required; leave out what is not known. Findings of kind 'stop'
        forbid what was asked for.
        """
        from ivig.plan import make_plan

        made = make_plan(
            patient_from_data(patient),
            self._knowledge,
            indication=indication,
            product=product,
            route=route,
            jurisdiction=jurisdiction,
        )
        return encode(made)

    def chart(
        self,
        product: Annotated[str, Field(description="Product id, such as privigen.")],
        indication: Annotated[str, Field(description="Id, synonym or ICD-10-CM code.")],
        weight_kg: Annotated[float, Field(strict=True, description="Actual weight, kg.")],
        dose_g: Annotated[float, Field(strict=True, description="Grams of the whole course.")],
        days: Annotated[int | None, Field(description="Default: as the sources allow.")] = None,
        age_year: AgeYear = None,
        route: Annotated[Route | None, Field(description="Default: the product's first.")] = None,
        risks: Risks = None,
        conditions: Conditions = None,
        first_infusion: Established = None,
        start: Annotated[str | None, Field(description="Clock time HH:MM.")] = None,
        jurisdiction: Place = "us",
    ) -> dict[str, Any]:
        """The infusion charts of a course: pump rates, times and volumes within the label's limits.

        'sessions' is empty when a finding of kind 'stop' or 'unknown' says why there is none.
        """
        from ivig.charting import make_chart
        from ivig.faces.chart_order import read_order

        given: dict[str, Any] = dict.fromkeys(
            ("switched_from", "last_infusion_days", "height_cm", "sex", "interval_day")
        )
        given |= {
            "product": product,
            "indication": indication,
            "weight_kg": weight_kg,
            "dose": f"{dose_g}g",
            "days": days,
            "age_year": age_year,
            "route": route,
            "risk": ",".join(risks) if risks else None,
            "conditions": conditions or (),
            "first": first_infusion,
            "start": start,
            "jurisdiction": jurisdiction,
        }
        made = make_chart(read_order(given), self._knowledge)
        return encode(made) | {"references": encode(made.sources)}

    def simulate(
        self,
        model: Annotated[str, Field(description="Model id, such as li_2022.")],
        regimen: Annotated[str, Field(description="Such as '0.4 g/kg iv q3w'.")],
        n: Annotated[int, Field(strict=True, description="Virtual patients, 1 to 20000.")] = 1000,
        seed: Annotated[
            int, Field(strict=True, description="0 or more; the same gives the same.")
        ] = 1,
        targets: Annotated[
            list[Annotated[float, Field(strict=True)]] | None,
            Field(description="Troughs in g/L; default 7."),
        ] = None,
    ) -> dict[str, Any]:
        """Total IgG in virtual adults on one regimen: quantiles and the probability below each trough."""
        from ivig.faces.cli_simulate import ADULTS, run_blocks, simulation_of
        from ivig.faces.simulate_files import plain, require_room
        from ivig.faces.simulate_text import notes
        from ivig.pk.summary import require_target

        if not 1 <= n <= MOST_PATIENTS:
            allowed = f"1 to {MOST_PATIENTS:,}; for more, the command 'ivig simulate'"
            raise InputError("n", n, allowed)
        wanted = tuple(targets or (7.0,))
        for target in wanted:
            require_target(target)
        simulation = simulation_of(model, ADULTS, regimen, n, seed, 365)
        require_room(simulation, None)
        summary = run_blocks(simulation, os.cpu_count() or 1, None, wanted)
        return {
            "summary": plain(summary),
            "notes": list(notes(summary, simulation)),
            **self._origin((simulation.model, simulation.population)),
        }

    def _origin(self, used: tuple[Any, ...]) -> dict[str, Any]:
        """The references of the facts that were used, the notice, and what computed it."""
        from ivig.plan import NOTICE
        from ivig.references import number
        from ivig.version import __version__

        cited = [value.citation for _, value in walk(used) if isinstance(value, Cited)]
        paper = Citation(source=used[0].source, basis="read")
        _, references = number(_Used(citations=(paper, *cited)), self._knowledge.sources)
        return {
            "references": encode(references),
            "notice": NOTICE,
            "ivig_version": __version__,
            "knowledge_digest": self._knowledge.digest,
        }
