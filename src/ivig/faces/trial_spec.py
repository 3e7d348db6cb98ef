"""A new trial from a YAML file, by the strict rules of the knowledge files."""

from pathlib import Path

import yaml

from ivig.codec import DecodeError, decode
from ivig.cohort.design import Design
from ivig.errors import InputError
from ivig.strict_yaml import line_of, read_yaml

MOST_BYTES = 100_000


def read_design(path: Path) -> Design:
    """The design written in a file.

    Raises
    ------
    InputError
        No such file, not YAML, an unknown key, a missing one, or a value that cannot be used.
    """
    text = _text(path)
    try:
        return decode(read_yaml(text), Design)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = "" if mark is None else f" in line {mark.line + 1}"
        problem = getattr(error, "problem", None) or error
        raise InputError("spec", str(path), f"strict YAML ({problem}{where})") from error
    except DecodeError as error:
        line = line_of(text, error.path)
        raise InputError("spec", f"{path}, line {line}", str(error)) from error


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError("spec", str(path), f"a file of at most {MOST_BYTES:,} bytes")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise InputError("spec", str(path), f"a YAML file that can be read ({reason})") from error
