"""Every error of the package.

    IvigError
    ├── InputError          what was given cannot be used            exit 2
    ├── KnowledgeError      a knowledge file breaks the rules        exit 2, at start-up
    ├── OutsideModelDomain  no model was built on such a patient     exit 5
    └── FitError            the posterior could not be found         exit 4

A clinical "no" or "cannot tell" is never an error: it is a Finding.
"""


class IvigError(Exception):
    """Base of all errors raised on purpose."""


class InputError(IvigError, ValueError):
    """A value that cannot be used: names the field, the value and what is allowed."""

    def __init__(self, field: str, value: object, allowed: str) -> None:
        self.field = field
        self.value = value
        self.allowed = allowed
        super().__init__(f"{field}: {_shown(value)} cannot be used. Allowed: {allowed}")


class KnowledgeError(IvigError):
    """A knowledge file that breaks the rules: names the file, the line and the mend."""

    def __init__(self, message: str, *, file: str, line: int | None = None) -> None:
        self.file = file
        self.line = line
        super().__init__(f"{file}:{line}: {message}" if line is not None else f"{file}: {message}")


class OutsideModelDomain(IvigError):
    """The patient lies outside the population a model was built on."""


class FitError(IvigError):
    """An individual fit that did not reach the required effective sample size."""


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 120 else text[:117] + "..."
