from domain.tokens import form_token, subject_of, token_hash, token_of

SECRET, OTHER = "s" * 40, "t" * 40


def test_the_token_of_a_link_is_made_again_the_same_and_is_nobody_elses() -> None:
    token = token_of(SECRET, "link-1")
    assert token == token_of(SECRET, "link-1")
    assert len({token, token_of(SECRET, "link-2"), token_of(OTHER, "link-1")}) == 3
    assert len(token) == 64


def test_what_is_kept_of_a_token_recognises_it_and_does_not_open_anything() -> None:
    token = token_of(SECRET, "link-1")
    assert token_hash(token) == token_hash(token)
    assert token not in token_hash(token)
    assert token_hash(token_hash(token)) != token_hash(token)


def test_tokens_of_different_purposes_never_meet() -> None:
    made = {
        token_of(SECRET, "x"),
        form_token(SECRET, "x"),
        subject_of(SECRET, "x"),
        token_hash("x"),
    }
    assert len(made) == 4


def test_a_subject_of_failed_attempts_says_nothing_of_the_person() -> None:
    subject = subject_of(SECRET, "account", "claire@exemple.fr")
    assert "claire" not in subject
    assert subject == subject_of(SECRET, "account", "claire@exemple.fr")
    assert subject != subject_of(SECRET, "accountclaire@exemple.fr")
