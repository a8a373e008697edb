"""What a report costs before it says a word."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["grader.reports.terminal", "grader.reports.json", "grader.reports.statistics"])
def test_no_template_engine_and_no_torch_for_light_reports(module: str) -> None:
    program = f"import sys, {module}; print(*sys.modules, sep='\\n')"
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60)
    assert not set(run.stdout.split()) & {"jinja2", "markdown_it", "torch", "numpy", "pygments"}
