"""What a test does on the page, and what it reads there."""

from __future__ import annotations

import re

from streamlit.testing.v1 import AppTest

from tests.fakes import FakeModelServer


def html(page: AppTest) -> str:
    """All markup on the page."""
    return "\n".join(element.proto.body for element in page.get("html"))


def words(page: AppTest) -> str:
    """The words on the page."""
    return re.sub(r"<[^>]+>", " ", html(page))


def keys(page: AppTest) -> list[str]:
    """Keys of all buttons."""
    return [button.key for button in page.button if button.key]


def columns(page: AppTest) -> list[str]:
    """The markup of the perspectives' columns, as they said it."""
    return [body for body in bodies(page) if body.startswith('<section class="column')]


def sides(page: AppTest) -> list[str]:
    """The perspectives that stand side by side, by issue or as they said it: the markup of their heads or columns."""
    heads = [head for body in bodies(page) for head in re.findall(r'<div class="head .*?</div>', body)]
    return [*columns(page), *heads]


def bodies(page: AppTest) -> list[str]:
    """All pieces of markup on the page."""
    return [element.proto.body for element in page.get("html")]


def view(page: AppTest, name: str) -> AppTest:
    """Choose a view."""
    page.segmented_control(key="view").set_value(name).run()
    return page


def ask(page: AppTest, question: str = "Is it good news?") -> AppTest:
    """Type a question."""
    return page.chat_input(key="question").set_value(question).run()


def conversation_of(page: AppTest) -> str:
    """Id of the open conversation, from the address."""
    value = page.query_params["conversation"]
    return value if isinstance(value, str) else str(value[0])


def add_text(page: AppTest, text: str) -> AppTest:
    """Add pasted text through the dialog."""
    page.button(key="add").click().run()
    page.text_area(key="add-content").input(text)
    submit = next(button for button in page.button if button.label == "Add")
    return submit.click().run()


def connect(page: AppTest, server: FakeModelServer, key: str = "") -> AppTest:
    """Connect a model as a person does, through the dialog."""
    page.button(key="connect").click().run()
    page.text_input(key="connect-address").input(server.base_url)
    page.text_input(key="connect-model").input("fake-model")
    page.text_input(key="connect-key").input(key)
    [submit] = [button for button in page.button if button.label == "Connect"]
    return submit.click().run()


def visit_again(page: AppTest, **address: str) -> AppTest:
    """The same person after a reload, at this address."""
    again = AppTest.from_file(page._script_path, default_timeout=30)
    again.session_state["person"] = page.session_state["person"]
    again.session_state["language"] = "en"
    for name, value in address.items():
        again.query_params[name] = value
    return again.run()
