"""The board: which measures run, what their rows hold, what is said of files that are missing or broken."""

from __future__ import annotations

import gzip
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from numpy.typing import NDArray

import debatebot
from debatebot.errors import InputError, StorageError
from debatebot.evaluation import metrics
from debatebot.evaluation.bench import QUICK, Bench, Figure, Measure
from debatebot.evaluation.board import DRAWS, MODULES, Row, bootstrap, choose, measures, missing, rows_of, to_json
from debatebot.evaluation.cached import EvaluationEmbeddings
from debatebot.evaluation.leakage import near_duplicates
from debatebot.evaluation.report import Circumstances, render_table, write_report
from debatebot.library import Library
from tests.fakes import FakeEmbeddings

SCHEMA = json.loads((Path(debatebot.__file__).parent / "schemas" / "eval.json").read_text("utf-8"))


def write_set(folder: Path, name: str, rows: Iterable[dict[str, Any]]) -> None:
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n"
    (folder / f"{name}.jsonl").write_text(text, "utf-8")


def pairs(count: int = 40) -> list[dict[str, Any]]:
    """Rows like those of `begin`, of which every fourth is not right."""
    return [
        {"knowledge": f"The park has {n} trees.", "response": f"{n} trees.", "right": n % 4 > 0} for n in range(count)
    ]


def shares(bench: Bench) -> Iterator[Figure]:
    rows = bench.draw(bench.records("begin"))
    right = np.array([row["right"] for row in rows], bool)

    def share(indices: NDArray[np.intp]) -> float:
        return metrics.accuracy(right[indices], np.ones(len(indices), bool))

    yield Figure("right", len(rows), share, target=70.0, baseline=50.0, anchor="others 74.9")
    yield Figure("wrong", len(rows), lambda indices: 100 - share(indices), target=20.0, lower_is_better=True)
    yield Figure("of nothing", 0, share)


PAIRS = Measure("grounding.begin", "grounding", ("begin",), shares)
CLAIMS = Measure("grounding.rte3_fr", "grounding", ("rte3_fr",), shares)
SENTENCES = Measure("retrieval.piaf_fr", "retrieval", ("piaf_fr_passages", "piaf_fr_questions"), shares)
KNOWN = (SENTENCES, PAIRS, CLAIMS)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    write_set(tmp_path, "begin", pairs())
    return Bench(tmp_path, FakeEmbeddings())


def never(name: str, error: InputError) -> None:
    raise AssertionError(name) from error


def rows(bench: Bench, chosen: Sequence[Measure] = (PAIRS,)) -> list[Row]:
    return list(rows_of(bench, chosen, refused=never))


def refusals(bench: Bench, chosen: Sequence[Measure]) -> tuple[list[Row], dict[str, str]]:
    told: dict[str, str] = {}
    found = list(rows_of(bench, chosen, refused=lambda name, error: told.update({name: str(error)})))
    return found, told


# --- which measures -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ((), KNOWN),
        (("retrieval",), (SENTENCES,)),
        (("gro",), (PAIRS, CLAIMS)),
        (("grounding.rte3_fr", "retr"), (SENTENCES, CLAIMS)),
        (("Grounding.BEGIN",), (PAIRS,)),
    ],
)
def test_a_measure_is_chosen_by_its_name_its_group_or_the_beginning_of_either(
    names: tuple[str, ...], expected: tuple[Measure, ...]
) -> None:
    assert choose(names, KNOWN) == expected


@pytest.mark.parametrize("name", ["stance", "", " ", "begin"])
def test_an_unknown_name_is_refused_with_the_names_that_are_known(name: str) -> None:
    with pytest.raises(InputError) as refused:
        choose(["retrieval", name], KNOWN)
    assert "retrieval (retrieval.piaf_fr); grounding (grounding.begin, grounding.rte3_fr)" in str(refused.value)


