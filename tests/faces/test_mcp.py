"""``ivig mcp`` spoken to by a real client over standard input and output."""

import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from click.testing import CliRunner
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters

from ivig.faces.cli import app

ROOT = Path(__file__).parents[2]
IVIG = Path(sys.executable).with_name("ivig")
CVID = {"diagnosis": "cvid", "weight_kg": 68.0, "age_year": 62, "sex": "female"}
QUESTION = "What is the dose of IVIG in CIDP?"
CHART = {"product": "privigen", "indication": "cidp", "weight_kg": 70.0, "dose_g": 35.0}
SIMULATION = {"model": "li_2022", "regimen": "0.4 g/kg iv q3w", "n": 200, "seed": 3}


def server() -> StdioServerParameters:
    return StdioServerParameters(command=str(IVIG), args=["mcp"], env=dict(os.environ))


def talk(question: Callable[[Client], Awaitable[Any]]) -> Any:
    async def main() -> Any:
        async with Client(server(), read_timeout_seconds=60) as client:
            return await question(client)

    return anyio.run(main)


def told(*words: str, stdin: str | None = None) -> Any:
    done = CliRunner().invoke(app, words, input=stdin, catch_exceptions=False)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def heard() -> dict[str, Any]:
    """One session: tools, one answer of each, a chart with every risk open, refusals."""
    calls: dict[str, tuple[str, dict[str, Any]]] = {
        "ask": ("ask", {"question": QUESTION, "limit": 3}),
        "refused": ("ask", {"question": "What is the capital of France?"}),
        "plan": ("plan", {"patient": CVID, "product": "privigen"}),
        "stop": ("plan", {"patient": CVID | {"conditions": ["hyperprolinaemia"]}, "product": "privigen"}),
        "chart": (
            "chart",
            CHART
            | {
                "risks": ["no-renal", "no-thrombosis"],
                "age_year": 40.0,
                "days": 1,
                "first_infusion": False,
                "start": "23:30",
            },
        ),
        "open": ("chart", CHART),
        "too much": ("chart", CHART | {"dose_g": 300.0}),
        "simulate": ("simulate", SIMULATION | {"targets": [5.0, 7.0]}),
        "no weight": ("plan", {"patient": {"diagnosis": "cvid"}}),
        "mg/dL": ("plan", {"patient": CVID | {"levels": [{"time_day": 0, "igg_g_per_L": 650}]}}),
        "typing error": ("chart", CHART | {"first_infusoin": False}),
        "many": ("simulate", SIMULATION | {"n": 20_001}),
        "truth": ("chart", CHART | {"weight_kg": True}),
        "risk": ("chart", CHART | {"risks": ["renal", "no-renal"]}),
        "clock": ("chart", CHART | {"start": "25:00"}),
        "product": ("chart", CHART | {"product": "nosuch"}),
    }  # fmt: skip

    async def session(client: Client) -> dict[str, Any]:
        found: dict[str, Any] = {
            "tools": (await client.list_tools()).tools,
            "instructions": client.instructions,
        }
        for name, (tool, given) in calls.items():
            found[name] = await client.call_tool(tool, given)
        return found

    return talk(session)


def data(heard: dict[str, Any], name: str) -> dict[str, Any]:
    assert not heard[name].is_error, heard[name].content
    return heard[name].structured_content


def test_four_tools_that_read_only(heard: dict[str, Any]) -> None:
    assert [tool.name for tool in heard["tools"]] == ["ask", "plan", "chart", "simulate"]
    for tool in heard["tools"]:
        assert tool.annotations.read_only_hint
        assert not tool.annotations.destructive_hint
        assert not tool.annotations.open_world_hint
        assert tool.description
    patient = heard["tools"][1].input_schema["properties"]["patient"]
    assert {"diagnosis"} <= patient["properties"].keys()


def test_the_client_is_told_how_to_use_it(heard: dict[str, Any]) -> None:
    for words in ("offline", "supports the decision", "reference numbers", "no order"):
        assert words in heard["instructions"]


