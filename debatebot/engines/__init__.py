"""Engines: they answer one question from one perspective, in claims that cite the evidence.

`builtin` quotes the articles and needs nothing; `llm` asks a language model. Both fulfil `debatebot.types.Engine`, and one
set of tests holds for both. `servers` finds model servers on this machine.
"""
