"""The demonstration, as the README tells newcomers to begin with."""

from pathlib import Path
import sys

from stage import Process
from stage.programme import ACTS


async def test_the_demonstration_shows_what_it_should(tmp_path: Path) -> None:
    """What newcomers see first must never be out of order."""
    output = tmp_path / "output"
    async with Process(sys.executable, "-m", "stage.demo", "--check", output=output) as demo:
        code = await demo.until_ended()
    shown = output.read_text()
    assert code == 0, shown
    assert "Everything was as it should be." in shown
    assert shown.count("Any end (sensor)") == len(ACTS)
