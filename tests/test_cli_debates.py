"""`debate` and `brief` as scripts and people see them."""

from __future__ import annotations

import io
import json
import os
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource

import debatebot
from debatebot import Debater, cli
from debatebot.errors import InputError
from tests.fakes import FakeModelServer, Reply

SCHEMAS = Path(debatebot.__file__).parent / "schemas"
PARK = (
    "The town opened a solar park in 2024. The park supplies clean and welcome power to 4,000 homes. "
    "Families hope that the park will lower their bills for years. Two farms lost grazing land to the park and suffer. "
    "The council fears that the park will ruin the view and cost too much. "
    "Whether the park pays for itself, nobody can say yet."
)


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str


class Terminal:
    """Runs debatebot in this process, with a data folder of its own and nothing else of this machine's settings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("DEBATEBOT_", "OPENAI_"))},
            "DEBATEBOT_HOME": str(folder / "home"),
            "DEBATEBOT_ENGINE": "builtin",
            "COLUMNS": "80",
        }

    def __call__(self, *arguments: str, **environment: str) -> Done:
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            for name in [name for name in os.environ if name.startswith(("DEBATEBOT_", "OPENAI_"))]:
                patch.delenv(name)
            for name, value in {**self.environment, **environment}.items():
                patch.setenv(name, value)
            for module in (cli, cli.debates, cli.evaluation, cli.language, cli.telling):
                patch.setattr(module, "LANGUAGE", "en")
            status = cli.run(arguments)
        return Done(status, out.getvalue(), err.getvalue())

    def json(self, *arguments: str, status: int = 0, **environment: str) -> dict[str, Any]:
        done = self(*arguments, "--json", **environment)
        assert done.status == status, done.err
        document: dict[str, Any] = json.loads(done.out)
        return document

    def text(self, *arguments: str) -> str:
        done = self(*arguments)
        assert done.status == 0, done.err
        return done.out


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """One library for the module, with one article in it."""
    opened = Terminal(tmp_path_factory.mktemp("terminal"))
    path = opened.folder / "park.txt"
    path.write_text(PARK, "utf-8")
    assert opened("add", str(path)).status == 0
    return opened


@pytest.fixture
def park(terminal: Terminal) -> str:
    return str(terminal.folder / "park.txt")


def validate(document: dict[str, Any], name: str) -> None:
    read = {one: json.loads((SCHEMAS / f"{one}.json").read_text("utf-8")) for one in ("ask", name)}
    registry: Registry[Any] = Registry().with_resources(
        (f"debatebot/1/{one}", Resource.from_contents(schema)) for one, schema in read.items()
    )
    jsonschema.Draft202012Validator(read[name], registry=registry).validate(document)


def test_a_debate_is_one_document_and_is_in_the_history(terminal: Terminal) -> None:
    document = terminal.json("debate", "Is the park good news?", "--rounds", "3")
    validate(document, "debate")
    assert document["searched"] == "Is the park good news?"
    assert all(one["question"] and one["sentence"]["text"] for one in document["follow_ups"])
    assert document["rounds"]
    assert document["over"]
    assert document["moderator"] is not None
    claims = [claim["id"] for answer in document["answers"] for claim in answer["claims"]]
    for one in document["rounds"]:
        for contribution in one["contributions"]:
            for claim in contribution["claims"]:
                assert claim["answers"] in claims
                claims.append(claim["id"])
    assert len(claims) == len(set(claims))
    identifier = terminal.json("history")["conversations"][0]["id"]
    [turn] = terminal.json("history", identifier)["turns"]
    assert turn["debate"]["rounds"] == document["rounds"]
    assert "Round 1" in terminal.text("history", identifier)


@pytest.mark.parametrize("missing", ["searched", "follow_ups", "rounds"])
def test_the_schema_of_a_debate_asks_for_what_it_promises(terminal: Terminal, missing: str) -> None:
    document = terminal.json("debate", "Is the park good news?", "--rounds", "1")
    del document[missing]
    with pytest.raises(jsonschema.ValidationError):
        validate(document, "debate")


def test_the_schema_of_a_debate_names_all_there_is(terminal: Terminal) -> None:
    document = terminal.json("debate", "Is the park good news?", "--rounds", "1")
    with pytest.raises(jsonschema.ValidationError):
        validate({**document, "surprise": 1}, "debate")


def test_people_read_rounds_targets_and_the_moderator_in_80_columns(terminal: Terminal) -> None:
    told = terminal.text("debate", "Is the park good news?")
    for words in ("Opening", "Round 1", "The moderator", "Where they differ", "optimistic.1", "This debate took"):
        assert words in told
    assert max(map(len, told.splitlines())) <= 80


@pytest.mark.parametrize(
    "arguments",
    [
        ("Is it?", "--rounds", "0"),
        ("Is it?", "--rounds", "six"),
        ("?!",),
        ("Is it?", "--perspective", "angry"),
        ("Is it?", "--perspective", "neutral"),
    ],
)
def test_bad_input_is_one_line_with_its_cure(terminal: Terminal, arguments: tuple[str, ...]) -> None:
    done = terminal("debate", *arguments)
    assert done.status == 2
    assert done.out == ""
    assert len(done.err.strip().splitlines()) == 1


def test_a_failing_model_is_told_and_what_was_said_is_printed(terminal: Terminal) -> None:
    opening = Reply("FACT: The park opened in 2024 [1].")
    disagreeing = Reply("I disagree with all of it.")
    with FakeModelServer(
        [opening, opening, Reply("No comparison."), Reply("None."), disagreeing, disagreeing]
    ) as server:
        environment = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": server.base_url}
        arguments = (
            "Is the park good news?",
            "--engine",
            "openai:fake-model",
            "--perspective",
            "optimistic,pessimistic",
            "--rounds",
            "1",
        )
        document = terminal.json("debate", *arguments, status=3, **environment)
    validate(document, "debate")
    for contribution in document["rounds"][0]["contributions"]:
        assert contribution["status"] == "failed"
        assert contribution["dropped_lines"] == 1
    assert document["over"]
    assert document["answers"][0]["claims"]
    assert document["effort"]["tokens_ratio"] >= 1


def test_one_side_alone_holds_no_debate(terminal: Terminal, park: str) -> None:
    done = terminal("debate", "Is it?", "--perspective", "neutral")
    assert "neutral alone" in done.err
    assert "optimistic,pessimistic" in done.err
    with closing(Debater.from_env({"DEBATEBOT_HOME": str(terminal.folder / "alone")})) as debater:
        article = debater.add(park, person="ada")
        for refused in (
            lambda: debater.debates.hold("Is it?", articles=[article], perspectives=["neutral", "Neutral"]),
            lambda: debater.debates.converse("Is it?", person="ada", articles=[article.id], perspectives=["neutral"]),
        ):
            with pytest.raises(InputError) as error:
                refused()
            assert "deux camps" in error.value.describe("fr").message
        assert debater.library.conversations.list("ada") == []


def test_a_briefing_is_one_document(terminal: Terminal, park: str) -> None:
    document = terminal.json("brief", park)
    validate(document, "brief")
    assert [section["name"] for section in document["sections"]] == [
        "facts",
        "neutral",
        "analogy",
        "optimistic",
        "pessimistic",
    ]
    cited = {number for section in document["sections"] for claim in section["claims"] for number in claim["citations"]}
    assert cited == {item["number"] for item in document["evidence"]}
    assert document["status"] == "answered"


def test_a_briefing_reads_as_text_and_as_a_post(terminal: Terminal, park: str) -> None:
    told = terminal.text("brief", park)
    assert "The optimistic view" in told
    assert max(map(len, told.splitlines())) <= 80
    post = terminal.text("brief", park, "--format", "md", "--sources", "--language", "fr")
    assert post.startswith("# ")
    assert "## Le regard optimiste" in post
    assert "[^2]: The park supplies" in post


def test_a_file_is_briefed_on_without_being_added_first(terminal: Terminal) -> None:
    path = terminal.folder / "bridge.txt"
    path.write_text("The bridge opened in 1932 and is 300 metres long. Residents fear the terrible noise.", "utf-8")
    assert terminal.json("brief", str(path))["article"]["source"] == "bridge.txt"


def test_a_briefing_that_fails_says_why(terminal: Terminal, park: str) -> None:
    with FakeModelServer([Reply("A fine article indeed.")]) as server:
        environment = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": server.base_url}
        done = terminal("brief", park, "--engine", "openai:fake-model", **environment)
    assert done.status == 3
    assert "wrote no briefing" in done.err
    assert terminal("brief", "no such article").status == 2
