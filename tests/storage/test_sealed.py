"""What is sealed opens in its place, with its key, and nowhere else."""

import pytest

from storage.sealed import CannotUnsealError, Keys, key_id_of, new_key

PLACE = ("answers", "d" * 32, "situation")
OLD, NEW = new_key(), new_key()


def test_a_text_comes_back_as_it_was() -> None:
    keys = Keys([NEW])
    for text in ("", "oui", "Ménage à Évreux ’ \U0001f511", "x" * 10_000):
        assert keys.unseal(keys.seal(text, PLACE), PLACE) == text


def test_a_yes_cannot_be_told_from_a_no() -> None:
    keys = Keys([NEW])
    yes, again, no = (keys.seal(text, PLACE) for text in ("yes", "yes", ""))
    assert len(yes) == len(no)
    assert yes != again


@pytest.mark.parametrize(
    "elsewhere",
    [
        ("answers", "e" * 32, "situation"),
        ("snapshots", "d" * 32, "situation"),
        ("answers", "d" * 32, "vous"),
        ("answers", "d" * 32 + "situation"),
    ],
)
def test_a_sealed_text_that_was_moved_does_not_open(elsewhere: tuple[str, ...]) -> None:
    keys = Keys([NEW])
    with pytest.raises(CannotUnsealError, match="seal_broken"):
        keys.unseal(keys.seal("yes", PLACE), elsewhere)


def test_a_sealed_text_that_was_changed_does_not_open() -> None:
    keys = Keys([NEW])
    sealed = keys.seal("yes", PLACE)
    changed = sealed[:-9] + ("A" if sealed[-9] != "A" else "B") + sealed[-8:]
    for wrong in (changed, sealed[:-20], sealed.rpartition(".")[0] + ".é", f"{sealed[:11]}."):
        with pytest.raises(CannotUnsealError, match="seal_broken"):
            keys.unseal(wrong, PLACE)


def test_the_old_key_opens_and_the_newest_seals() -> None:
    before, during, after = Keys([OLD]), Keys([NEW, OLD]), Keys([NEW])
    sealed = before.seal("yes", PLACE)
    assert during.unseal(sealed, PLACE) == "yes"
    resealed = during.resealed(sealed, PLACE)
    assert key_id_of(resealed) == during.newest == after.newest
    assert after.unseal(resealed, PLACE) == "yes"


def test_a_missing_key_is_named_by_its_id_and_nothing_is_shown() -> None:
    sealed = Keys([OLD]).seal("yes", PLACE)
    with pytest.raises(CannotUnsealError, match="key_unknown") as missing:
        Keys([NEW]).unseal(sealed, PLACE)
    assert missing.value.key_id == Keys([OLD]).newest
    for act in (Keys().seal, Keys().unseal):
        with pytest.raises(CannotUnsealError, match="no_key"):
            act(sealed, PLACE)


@pytest.mark.parametrize("wrong", ["court", "é" * 44, "=" * 44, new_key()[:-4] + "===="])
def test_what_is_no_key_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        Keys.listed(f"{NEW}, {wrong}")
    assert NEW not in str(refused.value)


def test_keys_never_show_themselves() -> None:
    assert OLD not in repr(Keys([OLD]))
