"""Briefings: an article in the shape of a post: reference, facts, neutral reading, everyday analogy, the two views.

`types` holds values and events, `stream` makes a briefing with an engine, `reading` parses what a model writes, `post` renders
a briefing as Markdown, `document` as JSON, `kept` keeps it for a person.
"""
