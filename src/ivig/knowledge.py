"""The only reader of knowledge/: YAML files → frozen values, or KnowledgeError.

One file is one item, and the file's name is the item's id. A file is decoded when it is first
asked for, so that one plan reads only what it needs; ``check`` decodes all of them. A hospital's
own folder (``$IVIG_KNOWLEDGE``) is laid over ours, file by file, and is decoded whole at the start.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ivig.access import AccessRules, Obtain
from ivig.checklist import Checklist
from ivig.cited import Source
from ivig.dosing_weight import JurisdictionRules
from ivig.errors import KnowledgeError
from ivig.evidence.language import Language, read_language
from ivig.evidence.outline import OutlineFile
from ivig.evidence.passage import AsksFile, PlainFile
from ivig.indication import Indication
from ivig.knowledge_file import Folder as Folder
from ivig.knowledge_file import read_item
from ivig.outcome.relation import Relation
from ivig.outcome.trial import PublishedTrial
from ivig.product import Product
from ivig.safety import (
    ExcipientRules,
    InfusionRules,
    LaboratoryRules,
    Reaction,
    RiskRules,
    VaccineRules,
)
from ivig.statement import StatementFile as StatementFile

if TYPE_CHECKING:
    from ivig.differences import DifferenceRules
    from ivig.dosing import DosingWeightRules
    from ivig.mechanism.cells import CellTable
    from ivig.mechanism.disease import DiseaseTable
    from ivig.mechanism.parameters import Mechanism
    from ivig.mechanism.rows import MechanismRows
    from ivig.pk.population import PopulationModel
    from ivig.pk.reference_population import ReferencePopulation
    from ivig.pk.validation import ValidationSet

T = TypeVar("T")

_SINGLE = (
    "risks",
    "excipients",
    "differences",
    "dosing_weights",
    "vaccines",
    "laboratory",
    "infusion",
    "checklist",
    "obtain",
    "language",
    "cells",
    "mechanism_diseases",
)
GENERAL = "general"
"""The indication of a statement that concerns no single one."""


class Knowledge:
    """Everything that is known, by folder and id, and the digest of the files it came from."""

    def __init__(self, roots: tuple[Path, ...]) -> None:
        files = _find(roots)
        self.digest = _digest(files)
        self.files = files
        self._known = frozenset(_in_folder(files, "sources"))

    def _folder(self, name: str, as_type: type[T]) -> Folder[T]:
        return Folder(_in_folder(self.files, name), as_type, self._known)

    @cached_property
    def sources(self) -> Folder[Source]:
        """Citations by id."""
        return self._folder("sources", Source)

    @cached_property
    def products(self) -> Folder[Product]:
        """Products by id."""
        return self._folder("products", Product)

    @cached_property
    def indications(self) -> Folder[Indication]:
        """Indications by id."""
        return self._folder("indications", Indication)

    @cached_property
    def statements(self) -> Folder[StatementFile]:
        """Statements by indication id or subject."""
        return self._folder("statements", StatementFile)

    @cached_property
    def plain(self) -> Folder[PlainFile]:
        """The same facts in a patient's words, by subject."""
        return self._folder("plain", PlainFile)

    @cached_property
    def asks(self) -> Folder[AsksFile]:
        """How people ask for what the passages say, by subject."""
        return self._folder("asks", AsksFile)

    @cached_property
    def outlines(self) -> Folder[OutlineFile]:
        """Which passages make a whole answer to a kind of question, by subject."""
        return self._folder("outlines", OutlineFile)

    @cached_property
    def models(self) -> "Folder[PopulationModel]":
        """Population models by id."""
        from ivig.pk.population import PopulationModel

        return self._folder("models", PopulationModel)

    @cached_property
    def populations(self) -> "Folder[ReferencePopulation]":
        """Whom virtual patients are drawn from, by id."""
        from ivig.pk.reference_population import ReferencePopulation

        return self._folder("populations", ReferencePopulation)

    @cached_property
    def validation(self) -> "Folder[ValidationSet]":
        """Published levels and exposures that models are held against, by study."""
        from ivig.pk.validation import ValidationSet

        return self._folder("validation", ValidationSet)

    @cached_property
    def outcomes(self) -> Folder[Relation]:
        """Exposure–outcome relations by id."""
        return self._folder("outcomes", Relation)

    @cached_property
    def trials(self) -> Folder[PublishedTrial]:
        """Published trials by id, as virtual trials repeat them."""
        return self._folder("trials", PublishedTrial)

    @cached_property
    def mechanisms(self) -> "Folder[Mechanism]":
        """How immunoglobulin works: parameters and conflicts by mechanism."""
        from ivig.mechanism.parameters import Mechanism

        return self._folder("mechanisms", Mechanism)

    @cached_property
    def mechanism_rows(self) -> "Folder[MechanismRows]":
        """Observations that the mechanisms are held against, with what is admitted."""
        from ivig.mechanism.rows import MechanismRows

        return self._folder("mechanisms/validation", MechanismRows)

    @cached_property
    def reactions(self) -> Folder[Reaction]:
        """Adverse reactions by id."""
        return self._folder("safety/reactions", Reaction)

    @cached_property
    def jurisdictions(self) -> Folder[JurisdictionRules]:
        """Local rules by jurisdiction."""
        return self._folder("jurisdictions", JurisdictionRules)

    @cached_property
    def access(self) -> Folder[AccessRules]:
        """Who pays, and on which terms, by place."""
        return self._folder("access", AccessRules)

    @cached_property
    def language(self) -> Language:
        """How people ask."""
        return read_language(lambda name, kind: self._single(f"language/{name}", kind))

    @cached_property
    def risks(self) -> RiskRules:
        """Who is at risk of what."""
        return self._single("safety/risks", RiskRules)

    @cached_property
    def excipients(self) -> ExcipientRules:
        """Who must not have which ingredient."""
        return self._single("safety/excipients", ExcipientRules)

    @cached_property
    def vaccines(self) -> VaccineRules:
        """Live-vaccine intervals."""
        return self._single("safety/vaccines", VaccineRules)

    @cached_property
    def laboratory(self) -> LaboratoryRules:
        """Tests that immunoglobulin upsets."""
        return self._single("safety/laboratory", LaboratoryRules)

    @cached_property
    def mechanism_diseases(self) -> "DiseaseTable":
        """What can be drawn for a disease, and what carries the effect."""
        from ivig.mechanism.disease import DiseaseTable

        return self._single("mechanisms/diseases/effects", DiseaseTable)

    @cached_property
    def cells(self) -> "CellTable":
        """Which cells immunoglobulin stirs up or calms, by state and dose."""
        from ivig.mechanism.cells import CellTable

        return self._single("mechanisms/cells/signs", CellTable)

    @cached_property
    def infusion(self) -> InfusionRules:
        """What holds for every infusion."""
        return self._single("safety/infusion", InfusionRules)

    @cached_property
    def checklist(self) -> Checklist:
        """What to have before an infusion."""
        return self._single("safety/checklist", Checklist)

    @cached_property
    def obtain(self) -> dict[str, str]:
        """Where a missing value is usually found."""
        return {hint.of: hint.where for hint in self._single("obtain", Obtain).hints}

    @cached_property
    def differences(self) -> "DifferenceRules":
        """How products differ by manufacture."""
        from ivig.differences import DifferenceRules

        return self._single("safety/differences", DifferenceRules)

    @cached_property
    def dosing_weights(self) -> "DosingWeightRules":
        """The formulas of a dosing weight."""
        from ivig.dosing import DosingWeightRules

        return self._single("safety/dosing_weights", DosingWeightRules)

    def _single(self, name: str, as_type: type[T]) -> T:
        path = self.files.get(f"{name}.yaml")
        if path is None:
            raise KnowledgeError("the file is missing", file=f"{name}.yaml")
        return read_item(path, as_type, self._known)

    def folders(self) -> dict[str, Folder[Any]]:
        """The folders of items by name, in the order of the layout."""
        return {
            "sources": self.sources,
            "products": self.products,
            "indications": self.indications,
            "statements": self.statements,
            "plain": self.plain,
            "asks": self.asks,
            "outlines": self.outlines,
            "models": self.models,
            "validation": self.validation,
            "populations": self.populations,
            "outcomes": self.outcomes,
            "trials": self.trials,
            "mechanisms": self.mechanisms,
            "mechanism_rows": self.mechanism_rows,
            "reactions": self.reactions,
            "jurisdictions": self.jurisdictions,
            "access": self.access,
        }

    def check(self) -> list[KnowledgeError]:
        """Decode every file; the errors found, none swallowed."""
        errors: list[KnowledgeError] = []
        for folder in self.folders().values():
            for key in folder:
                try:
                    folder[key]
                except KnowledgeError as error:
                    errors.append(error)
        for name in _SINGLE:
            try:
                getattr(self, name)
            except KnowledgeError as error:
                errors.append(error)
        return errors or self._dangling()

    def _dangling(self) -> list[KnowledgeError]:
        """Ids that name nothing: parents, covered uses, statements, outcomes, next regimens."""
        named: list[tuple[str, str]] = []
        for item in self.indications.values():
            where = f"indications/{item.id}.yaml"
            options = {fact.value.id for fact in item.regimens}
            named += [(where, name) for name in (item.parent, *item.labelled_as) if name]
            for fact in item.regimens:
                if fact.value.then is not None and fact.value.then not in options:
                    named.append((where, f"regimen {fact.value.then}"))
        for product in self.products.values():
            where = f"products/{product.id}.yaml"
            named += [(where, fact.value.indication) for fact in product.uses]
            named += [(where, name) for ladder in product.rates for name in ladder.indications]
        for place in self.access.values():
            where = f"access/{place.id}.yaml"
            named += [(where, entry.indication) for entry in place.entries]
        for relation in self.outcomes.values():
            named += [(f"outcomes/{relation.id}.yaml", name) for name in relation.indications]
        named += [(f"trials/{one.id}.yaml", one.indication) for one in self.trials.values()]
        missing = [(where, name) for where, name in named if name not in self.indications]
        return [
            KnowledgeError(f"{name!r} names nothing in knowledge/", file=str(self.files[where]))
            for where, name in dict.fromkeys([*missing, *self._named_by_statements()])
        ]

    def _named_by_statements(self) -> Iterator[tuple[str, str]]:
        """Indications, products and reactions a statement is filed under and that do not exist."""
        for file in self.statements.values():
            where = f"statements/{file.id}.yaml"
            for fact in file.statements:
                one = fact.value
                if one.indication != GENERAL and one.indication not in self.indications:
                    yield where, one.indication
                yield from ((where, name) for name in one.products if name not in self.products)
                yield from ((where, name) for name in one.reactions if name not in self.reactions)


