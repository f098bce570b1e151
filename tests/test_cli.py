"""The command line as scripts see it: exit statuses, one JSON document, one line of error with its cure."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import debatebot
from debatebot.factory import data_folder
from tests.fakes import FakeModelServer, Reply

SCHEMAS = Path(debatebot.__file__).parent / "schemas"
PROGRAM = (sys.executable, "-c", "from debatebot.cli import main; main()")
DEEPSEEK = data_folder() / "corpus" / "deepseek-janvier-2025.md"


class Terminal:
    """Runs debatebot with a data folder of its own and nothing else of this machine's settings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("DEBATEBOT_", "OPENAI_"))},
            "DEBATEBOT_HOME": str(folder / "home"),
            "DEBATEBOT_LANGUAGE": "en",
            "DEBATEBOT_ENGINE": "builtin",
        }

    def __call__(self, *arguments: str, given: bytes = b"", **environment: Any) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            (*PROGRAM, *arguments),
            env={**self.environment, **environment},
            cwd=self.folder,
            input=given,
            capture_output=True,
            timeout=100,
        )

    def json(self, *arguments: str, status: int = 0, **environment: Any) -> dict[str, Any]:
        done = self(*arguments, "--json", **environment)
        assert done.returncode == status, done.stderr.decode()
        document: dict[str, Any] = json.loads(done.stdout)
        return document

    def refused(self, *arguments: str, given: bytes = b"", **environment: Any) -> str:
        done = self(*arguments, given=given, **environment)
        told = done.stderr.decode()
        assert done.returncode == 2, told
        assert done.stdout == b""
        assert len(told.strip().splitlines()) == 1
        assert "Traceback" not in told
        return told


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """One library for the module, with the DeepSeek article in it."""
    opened = Terminal(tmp_path_factory.mktemp("terminal"))
    assert opened("add", str(DEEPSEEK)).returncode == 0
    return opened