def test_the_board_holds_each_measure_once_under_its_group() -> None:
    known = measures()
    assert len({measure.name for measure in known}) == len(known)
    assert all(choose([measure.group], known) for measure in known)


def test_every_module_with_measures_is_on_the_board() -> None:
    folder = Path(debatebot.__file__).parent / "evaluation"
    exporting = {path.stem for path in folder.glob("*.py") if "\nMEASURES" in path.read_text("utf-8")}
    assert exporting == set(MODULES)


def test_a_measure_lacks_the_sets_that_are_not_there(bench: Bench) -> None:
    assert missing(PAIRS, bench) == ()
    assert missing(SENTENCES, bench) == ("piaf_fr_passages", "piaf_fr_questions")
    assert missing(PAIRS, replace(bench, folder=None)) == ("begin",)


# --- rows -----------------------------------------------------------------------------------------------------------


def test_a_row_holds_value_interval_and_what_it_is_compared_with(bench: Bench) -> None:
    right, wrong = rows(bench)
    assert (right.name, right.group, right.value, right.n) == ("right", "grounding", 75.0, 40)
    assert (right.target, right.baseline, right.anchor) == (70.0, 50.0, "others 74.9")
    assert right.interval is not None
    assert 50 < right.interval[0] < 75 < right.interval[1] < 100
    assert (right.reached, wrong.reached) == (True, False)


def test_rows_are_valid_by_the_schema(bench: Bench) -> None:
    document = {"schema": "debatebot/1", "rows": to_json(rows(bench))}
    jsonschema.validate(document, SCHEMA)
    assert len(document["rows"]) == 2


def test_the_same_figures_come_out_twice(bench: Bench) -> None:
    once, again = rows(bench), rows(bench)
    assert [replace(row, seconds=0) for row in once] == [replace(row, seconds=0) for row in again]


def test_a_target_is_compared_with_the_value_as_it_is_shown(bench: Bench) -> None:
    right, wrong = rows(bench)
    assert replace(right, value=69.96).reached
    assert not replace(right, value=69.94).reached
    assert replace(wrong, value=20.04).reached
    assert not replace(wrong, value=20.06).reached
    assert not replace(right, target=None).reached


@pytest.mark.parametrize("units", [2, 3, 50])
def test_the_interval_holds_the_value_of_a_biased_statistic(units: int) -> None:
    # The number of distinct units is at its greatest on the whole, and smaller in every draw.
    figure = Figure("distinct", units, lambda indices: float(len(set(indices.tolist()))))
    interval = bootstrap(figure, units)
    assert interval is not None
    assert interval[0] < interval[1] == units


def test_a_single_unit_has_no_interval_and_undefined_draws_are_left_out() -> None:
    assert bootstrap(Figure("one", 1, lambda indices: 100.0), 100.0) is None
    truth = np.array([True, False])
    figure = Figure("auc", 2, lambda indices: metrics.auc(truth[indices], np.array([1.0, 0.0])[indices]))
    assert bootstrap(figure, 100.0) == (100.0, 100.0)


def test_a_quick_statistic_is_drawn_a_thousand_times() -> None:
    seen: list[int] = []

    def counted(indices: NDArray[np.intp]) -> float:
        seen.append(len(indices))
        return 1.0

    bootstrap(Figure("counted", 5, counted), 1.0)
    assert len(seen) == DRAWS[0] == 1000


def test_a_limit_draws_always_the_same_units(bench: Bench) -> None:
    limited = replace(bench, limit=10)
    assert [row.n for row in rows(limited)] == [10, 10]
    assert limited.draw(range(100)) == limited.draw(range(100)) == sorted(limited.draw(range(100)))


