import os

import pytest
from hypothesis import settings

from ivig.knowledge import Knowledge, load_knowledge

settings.register_profile("default", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("nightly", max_examples=10_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load_knowledge()