@pytest.fixture
def fresh(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def validate(document: dict[str, Any], name: str) -> None:
    jsonschema.validate(document, json.loads((SCHEMAS / f"{name}.json").read_text("utf-8")))


# --- asking -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["Est-ce une bonne nouvelle ?", "Is the DeepSeek announcement good news?"])
def test_three_cited_answers_on_one_evidence_list(terminal: Terminal, question: str) -> None:
    document = terminal.json("ask", question)
    validate(document, "ask")
    assert [answer["perspective"] for answer in document["answers"]] == ["optimistic", "neutral", "pessimistic"]
    assert {answer["status"] for answer in document["answers"]} == {"answered"}
    assert document["language"] == ("fr" if question.startswith("Est") else "en")
    text = terminal.json("show", document["articles"][0]["id"])["article"]["text"]
    numbers = {item["number"] for item in document["evidence"]}
    for item in document["evidence"]:
        assert text[item["start"] : item["end"]] == item["text"]
    for answer in document["answers"]:
        assert answer["claims"]
        for claim in answer["claims"]:
            assert claim["citations"]
            assert set(claim["citations"]) <= numbers
            assert claim["verdict"] == "supported"


def test_sides_do_not_cite_each_others_sentences(terminal: Terminal) -> None:
    document = terminal.json("ask", "Que peut-on espérer ou craindre de la concurrence entre les modèles d'IA ?")
    outlook = {item["number"]: item["outlook"] for item in document["evidence"]}
    cited = {
        answer["perspective"]: [outlook[number] for claim in answer["claims"] for number in claim["citations"]]
        for answer in document["answers"]
    }
    assert max(cited["optimistic"]) > 0.25
    assert min(cited["optimistic"]) > -0.25
    assert min(cited["pessimistic"]) < -0.25
    assert max(cited["pessimistic"]) < 0.25


@pytest.mark.parametrize("question", ["Combien de paramètres ?", "How many parameters does the model have?"])
def test_a_plain_fact_is_the_same_from_all(terminal: Terminal, question: str) -> None:
    document = terminal.json("ask", question)
    said = [[claim["text"] for claim in answer["claims"]] for answer in document["answers"]]
    assert said[0] == said[1] == said[2]
    assert any("670 milliards" in text for text in said[0])


@pytest.mark.parametrize(
    "question", ["Qui a gagné le Tour de France en 1998 ?", "What is the best recipe for onion soup?"]
)
def test_what_the_article_does_not_speak_of_is_said(terminal: Terminal, question: str) -> None:
    document = terminal.json("ask", question)
    validate(document, "ask")
    assert {answer["status"] for answer in document["answers"]} == {"insufficient"}
    assert all(answer["claims"] == [] and answer["text"] for answer in document["answers"])


def test_a_file_is_asked_about_without_being_added_first(fresh: Terminal) -> None:
    path = fresh.folder / "note.txt"
    path.write_text("The bridge opened in 1932. Traders hope for more customers. Residents fear the noise.", "utf-8")
    document = fresh.json("ask", "Is the bridge good news?", "--article", str(path), "--perspective", "optimistic")
    assert [answer["perspective"] for answer in document["answers"]] == ["optimistic"]
    assert document["articles"][0]["source"] == "note.txt"
    again = fresh.json("ask", "Is the bridge good news?", "--article", str(path), "--perspective", "optimistic")
    assert again["articles"] == document["articles"]
    assert len(fresh.json("list")["articles"]) == 1


def test_people_read_labels_claims_and_sources(terminal: Terminal) -> None:
    done = terminal("ask", "Est-ce une bonne nouvelle ?", "--perspective", "optimistic,pessimistic")
    told = done.stdout.decode()
    assert done.returncode == 0
    assert "Optimiste" in told
    assert "Pessimiste" in told
    assert "✓" in told
    assert "Sentences cited" in told


def test_questions_and_answers_are_kept(fresh: Terminal) -> None:
    fresh("add", "-", given=b"The bridge opened in 1932. Traders hope for more customers. It cost 3 million.")
    fresh.json("ask", "How much did the bridge cost?")
    [entry] = fresh.json("history")["conversations"]
    assert entry["title"] == "How much did the bridge cost?"
    conversation = fresh.json("history", entry["id"])
    validate(conversation["turns"][0]["debate"], "ask")
    assert "3 million" in fresh("history", entry["id"]).stdout.decode()


# --- models -----------------------------------------------------------------------------------------------------------


def test_a_model_answers_by_url_and_unknown_markers_are_dropped(terminal: Terminal) -> None:
    replies = ["FACT: DeepSeek says so [1][99].\nOPINION: That is good [2]."] * 3
    with FakeModelServer(replies) as server:
        document = terminal.json(
            "ask", "Is it good news?", "--engine", "openai:fake-model", OPENAI_BASE_URL=server.base_url
        )
    validate(document, "ask")
    for answer in document["answers"]:
        assert answer["engine"] == "openai:fake-model"
        assert answer["dropped_markers"] == 1
        assert answer["usage"]["input_tokens"] == 900
        assert [claim["kind"] for claim in answer["claims"]] == ["fact", "opinion"]


def test_auto_takes_the_model_that_the_server_serves(terminal: Terminal) -> None:
    with FakeModelServer(models=("small-model",)) as server:
        document = terminal.json(
            "ask", "Is it good news?", "--engine", "auto", "--perspective", "neutral", OPENAI_BASE_URL=server.base_url
        )
    assert document["answers"][0]["engine"] == "openai:small-model"


def test_one_failed_perspective_gives_status_3_and_the_others_answers(terminal: Terminal) -> None:
    replies = [Reply(status=403), Reply(), Reply()]
    with FakeModelServer(replies) as server:
        document = terminal.json(
            "ask", "Is it good?", "--engine", "openai:fake-model", status=3, OPENAI_BASE_URL=server.base_url
        )
    validate(document, "ask")
    assert sorted(answer["status"] for answer in document["answers"]) == ["answered", "answered", "failed"]
    [failed] = [answer for answer in document["answers"] if answer["status"] == "failed"]
    assert failed["text"] == ""
    assert failed["error"]["hint"]


@pytest.mark.parametrize("command", [("ask", "Is it good?"), ("debate", "Is it good?"), ("brief", "DEEPSEEK")])
@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize(("status", "cure"), [(401, "OPENAI_API_KEY"), (404, "Check the name")])
def test_a_refused_key_or_an_unknown_model_is_bad_configuration(
    terminal: Terminal, command: tuple[str, ...], as_json: bool, status: int, cure: str
) -> None:
    arguments = [str(DEEPSEEK) if part == "DEEPSEEK" else part for part in command]
    with FakeModelServer([Reply(status=status)] * 3) as server:
        told = terminal.refused(
            *arguments,
            "--engine",
            "openai:fake-model",
            *(["--json"] if as_json else []),
            OPENAI_BASE_URL=server.base_url,
            OPENAI_API_KEY="sk-wrong",
        )
    assert cure in told
    if command[0] == "ask":
        assert "Is it good?" in terminal("history").stdout.decode()


def test_a_server_that_fails_is_no_bad_configuration(terminal: Terminal) -> None:
    with FakeModelServer([Reply(status=400)] * 3) as server:
        terminal.json("ask", "Is it good?", "--engine", "openai:fake-model", status=3, OPENAI_BASE_URL=server.base_url)


def test_a_server_that_is_not_there_is_named_with_the_cure(terminal: Terminal) -> None:
    arguments = ("ask", "Is it good?", "--engine", "openai:fake-model", "--perspective", "neutral,optimistic", "--json")
    done = terminal(*arguments, OPENAI_BASE_URL="http://127.0.0.1:9/v1", COLUMNS="80")
    assert done.returncode == 3
    errors = [answer["error"] for answer in json.loads(done.stdout)["answers"]]
    assert [error["type"] for error in errors] == ["EngineUnavailable"] * 2
    [told] = done.stderr.decode().splitlines()
    assert told == f"debatebot: No complete answer from Neutral, Optimistic: {errors[0]['message']} {errors[0]['hint']}"
    log = (terminal.folder / "home" / "logs" / "debatebot.log").read_text("utf-8")
    assert "neutral by openai:fake-model failed: EngineUnavailable" in log


def test_an_interrupted_question_is_kept(terminal: Terminal) -> None:
    with FakeModelServer([Reply(text="FACT: Something was said [1].\nFACT: And ", hang=6)] * 3) as server:
        process = subprocess.Popen(
            (*PROGRAM, "ask", "Is this one interrupted?", "--engine", "openai:fake-model"),
            env={**terminal.environment, "OPENAI_BASE_URL": server.base_url, "DEBATEBOT_WARM_PREFIX": "off"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # What is started in the background of a script inherits that interrupts are ignored.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        )
        while len(server.requests) < 3:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in told
    titles = [entry["title"] for entry in terminal.json("history")["conversations"]]
    assert "Is this one interrupted?" in titles


# --- the library ------------------------------------------------------------------------------------------------------


def test_articles_are_added_listed_shown_and_removed(fresh: Terminal) -> None:
    folder = fresh.folder / "articles"
    folder.mkdir()
    (folder / "one.md").write_text("# The bridge\n\nThe bridge opened in 1932. It is 300 metres long.", "utf-8")
    (folder / "two.txt").write_text("La tour a été construite en 1889. Elle mesure 330 mètres de haut.", "utf-8")
    added = fresh.json("add", str(folder))["articles"]
    assert {(one["title"], one["language"]) for one in added} >= {("The bridge", "en")}
    assert {one["language"] for one in added} == {"en", "fr"}
    listed = fresh.json("list")["articles"]
    assert {one["id"] for one in listed} == {one["id"] for one in added}
    shown = fresh.json("show", added[0]["id"])
    assert all(shown["article"]["text"][one["start"] : one["end"]] == one["text"] for one in shown["sentences"])
    assert fresh.json("remove", added[0]["id"])["removed"] == added[0]["id"]
    assert [one["id"] for one in fresh.json("list")["articles"]] == [added[1]["id"]]
    assert fresh.json("reindex")["articles"] == 1


def test_one_unreadable_source_does_not_keep_the_others_out(fresh: Terminal) -> None:
    good = fresh.folder / "good.txt"
    good.write_text("The bridge opened in 1932. It is 300 metres long.", "utf-8")
    done = fresh("add", "missing.txt", str(good), "--json")
    assert done.returncode == 2
    assert len(json.loads(done.stdout)["articles"]) == 1
    assert len(done.stderr.decode().strip().splitlines()) == 1


def test_perspectives_are_listed_and_a_new_file_is_a_new_one(fresh: Terminal) -> None:
    names = [one["name"] for one in fresh.json("perspectives")["perspectives"]]
    assert names == ["optimistic", "neutral", "pessimistic"]
    prompts = fresh.folder / "prompts"
    subprocess.run(("cp", "-r", str(data_folder() / "prompts"), str(prompts)), check=True)
    original = (prompts / "pessimistic.md").read_text("utf-8")
    changed = original.replace("name: pessimistic", "name: sceptic").replace("Pessimistic", "Sceptical")
    (prompts / "sceptic.md").write_text(changed.replace("Pessimiste", "Sceptique"), "utf-8")
    found = fresh.json("perspectives", DEBATEBOT_PROMPTS=str(prompts))["perspectives"]
    assert "sceptic" in [one["name"] for one in found]
    (prompts / "sceptic.md").write_text(changed.replace("outlook:", "outlok:"), "utf-8")
    told = fresh.refused("perspectives", DEBATEBOT_PROMPTS=str(prompts))
    assert "sceptic.md" in told


def test_doctor_tells_what_works(terminal: Terminal) -> None:
    checks = terminal.json("doctor")["checks"]
    assert {check["name"] for check in checks} >= {"library", "perspectives", "embeddings", "engine", "server"}
    assert all(check["ok"] for check in checks)


def test_doctor_sees_a_broken_index_and_names_the_cure(fresh: Terminal) -> None:
    fresh("add", "-", given=b"The bridge opened in 1932. It is 300 metres long.")
    for path in (fresh.folder / "home" / "index").rglob("*"):
        if path.is_file():
            path.write_text("junk")
    broken = [check for check in fresh.json("doctor", status=2)["checks"] if not check["ok"]]
    assert [check["name"] for check in broken] == ["index"]
    assert "debatebot reindex" in broken[0]["hint"]
    assert fresh("reindex").returncode == 0
    assert all(check["ok"] for check in fresh.json("doctor")["checks"])


def test_front_matter_is_recognised_on_standard_input(fresh: Terminal) -> None:
    given = b"---\ntitle: The bridge\nlanguage: en\n---\n\nIt opened in 1932. Traders hope for more customers.\n"
    fresh("add", "-", given=given)
    [article] = fresh.json("list")["articles"]
    assert (article["title"], article["sentences"]) == ("The bridge", 2)
    fresh("add", "-", given=b"---\nIt closed in 1999, as everybody knows. Nobody misses it.\n")
    assert len(fresh.json("list")["articles"]) == 2


def test_a_home_may_have_any_name(fresh: Terminal) -> None:
    home = fresh.folder / "a ? b # c % d"
    assert fresh("list", DEBATEBOT_HOME=str(home)).returncode == 0
    assert (home / "library.sqlite").is_file()
    assert [path.name for path in fresh.folder.iterdir()] == [home.name]


# --- a file .env ------------------------------------------------------------------------------------------------------


def test_the_language_may_stand_in_a_file(fresh: Terminal) -> None:
    (fresh.folder / ".env").write_text("DEBATEBOT_LANGUAGE=fr\n")
    assert "La question est vide" in fresh.refused("ask", "", DEBATEBOT_LANGUAGE="", LANG="en_GB.UTF-8")
    assert "question is empty" in fresh.refused("ask", "", DEBATEBOT_LANGUAGE="en")


def test_a_line_that_says_nothing_is_named_by_doctor_alone(fresh: Terminal) -> None:
    (fresh.folder / ".env").write_text("DEBATEBOT_TIMEOUT=5\nnonsense here\n")
    done = fresh("list")
    assert (done.returncode, done.stderr) == (0, b"")
    done = fresh("doctor", "--json")
    [broken] = [check for check in json.loads(done.stdout)["checks"] if not check["ok"]]
    assert ".env" in broken["message"]
    assert "2" in broken["message"]
    assert done.stderr == b""


# --- where output goes ------------------------------------------------------------------------------------------------


def shell(terminal: Terminal, script: str) -> subprocess.CompletedProcess[bytes]:
    program = f"{sys.executable} -c 'from debatebot.__main__ import main; main()'"
    return subprocess.run(
        ("bash", "-o", "pipefail", "-c", script.replace("debatebot", program, 1)),
        env=terminal.environment,
        cwd=terminal.folder,
        capture_output=True,
        timeout=100,
    )


@pytest.mark.parametrize(
    "script",
    [
        "debatebot list > /dev/full",
        "debatebot --help > /dev/full",
        "debatebot ask Why? --json > /dev/full",
        "debatebot list >&-",
        "debatebot add - <&-",
    ],
)
def test_what_cannot_be_written_or_read_is_one_line(terminal: Terminal, script: str) -> None:
    done = shell(terminal, script)
    assert done.returncode == 2
    assert len(done.stderr.decode().strip().splitlines()) == 1
    assert done.stderr.startswith(b"debatebot: ")


@pytest.mark.parametrize("script", ["debatebot show deepseek | true", "debatebot --help | true"])
def test_a_reader_who_has_gone_is_no_failure(terminal: Terminal, script: str) -> None:
    [article] = terminal.json("list")["articles"]
    done = shell(terminal, script.replace("deepseek", article["id"]))
    assert (done.returncode, done.stderr) == (0, b"")


def test_no_control_code_reaches_the_terminal(terminal: Terminal) -> None:
    asked = "Is it \x1b[31mgood\x07 \x1b]0;title\x07news \u202erof?"
    terminal("ask", asked)
    kept = terminal("history").stdout.decode()
    assert "good" in kept
    for arguments in (("ask", "Why?", "--perspective", asked), ("ask", "Why?", "--engine", asked), ("show", asked)):
        kept += terminal.refused(*arguments)
    assert not set(kept) & set("\x1b\x07\u202e")


def test_an_interruption_while_the_program_is_read_ends_it_quietly(terminal: Terminal) -> None:
    script = (
        "import builtins, debatebot.__main__ as start\n"
        "load = builtins.__import__\n"
        "def interrupted(name, *rest):\n"
        "    if name == 'typer': raise KeyboardInterrupt\n"
        "    return load(name, *rest)\n"
        "builtins.__import__ = interrupted\n"
        "start.main()"
    )
    done = subprocess.run((sys.executable, "-c", script), capture_output=True, timeout=100, env=terminal.environment)
    assert (done.returncode, done.stderr) == (130, b"")


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [
        (("ask", ""), "Ask something"),
        (("ask", "  ?! "), "Ask something"),
        (("ask", "Why?", "--perspective", "optimist"), "optimistic"),
        (("ask", "Why?", "--perspective", ""), "optimistic"),
        (("ask", "Why?", "--article", "no-such-article"), "debatebot list"),
        (("ask", "Why?", "--engine", "nosuchprovider:model"), "builtin"),
        (("ask", "Why?", "--engine", "nonsense"), "builtin"),
        (("ask", "Why?", "--engine", "openai:gpt-5-mini"), "OPENAI_API_KEY"),
        (("ask",), "--help"),
        (("ask", "Why?", "--colour"), "--help"),
        (("show", "nothing"), "debatebot list"),
        (("remove", "nothing"), "debatebot list"),
        (("history", "nothing"), "debatebot history"),
        (("nonsense",), "--help"),
        (("add", "missing.txt"), ""),
        (("add", "http://127.0.0.1/article"), ""),
        (("add", "http://[::1]/"), ""),
        (("add", "http://localhost:8501/"), ""),
        (("add", "http://no-such-host.invalid/"), ""),
        (("--port", "99999"), "--help"),
        (("add", "file:///etc/hosts"), "https://"),
        (("ask", "Why?", "--article", "ftp://example.org/a.txt"), "https://"),
        (("brief", "nothing", "--language", "de"), "--help"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_bad_input_is_one_line_with_the_cure(terminal: Terminal, arguments: tuple[str, ...], cure: str) -> None:
    assert cure in terminal.refused(*arguments)


@pytest.mark.parametrize(
    "content", [b"", b"   \n\n", b"\x00\x01\x02\x03" * 200, b"\xff\xfe\x00\xd8" * 50, b"%PDF-1.4 broken"]
)
def test_unreadable_input_is_refused(terminal: Terminal, content: bytes) -> None:
    assert terminal.refused("add", "-", given=content)


def test_a_folder_without_an_article_is_refused(fresh: Terminal) -> None:
    (fresh.folder / "empty").mkdir()
    assert "empty" in fresh.refused("add", "empty")


def test_a_port_in_use_is_refused_with_the_cure(fresh: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert "--port" in fresh.refused("ui", "--headless", "--port", str(taken.getsockname()[1]))


def test_an_enormous_text_is_refused(fresh: Terminal) -> None:
    path = fresh.folder / "large.txt"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    assert "20 MB" in fresh.refused("add", str(path))


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DEBATEBOT_LANGUAGE", "xx"),
        ("DEBATEBOT_PROMPTS", "missing-folder"),
        ("OPENAI_BASE_URL", "not a url"),
        ("DEBATEBOT_CHROMA_URL", "ftp://host"),
        ("DEBATEBOT_DATABASE_URL", "nonsense"),
        ("DEBATEBOT_TIMEOUT", "soon"),
        ("DEBATEBOT_WARM_PREFIX", "maybe"),
        ("DEBATEBOT_HOME", "/dev/null/home"),
    ],
)
def test_a_wrong_setting_is_one_line_with_the_cure(fresh: Terminal, variable: str, value: str) -> None:
    environment: dict[str, Any] = {variable: value}
    fresh.refused("ask", "Why?", **environment)


def test_the_library_without_an_article_says_what_to_do(fresh: Terminal) -> None:
    assert "debatebot add" in fresh.refused("ask", "Why?")


def test_nothing_is_written_to_the_working_folder(fresh: Terminal) -> None:
    fresh("add", "-", given=b"The bridge opened in 1932. It is 300 metres long.")
    assert [path.name for path in fresh.folder.iterdir()] == ["home"]


def test_french_is_the_language_where_nothing_says_otherwise(fresh: Terminal) -> None:
    told = fresh.refused("ask", "", DEBATEBOT_LANGUAGE="", LANG="C", LC_ALL="C")
    assert "La question est vide" in told
