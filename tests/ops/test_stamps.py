from pathlib import Path

import pytest

from ops import places, stamps


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(places, "ROOT", tmp_path)
    monkeypatch.setattr(places, "STAMPS", tmp_path / "stamps")
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "main.css").write_text("a {}")
    return tmp_path


def test_a_step_is_fresh_until_its_inputs_change(project: Path) -> None:
    before = stamps.fingerprint([project / "assets"])
    stamps.put("assets", before)
    assert stamps.is_fresh("assets", stamps.fingerprint([project / "assets"]))
    (project / "assets" / "main.css").write_text("b {}")
    assert not stamps.is_fresh("assets", stamps.fingerprint([project / "assets"]))


def test_a_new_or_renamed_file_counts_as_a_change(project: Path) -> None:
    before = stamps.fingerprint([project / "assets"])
    (project / "assets" / "main.css").rename(project / "assets" / "other.css")
    assert stamps.fingerprint([project / "assets"]) != before


def test_a_step_whose_product_was_removed_is_done_again(project: Path) -> None:
    product = project / "built"
    product.touch()
    stamps.put("assets", "same")
    assert stamps.is_fresh("assets", "same", products=[product])
    product.unlink()
    assert not stamps.is_fresh("assets", "same", products=[product])
