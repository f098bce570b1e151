"""Claim and text → the tokens that the transformer reads."""

from __future__ import annotations

import re
from collections.abc import Sequence
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


class Tokenization:
    """Unigram pieces of XLM-RoBERTa (Kudo 2018, https://aclanthology.org/P18-1007), with the vocabulary of the weights."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._tokenizer = _tokenizer(vocabulary)
        self._normalization = vocabulary.normalization
        self._begin, self._end = vocabulary.begin, vocabulary.end

    def pieces(self, text: str) -> list[int]:
        """The numbers of the pieces of a text, without the marks of beginning and end."""
        clean = text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8").translate(self._normalization)
        numbers: list[int] = self._tokenizer.encode(_SPACES.sub(" ", clean), add_special_tokens=False).ids
        return numbers

    def single(self, text: str) -> Tokens:
        """`<s> text </s>`, cut to `TOKENS_AT_MOST`."""
        return np.array([self._begin, *self.pieces(text)[: TOKENS_AT_MOST - 2], self._end], dtype=np.intp)

    def pairs(self, pairs: Sequence[tuple[str, str]]) -> list[Tokens]:
        """`<s> claim </s> </s> text </s>` for each pair, cut to `TOKENS_AT_MOST`; texts that recur are cut up once."""
        pieces = {text: self.pieces(text) for text in dict.fromkeys(text for pair in pairs for text in pair)}
        return [self._joined(pieces[claim], pieces[text]) for claim, text in pairs]

    def _joined(self, claim: list[int], text: list[int]) -> Tokens:
        claim = claim[:CLAIM_TOKENS_AT_MOST]
        text = text[: TOKENS_AT_MOST - 4 - len(claim)]
        return np.array([self._begin, *claim, self._end, self._end, *text, self._end], dtype=np.intp)


def _tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    from tokenizers import Tokenizer, models, pre_tokenizers

    # A text that spells a mark such as "</s>" must not get the mark's number. NUL never reaches the tokenizer.
    marks = {"<s>", "<pad>", "</s>", "<unk>", "<mask>"}
    pieces = [f"\0{piece}" if piece in marks else piece for piece in vocabulary.pieces]
    tokenizer = Tokenizer(models.Unigram(list(zip(pieces, vocabulary.scores, strict=True)), vocabulary.unknown))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=_SPACE_MARK, prepend_scheme="always")
    return tokenizer