def test_a_quick_look_takes_its_units_from_few_groups_and_a_measurement_from_all(bench: Bench) -> None:
    items = [f"{article}{number}" for article in "abcdefghij" for number in range(40)]
    quick, full = replace(bench, limit=40), replace(bench, limit=QUICK)
    few, many = quick.draw_by(items, lambda item: item[0]), full.draw_by(items, lambda item: item[0])
    assert (len(few), len({item[0] for item in few})) == (40, 4)
    assert (len(many), len({item[0] for item in many})) == (QUICK, 10)
    assert few == quick.draw_by(items, lambda item: item[0])
    assert replace(bench, limit=None).draw_by(items, lambda item: item[0]) == items


# --- files ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"right": true}\n{"right": \n', "line 2"),
        (b"[1, 2]\n", "line 1: not an object"),
        (b'{"right": "\xff"}\n', "utf-8"),
        (b'{"other": true}\n', "no field “right”"),
    ],
)
def test_a_broken_file_is_named_and_the_other_measures_are_taken(bench: Bench, content: bytes, told: str) -> None:
    assert bench.folder
    (bench.folder / "rte3_fr.jsonl").write_bytes(content)
    broken = Measure("grounding.rte3_fr", "grounding", ("rte3_fr",), other_set)
    found, refused = refusals(bench, [broken, PAIRS])
    assert [row.name for row in found] == ["right", "wrong"]
    assert list(refused) == ["grounding.rte3_fr"]
    assert "rte3_fr" in refused["grounding.rte3_fr"]
    assert told in refused["grounding.rte3_fr"]


def other_set(bench: Bench) -> Iterator[Figure]:
    right = [bool(row["right"]) for row in bench.records("rte3_fr")]
    yield Figure("right", len(right), lambda indices: 100.0 * right[indices[0]])


def test_a_compressed_set_is_read_and_a_cut_one_refused(bench: Bench) -> None:
    assert bench.folder
    whole = gzip.compress(b'{"right": true}\n' * 100)
    path = bench.folder / "rte3_fr.jsonl.gz"
    path.write_bytes(whole)
    assert len(bench.records("rte3_fr")) == 100
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"rte3_fr\.jsonl\.gz"):
        bench.records("rte3_fr")


def test_a_set_that_vanished_is_told(bench: Bench) -> None:
    _, refused = refusals(bench, [CLAIMS, Measure("x", "x", (), other_set)])
    assert "rte3_fr" in refused["x"]


# --- embeddings -----------------------------------------------------------------------------------------------------


def test_nothing_is_embedded_twice_not_even_a_question(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'evaluation.sqlite'}"
    asked: list[str] = []

    class Counting(FakeEmbeddings):
        def passages(self, texts: Sequence[str]) -> Any:
            asked.extend(texts)
            return np.ones((len(texts), 4), np.float32)

        def query(self, text: str) -> Any:
            asked.append(f"query {text}")
            return np.full(4, 0.5, np.float32)

    for _run in range(2):
        library = Library(url)
        embeddings = EvaluationEmbeddings(Counting(), library.vectors)
        assert embeddings.query("a park").tolist() == [0.5] * 4
        assert embeddings.passages(["a park"]).tolist() == [[1.0] * 4]
        library.close()
    assert asked == ["query a park", "a park"]


# --- leakage --------------------------------------------------------------------------------------------------------


def test_near_duplicates_are_rows_of_the_same_words_or_of_nearly_the_same() -> None:
    training = ["La Ville a ouvert un parc solaire, en 2024 !", "One two three four five six seven eight nine ten"]
    evaluation = [
        "la ville a ouvert un parc solaire en 2024",
        "LA VILLE A OUVERT UN PARC SOLAIRE EN 2023",
        "ten nine eight seven six five four three two one",
        "one two three four five six seven eight nine",
        "one two three four five six seven",
        "Rien de commun",
        "",
    ]
    assert near_duplicates(training, evaluation).tolist() == [True, True, True, True, False, False, False]
    assert near_duplicates([], evaluation).tolist() == [False] * 7


def leakage(bench: Bench) -> list[Row]:
    return rows(bench, [measure for measure in choose(["leakage"], measures()) if not missing(measure, bench)])


