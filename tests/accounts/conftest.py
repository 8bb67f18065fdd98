import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture(autouse=True)
def _empty_outbox() -> Iterator[None]:
    """Codes sent in one test are not found by the next."""
    yield
    shutil.rmtree(Path(settings.EMAIL_FILE_PATH), ignore_errors=True)
