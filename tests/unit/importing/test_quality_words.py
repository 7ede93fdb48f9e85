"""Word lists: the program's own are sound, a centre's are read strictly and change what they say they change."""

from __future__ import annotations

from pathlib import Path

import pytest

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.quality_words import ACCOUNT, ADVICE, ALIKE, SHAPES, THEORY
from portfolio_app.importing.quality_words import load_quality_words

SOUND = """
id = "theory-not-named"
[[asks]]
any_of = ["theor*"]
[numbers]
words = 20
[lists]
named = ["Ubuntu leadership"]
"""


def write(folder: Path, text: str, name: str = "theory.toml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_program_has_words_for_every_check() -> None:
    words = load_quality_words()
    assert words.checks.keys() == {*SHAPES, ADVICE}
    for check_id, shape in SHAPES.items():
        check = words.checks[check_id]
        assert check.lists.keys() == set(shape.lists)
        assert check.numbers.keys() == shape.numbers.keys()
        assert bool(check.asks) is shape.asks


def test_a_file_takes_the_place_of_the_program_s(tmp_path: Path) -> None:
    check = load_quality_words(write(tmp_path / "quality", SOUND)).checks[THEORY]
    assert (check.asks, check.lists["named"], check.numbers["words"]) == ((("theor*",),), ("Ubuntu leadership",), 20)


def test_a_file_may_add_to_the_program_s(tmp_path: Path) -> None:
    before = load_quality_words().checks[THEORY]
    text = 'id = "theory-not-named"\nadd = true\n[lists]\nnamed = ["Ubuntu leadership", "Tuckman"]\n'
    check = load_quality_words(tmp_path / "none", write(tmp_path / "quality", text)).checks[THEORY]
    assert check.lists["named"] == (*before.lists["named"], "Ubuntu leadership")
    assert (check.asks, check.numbers) == (before.asks, before.numbers)


def test_a_number_alone_may_be_changed(tmp_path: Path) -> None:
    text = 'id = "alike-passages"\nadd = true\n[numbers]\nwords = 60\n'
    check = load_quality_words(write(tmp_path / "quality", text)).checks[ALIKE]
    assert check.numbers == {"words": 60, "percent": load_quality_words().checks[ALIKE].numbers["percent"]}


def test_later_folders_win(tmp_path: Path) -> None:
    first = write(tmp_path / "first", SOUND)
    second = write(tmp_path / "second", SOUND.replace("Ubuntu leadership", "Ren"))
    assert load_quality_words(first, second).checks[THEORY].lists["named"] == ("Ren",)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "“id” is missing"),
        ('id = "theory"', "there is no check “theory” (checks: plan-without-figures"),
        (SOUND.replace("[numbers]\nwords = 20\n", ""), "“words” is missing"),
        (SOUND.replace("20", "0"), "“words” must be a whole number from 1"),
        (SOUND.replace("20", "99999"), "“words” must be at most 10,000"),
        (SOUND.replace("named =", "names ="), "“named” is missing or empty"),
        (SOUND + 'more = ["x"]\n', "“more” is not a known key"),
        (SOUND.replace("Ubuntu leadership", "… ubuntu"), "“… ubuntu” must begin with a letter"),
        (SOUND.replace("theor*", " "), "“any_of” must be a list of texts"),
        (SOUND.replace('[[asks]]\nany_of = ["theor*"]\n', ""), "“asks” is missing"),
        (SOUND.replace('id = "theory-not-named"', 'id = "theory-not-named"\nfield = "x"'), "this check has no “field”"),
        (SOUND.replace("any_of", "all_of"), "“any_of” is missing or empty"),
        ('id = "alike-passages"\n[[asks]]\nany_of = ["x"]\n[numbers]\nwords=25\npercent=70', "so it has no “asks”"),
        ('id = "advice"\n[lists]\nno-rule = ["x"]\n', "“no-rule” is not a known key"),
        (
            f'id = "advice"\n[lists]\nno-claim = {["w" * 90 + str(n) for n in range(400)]}\n',
            "more than 16,000 letters together",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        load_quality_words(write(tmp_path / "quality", text))
    assert what in str(refused.value)
    assert str(refused.value).startswith("theory.toml")


def test_a_check_stands_in_one_file_of_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "quality", SOUND)
    with pytest.raises(InvalidInput, match=r"is already used by another\.toml in the same folder"):
        load_quality_words(write(tmp_path / "quality", SOUND, "another.toml"))


def test_which_requirements_ask() -> None:
    words = load_quality_words()
    assert THEORY in words.asked_by("Use theories of management to make the service better")
    assert ACCOUNT in words.asked_by("Prove that you yourself supervise the work")
    assert words.asked_by("The building has a roof") == frozenset()
