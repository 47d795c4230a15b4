from chatsite.management.bench import speech


def test_rare_words_are_said_equally_often_in_conversations_of_any_length() -> None:
    for count in (1_000, 5_000):
        said = [speech.said(seq, count) for seq in range(1, count + 1)]
        for word in speech.RARE:
            assert sum(word in one.split() for one in said) == speech.RARELY, (count, word)
        assert all(sum(word in one.split() for one in said) > speech.RARELY for word in speech.COMMON)
        assert len({word for one in said for word in one.split()}) > 2_000


def test_the_same_is_said_in_every_process() -> None:
    assert speech.said(7, 1_000) == speech.said(7, 1_000) != speech.said(8, 1_000)