def test_leakage_compares_the_training_part_with_the_rest(bench: Bench) -> None:
    assert bench.folder
    texts = [("train", "Le parc ouvre demain."), ("test", "le parc ouvre demain"), ("dev", "La mairie ferme.")]
    write_set(bench.folder, "umsab_fr", [{"split": split, "text": text} for split, text in texts])
    assert [(row.name, row.value, row.n) for row in leakage(bench)] == [("leakage/umsab_fr", 50.0, 2)]


def test_leakage_compares_with_another_folder_where_one_is_named(bench: Bench, tmp_path: Path) -> None:
    training = tmp_path / "training"
    training.mkdir()
    write_set(training, "begin", pairs(10))
    (row,) = leakage(replace(bench, training=training))
    assert (row.name, row.value, row.n, row.lower_is_better) == ("leakage/begin", 25.0, 40, True)


# --- what is written ------------------------------------------------------------------------------------------------

CIRCUMSTANCES = Circumstances(date(2026, 1, 31), "multilingual", limit=1000)


@pytest.mark.parametrize(("language", "number"), [("en", "75.0"), ("fr", "75,0")])
def test_the_table_fits_a_terminal_and_marks_what_is_reached(bench: Bench, language: str, number: str) -> None:
    lines = render_table(rows(bench), language).splitlines()
    assert max(map(len, lines)) <= 100
    (right,) = [line for line in lines if " right " in line]
    (wrong,) = [line for line in lines if " wrong " in line]
    assert right.startswith("✓")
    assert number in right
    assert "≤ 20" in wrong
    assert "✓" not in wrong
    assert any("others 74.9" in line for line in lines)


def test_a_report_keeps_what_people_wrote_and_renews_what_was_measured(bench: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "report"
    grounding = rows(bench)
    retrieval = [replace(row, group="retrieval", name=f"piaf_{row.name}") for row in grounding]
    write_report(folder, grounding + retrieval, CIRCUMSTANCES, "en")
    path = folder / "EVALUATION.md"
    path.write_text(
        path.read_text("utf-8").replace("## Finding", "What was found.\n\n## Finding") + "The end.\n", "utf-8"
    )
    better = [replace(row, value=99.9) for row in grounding]
    write_report(folder, better, replace(CIRCUMSTANCES, limit=None), "en")
    text = path.read_text("utf-8")
    assert text.count("<!-- eval grounding -->") == text.count("<!-- end of eval grounding -->") == 1
    assert "What was found." in text
    assert text.endswith("The end.\n")
    assert "| ✓ | `right` | 99.9 |" in text
    assert "| ✓ | `piaf_right` | 75.0 |" in text
    assert str(tmp_path) not in text


def test_plots_are_written_for_each_group_the_same_bytes_each_time(bench: Bench, tmp_path: Path) -> None:
    points = ((0.1, 0.2, 5), (0.9, 0.8, 10))
    calibration = replace(rows(bench)[1], name="begin calibration", group="calibration", points=points)
    for name in ("one", "two"):
        write_report(tmp_path / name, [*rows(bench), calibration], CIRCUMSTANCES, "fr")
    plots = sorted((tmp_path / "one" / "docs" / "evaluation").iterdir())
    assert [path.name for path in plots] == ["calibration.svg", "grounding.svg", "reliability-begin-calibration.svg"]
    for path in plots:
        assert ElementTree.fromstring(path.read_text("utf-8")).tag.endswith("svg")
        assert path.read_bytes() == (tmp_path / "two" / "docs" / "evaluation" / path.name).read_bytes()
        assert f"(docs/evaluation/{path.name})" in (tmp_path / "one" / "EVALUATION.md").read_text("utf-8")


def test_a_report_that_cannot_be_written_says_where(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(StorageError, match="file"):
        write_report(tmp_path / "file", rows(bench), CIRCUMSTANCES, "en")
