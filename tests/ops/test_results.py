import json
from pathlib import Path

import pytest

from tests.bench import results


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    return tmp_path


def test_figures_are_written_as_one_list_with_their_bars(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = results.Figures("feed")
    figures.add("feed-near-1M-cpu-over-sql", value=3.1, yardstick=1.0, unit="ratio", bar="<= 4")
    figures.add("pings-rows", value=14_000, unit="rows/s", bar=">= 15,000")
    figures.skip("feed-near-10M", unit="ratio", bar="<= 5", why="no time")
    figures.write()
    assert json.loads((folder / "feed.json").read_text())[0] == {
        "name": "feed-near-1M-cpu-over-sql", "value": 3.1, "yardstick": 1.0, "unit": "ratio", "bar": "<= 4", "holds": True, "note": "",
    }  # fmt: skip
    assert [(f["holds"], f["note"]) for f in json.loads((folder / "feed.json").read_text())] == [
        (True, ""), (False, ""), (None, "not run: no time"),
    ]  # fmt: skip
    assert figures.missed == ["pings-rows"]
    assert "✗  pings-rows" in capsys.readouterr().out