def load_knowledge(root: str | Path | None = None, *, eager: bool = True) -> Knowledge:
    """The knowledge base: ours, under a hospital's own folder when one is named.

    Parameters
    ----------
    root : path, optional
        A folder laid over ours; ``$IVIG_KNOWLEDGE`` when not given.
    eager : bool
        Decode the folder laid over ours at once, so that its first error ends the start.

    Raises
    ------
    KnowledgeError
        The folder does not exist, or one of its files breaks the rules.
    """
    base = shipped_folder()
    chosen = root if root is not None else os.environ.get("IVIG_KNOWLEDGE") or None
    if chosen is None or Path(chosen).resolve() == base:
        return Knowledge((base,))
    overlay = Path(chosen)
    if not overlay.is_dir():
        raise KnowledgeError("no such folder; name a folder of YAML files", file=str(overlay))
    knowledge = Knowledge((base, overlay))
    if eager:
        mine = {str(p) for p in knowledge.files.values() if p.is_relative_to(overlay)}
        for error in knowledge.check():
            if error.file in mine:
                raise error
    return knowledge


def shipped_folder() -> Path:
    """The folder of knowledge that comes with the program."""
    inside = Path(__file__).parent / "_knowledge"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "knowledge"


def _find(roots: tuple[Path, ...]) -> dict[str, Path]:
    """Relative name → file; a later root wins."""
    found: dict[str, Path] = {}
    for root in roots:
        for folder, _, names in os.walk(root):
            for name in names:
                if name.endswith(".yaml"):
                    path = Path(folder, name)
                    found[path.relative_to(root).as_posix()] = path
    return dict(sorted(found.items()))


def _digest(files: Mapping[str, Path]) -> str:
    """SHA-256 over names and bytes: the identity of what is known."""
    total = hashlib.sha256()
    for name, path in files.items():
        total.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _in_folder(files: Mapping[str, Path], folder: str) -> dict[str, Path]:
    """Id → file of the items that lie directly in a folder."""
    start = f"{folder}/"
    return {
        name[len(start) : -len(".yaml")]: path
        for name, path in files.items()
        if name.startswith(start) and "/" not in name[len(start) :]
    }
