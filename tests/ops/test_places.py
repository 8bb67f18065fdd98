"""Where a stack's data goes when root works in a folder that nobody else can enter."""

import os
from pathlib import Path

import pytest

from ops import places


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in {
        "ROOT": tmp_path / "poruchi",
        "LOCAL": tmp_path / "poruchi" / ".local",
        "FAR_STATE": tmp_path / "far",
    }.items():
        monkeypatch.setattr(places, name, value)
    (tmp_path / "poruchi").mkdir()
    return tmp_path / "poruchi"


def test_root_in_a_closed_folder_keeps_the_data_where_the_databases_user_can_enter(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    checkout.chmod(0o700)
    first = places.state("demo")
    assert first.is_relative_to(checkout.parent / "far")
    assert (checkout / ".local" / "demo").resolve() == first
    assert f"the data is kept in {first}" in capsys.readouterr().out
    assert places.state("demo") == first
    assert capsys.readouterr().out == ""
    places.remove_state("demo")
    assert not first.exists()
    assert not (checkout / ".local" / "demo").exists()


def test_a_person_keeps_the_data_in_the_checkout(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    checkout.chmod(0o700)
    assert places.state("demo") == checkout / ".local" / "demo"
