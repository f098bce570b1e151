"""Debates in rounds: a blind opening, rebuttals that name the claim they answer, a moderator who closes.

`types` holds the values and events, `session` drives a debate round by round, `opposing` finds sentences that answer a claim,
`record` turns debates into JSON and back. Nothing here knows which engine speaks.
"""
