"""Claim and text → the tokens that the transformer reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from debatebot.reading.weights import Vocabulary

Tokens = NDArray[np.intp]

TOKENS_AT_MOST = 256
"""Of a pair; attention grows with the square, and the adapter was trained on no longer ones."""

CLAIM_TOKENS_AT_MOST = 128
"""A claim is kept whole up to here; the text has what is left."""

_SPACE_MARK = "\u2581"
_SPACES = re.compile(" {2,}")
_MARKS = frozenset(("<s>", "<pad>", "</s>", "<unk>", "<mask>"))
_BASE = 0x9E3779B97F4A7C15  # any large odd number
_INVERSE = pow(_BASE, -1, 2**64)


class Tokenization:
    """Unigram pieces of XLM-RoBERTa (Kudo 2018, https://aclanthology.org/P18-1007), with the vocabulary of the weights.

    The library that cuts words into pieces is handed those that stand in the texts at hand, some hundreds: to hand it all 250,000
    takes a second, as long as everything else at a cold start.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._known = _Lookup(vocabulary)

    def pieces(self, texts: Iterable[str]) -> dict[str, list[int]]:
        """The numbers of the pieces of each text, without the marks of beginning and end."""
        clean = {text: self._cleaned(text) for text in texts}
        words = {_SPACE_MARK + word for text in clean.values() for word in text.split(" ")}
        numbers = self._known.standing_in(words)
        tokenizer = _tokenizer(self._vocabulary, numbers)
        return {
            text: [int(numbers[place]) for place in tokenizer.encode(cleaned, add_special_tokens=False).ids]
            for text, cleaned in clean.items()
        }

    def single(self, text: str) -> Tokens:
        """`<s> text </s>`, cut to `TOKENS_AT_MOST`."""
        begin, end = self._vocabulary.begin, self._vocabulary.end
        return np.array([begin, *self.pieces([text])[text][: TOKENS_AT_MOST - 2], end], dtype=np.intp)

    def pairs(self, pairs: Sequence[tuple[str, str]]) -> list[Tokens]:
        """`<s> claim </s> </s> text </s>` for each pair, cut to `TOKENS_AT_MOST`; texts that recur are cut up once."""
        pieces = self.pieces(dict.fromkeys(text for pair in pairs for text in pair))
        return [self._joined(pieces[claim], pieces[text]) for claim, text in pairs]

    def _joined(self, claim: list[int], text: list[int]) -> Tokens:
        begin, end = self._vocabulary.begin, self._vocabulary.end
        claim = claim[:CLAIM_TOKENS_AT_MOST]
        text = text[: TOKENS_AT_MOST - 4 - len(claim)]
        return np.array([begin, *claim, end, end, *text, end], dtype=np.intp)

    def _cleaned(self, text: str) -> str:
        encodable = text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
        return _SPACES.sub(" ", encodable.translate(self._vocabulary.normalization))


def _tokenizer(vocabulary: Vocabulary, numbers: NDArray[np.intp]) -> Tokenizer:
    """A tokenizer that knows the pieces of these numbers, in their order."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    names = [vocabulary.piece(number) for number in numbers.tolist()]
    # A text that spells a mark such as "</s>" must not get the mark's number. NUL never reaches the tokenizer.
    names = [f"\0{name}" if name in _MARKS else name for name in names]
    scores = vocabulary.scores[numbers].tolist()
    unknown = int(np.searchsorted(numbers, vocabulary.unknown))
    tokenizer = Tokenizer(models.Unigram(list(zip(names, scores, strict=True)), unknown))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=_SPACE_MARK, prepend_scheme="always")
    return tokenizer


class _Lookup:
    """Finds the pieces that stand in a text by a number for each sequence of bytes: sums of bytes times powers, modulo 2^64
    (Karp and Rabin 1987, https://doi.org/10.1147/rd.312.0249)."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        starts, ends = vocabulary.offsets[:-1].astype(np.intp), vocabulary.offsets[1:].astype(np.intp)
        keys = _keys(vocabulary.letters, starts, ends)
        self._order = np.argsort(keys)
        self._keys = keys[self._order]
        self._longest = int((ends - starts).max())
        # What no text holds and the library needs: the sign for the unknown, and the score that its own lies below.
        self._always = [vocabulary.unknown, int(vocabulary.scores.argmin())]

    def standing_in(self, words: Iterable[str]) -> NDArray[np.intp]:
        """The numbers of all pieces that stand in one of the words, ascending, and of those that are always needed."""
        encoded = [word.encode("utf-8") for word in words]
        text = b"".join(encoded)
        word_ends = np.repeat(
            np.cumsum([len(word) for word in encoded], dtype=np.intp), [len(word) for word in encoded]
        )
        starts = np.arange(len(text), dtype=np.intp)
        found = [np.array(self._always, dtype=np.intp)]
        for length in range(1, min(self._longest, max(map(len, encoded), default=0)) + 1):
            starts = starts[starts + length <= word_ends[starts]]
            keys = _keys(text, starts, starts + length)
            places = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
            found.append(self._order[places[self._keys[places] == keys]])
        return np.unique(np.concatenate(found))


def _keys(text: bytes, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> NDArray[np.uint64]:
    """A number for each part of `text`, the same for the same bytes wherever they stand."""
    powers, inverses = (np.cumprod(np.full(len(text) + 1, base, np.uint64)) for base in (_BASE, _INVERSE))
    letters = np.frombuffer(text, np.uint8).astype(np.uint64) + np.uint64(1)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(letters * powers[:-1])])
    return np.asarray((sums[ends] - sums[starts]) * inverses[starts], dtype=np.uint64)
