"""The page for whoever runs a server: what it names is there, and what is there it names."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.urls import reverse

from tests.architecture.source import PACKAGES, modules, tree

PAGE = (settings.BASE_DIR / "docs/self-hosting.md").read_text()
OF_THE_PROGRAM_ITSELF = {"DJANGO_SETTINGS_MODULE"}
SETTING = re.compile(r"[A-Z][A-Z_]+")
CALL = re.compile(r"manage\.py ([a-z_]+)((?: +[^`\n|)]+)?)")


def names_the_code_reads() -> set[str]:
    """The first text among the arguments of whatever reads an environment."""
    found = {
        argument.value
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and reads_environment(node)
        for argument in first_text(node)
    }
    return {name for name in found if SETTING.fullmatch(name)} - OF_THE_PROGRAM_ITSELF


def reads_environment(call: ast.Call) -> bool:
    """`os.environ.get(…)`, `env.str(…)`, and a function of ours that is handed `env`."""
    asked = ast.unparse(call.func)
    handed = [ast.unparse(argument) for argument in call.args]
    return asked.startswith(("os.environ.", "os.getenv", "env.")) or handed[:1] == ["env"]


def first_text(call: ast.Call) -> Iterator[ast.Constant]:
    texts = [part for part in call.args if isinstance(part, ast.Constant)]
    yield from (part for part in texts[:1] if isinstance(part.value, str))


def names_in_table(text: str) -> list[str]:
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return [name for row in rows for name in re.findall(r"`([A-Z][A-Z_]+)(?:=\S+)?`", row)]


def own_commands() -> set[str]:
    return {name for name, app in get_commands().items() if app.split(".")[0] in PACKAGES}


def pages() -> list[Path]:
    return [settings.BASE_DIR / "README.md", *sorted((settings.BASE_DIR / "docs").rglob("*.md"))]


def test_the_table_lists_every_setting_the_code_reads_and_no_other():
    listed = names_in_table(PAGE.partition("## All settings")[2].partition("\n## ")[0])
    assert sorted(listed) == sorted(names_the_code_reads())


def test_the_defaults_in_the_table_are_those_of_the_code():
    shown = {
        row.split("|")[1].strip(" `"): row.split("|")[3].strip()
        for row in PAGE.partition("## All settings")[2].splitlines()
        if row.startswith("| `")
    }
    written = {
        name.value: keyword.value.value
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and reads_environment(node)
        for name in first_text(node)
        for keyword in node.keywords
        if keyword.arg == "default" and isinstance(keyword.value, ast.Constant)
    }
    told = {True: "`1`", False: "`0`"}
    decided = {
        name: told.get(value, f"`{value}`") for name, value in written.items() if value != ""
    }
    assert len(decided) >= 7
    assert {name: shown[name] for name in decided} == decided


def test_every_setting_named_on_the_page_is_one():
    named = set(re.findall(r"\bWAYMARK_[A-Z_]+|[A-Z]+_URL\b", PAGE))
    assert named <= names_the_code_reads()


def test_the_readme_leads_here_and_names_settings_as_they_are():
    readme = (settings.BASE_DIR / "README.md").read_text()
    assert "(docs/self-hosting.md)" in readme
    assert set(names_in_table(readme)) <= names_the_code_reads()


def test_every_command_is_named():
    table = PAGE.partition("## Commands")[2].partition("\n## ")[0]
    named = [
        name
        for line in table.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([a-z_]+)`", line.split("|")[1])
    ]
    assert sorted(named) == sorted(own_commands())


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_commands_and_their_options_are_as_the_pages_show_them(page):
    commands = get_commands()
    for name, rest in CALL.findall(page.read_text()):
        assert name in commands, name
        if "APP" in rest or not rest:
            continue
        parser = load_command_class(commands[name], name).create_parser("manage.py", name)
        known = {option for action in parser._actions for option in action.option_strings}
        assert set(re.findall(r"--[a-z-]+", rest)) <= known, name


def test_the_addresses_for_providers_are_the_ones_there_are():
    assert reverse("openid_connect_callback", kwargs={"provider_id": "oidc"}) in PAGE


def test_a_line_of_the_log_looks_as_shown(caplog):
    shown = next(line for line in PAGE.splitlines() if line.startswith('{"host"'))
    assert {"timestamp", "level", "logger", "event"} < set(json.loads(shown))
