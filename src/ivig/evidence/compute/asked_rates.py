"""What a question asks of rates and sites: the words, in one place."""

from ivig.evidence.compute.given import Given

_FAST = (
    r"\btitrat\w*|\bladder\b|\bpump\b|\bhow (?:fast|quickly|slow\w*)\b|\bfast(?:er|est)\b|\b(?:max\w*|highest|top)\b[^.?]{0,40}\brate\b|\brate\b[^.?]{0,40}\bmax\w*"
    r"|\bml\s*(?:/|per|an)\s*(?:kg|h|min)\w*|\bmg\s*/\s*kg\s*/\s*min"
    r"|\b(?:infusion|start\w*|initial|beginning|max\w*|top|flow|drip|highest|label|pump)\s+rates?\b"
    r"|\b(?:dos(?:e|ing|age)) (?:and|or) rates?\b|\brates? (?:and|or) dos(?:e|ing|age)\b"
    r"|\brate (?:schedule|steps?|increase\w*|titration|chart)\b|\brates?\s*(?:\?|$|for\b|in m[lg]\b)"
    r"|\bstep by step\b|\bspeed\b"
)
_DOSED = (
    r"\bhow\s+(?:is|are|do\s+(?:you|i|we)|to|should\s+(?:i|we))\b[^?]*"
    r"\b(?:dos(?:e|ed|ing)|given|give|infuse|infused|run|administer\w*)\b"
)
_SCHEDULE = (
    r"\btitrat\w*|\bladder\b|\bstart\w*|\bbegin\w*|\bfirst\b|\btop\b|\bevery step\b|\bsteps?\b"
)
_NEW = (
    r"\bfirst\b(?:\W+\w+){0,3}?\W+(?:time|infusion|dose)|\bstart(?:s|ing|ed)?\b|\bnew to\b|\bnaive\b"
    r"|\bnever had\b"
)
_SITES = (
    r"\bsites?\b|\bneedles?\b|\bhow (?:fast|long|quickly)\b|\bml\s*(?:/|per|an)\s*h\w*"
    r"|\binfusion rates?\b|\bmax\w* rates?\b|\bstep by step\b|\border of\b"
)


def asks_rates(given: Given) -> bool:
    """Whether the rates of a product are asked for, or how it is given."""
    return given.asks(f"{_FAST}|{_DOSED}")


def asks_schedule(given: Given) -> bool:
    """Whether, beside a rate that is named, the start or the steps are asked for."""
    return given.asks(_SCHEDULE)


def asks_sites(given: Given) -> bool:
    """Whether sites, rates or the time under the skin are asked for."""
    return given.asks(f"{_SITES}|{_DOSED}")


def is_new(given: Given) -> bool:
    """Whether the words speak of a first infusion."""
    return given.asks(_NEW)