def test_answers_are_those_of_the_command_line(heard: dict[str, Any]) -> None:
    assert data(heard, "ask") == told("ask", QUESTION, "--limit", "3", "--format", "json")
    typed = told("plan", "-", "--product", "privigen", "--format", "json", stdin=json.dumps(CVID))
    assert data(heard, "plan") == typed
    options = [f"--{name}={value}" for name, value in SIMULATION.items()]
    typed = told("simulate", *options, "--target=5", "--target=7", "--format=json")
    assert data(heard, "simulate")["summary"] == typed


@pytest.mark.parametrize("name", ["ask", "plan", "chart", "simulate"])
def test_every_result_carries_its_references_and_the_notice(
    heard: dict[str, Any], name: str
) -> None:
    found = data(heard, name)
    assert [reference["n"] for reference in found["references"]] == list(
        range(1, len(found["references"]) + 1)
    )
    assert found["references"]
    assert "no order" in found["notice"]
    assert len(found["knowledge_digest"]) == 64


def test_a_chart_is_that_of_the_command_line(heard: dict[str, Any]) -> None:
    options = ["--product=privigen", "--indication=cidp", "--weight=70", "--dose=35g", "--days=1"]
    options += ["--risk=none", "--age=40", "--established", "--start=23:30", "--format=json"]
    typed, found = told("chart", *options), data(heard, "chart")
    assert found | {"references": typed["references"]} == typed
    (session,) = found["sessions"]
    assert session["cap_mL_per_h"] == 336.0
    assert session["lines"][-1]["cumulative_mL"] == 350.0
    assert session["lines"][0]["start_clock"] == "23:30"


def test_what_is_not_said_of_risk_keeps_the_chart_slow(heard: dict[str, Any]) -> None:
    cautious = data(heard, "open")
    assert cautious["at_risk"]
    known = data(heard, "chart")["sessions"][0]
    assert cautious["sessions"][0]["cap_mL_per_h"] < known["cap_mL_per_h"]


def test_a_stop_is_a_result_without_a_chart(heard: dict[str, Any]) -> None:
    found = data(heard, "too much")
    assert found["sessions"] == []
    assert found["findings"][0]["kind"] == "stop"
    assert data(heard, "stop")["findings"][0]["kind"] == "stop"
    assert data(heard, "stop")["infusion"] is None
    assert data(heard, "refused")["status"] == "refused"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no weight", ["weight_kg", "needed"]),
        ("mg/dL", ["650", "mg/dL"]),
        ("typing error", ["first_infusoin", "did you mean first_infusion?"]),
        ("many", ["20001", "20,000"]),
        ("truth", ["weight_kg", "number"]),
        ("risk", ["renal", "not both"]),
        ("clock", ["25:00", "HH:MM"]),
        ("product", ["nosuch", "privigen"]),
    ],
)
def test_bad_input_is_an_error_that_says_what_is_allowed(
    heard: dict[str, Any], name: str, words: list[str]
) -> None:
    assert heard[name].is_error
    (said,) = heard[name].content
    assert "Traceback" not in said.text
    assert "http" not in said.text
    for word in words:
        assert word in said.text


def test_nothing_but_the_protocol_on_standard_output() -> None:
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "0"},
        },
    }
    ready = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    wrong = {
        "jsonrpc": "2.0",
        "id": 2,
        "method": "tools/call",
        "params": {"name": "plan", "arguments": {"patient": {"diagnosis": "cvid", "weight_kg": 0}}},
    }
    with subprocess.Popen(
        [IVIG, "mcp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdin
        assert running.stdout
        assert running.stderr
        running.stdin.write("".join(json.dumps(line) + "\n" for line in (hello, ready, wrong)))
        running.stdin.flush()
        lines = [running.stdout.readline(), running.stdout.readline()]
        running.stdin.close()
        lines += running.stdout.readlines()
        errors = running.stderr.read()
    assert [json.loads(line)["id"] for line in lines] == [1, 2]
    assert "Traceback" not in errors
    assert "weight_kg" not in errors


def test_without_the_extra_one_line_says_how_to_install_it() -> None:
    code = (
        "import sys; sys.modules['mcp'] = None; sys.argv = ['ivig', 'mcp']; "
        "from ivig.faces.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.strip().splitlines() == [
        "error: 'ivig mcp' needs an extra that is not installed: pip install 'ivig[mcp]'"
    ]
