"""What goes over the wire, and what the server's answers mean."""

import asyncio
from datetime import timedelta
from email.message import EmailMessage

import pytest

from services.notify.delivery.channels.mail import MailChannel, NotNow, RefusedForGood
from services.notify.delivery.facts import facts_of
from services.notify.delivery.rendering import render
from tests.services.notify.mail_server import MailServer
from tests.services.notify.samples import match_found


def letter(channel: MailChannel, language: str = "vi") -> EmailMessage:
    words = render("problem.matched", facts_of("problem.matched", match_found().data), language)
    return channel.compose(
        "mai@vien.vn", words, link="/bai-toan/problem-1", language=language, message_id="<1.mail@debai.example>"
    )


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content())


async def test_vietnamese_arrives_as_it_was_written(channel: MailChannel, mails: MailServer) -> None:
    await channel.send(letter(channel))
    (mail,) = mails.mails
    assert mail["Subject"] == "[Đề Bài] UBND Phường Chánh Hưng cần lời giải: Giảm ngập hẻm khi mưa trên 50 mm"
    assert "«Giảm ngập hẻm khi mưa trên 50 mm»" in part(mail, "plain")
    assert mails.recipients == ["mai@vien.vn"]


async def test_headers_say_what_it_is_and_from_whom(channel: MailChannel, mails: MailServer) -> None:
    await channel.send(letter(channel))
    (mail,) = mails.mails
    assert mail["Message-ID"] == "<1.mail@debai.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["From"].addresses[0].addr_spec == "debai@debai.example"
    assert mail["From"].addresses[0].display_name == "Đề Bài"


@pytest.mark.parametrize("kind", ["plain", "html"])
async def test_both_parts_lead_to_the_problem_and_to_the_settings_and_say_why(
    channel: MailChannel, mails: MailServer, kind: str
) -> None:
    await channel.send(letter(channel))
    text = part(mails.mails[0], kind)
    assert "http://debai.test/bai-toan/problem-1" in text
    assert "http://debai.test/hop-thu/cai-dat" in text
    assert "Vì sao anh/chị nhận thư này" in text and "ngập" in text


async def test_html_shows_a_title_and_runs_nothing_of_it(channel: MailChannel) -> None:
    facts = facts_of("problem.matched", match_found().data) | {"title": "<script>alert(1)</script> & «ngập»"}
    words = render("problem.matched", facts, "vi")
    mail = channel.compose("mai@vien.vn", words, link="/bai-toan/1?a=1&b=2", language="vi", message_id="<1@d>")
    assert "<script>" not in part(mail, "html")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; «ngập»" in part(mail, "html")
    assert 'href="http://debai.test/bai-toan/1?a=1&amp;b=2"' in part(mail, "html")


async def test_the_mail_speaks_english_when_asked(channel: MailChannel) -> None:
    assert "Why you got this" in part(letter(channel, "en"), "plain")


@pytest.mark.parametrize("answer", ["550 5.1.1 no such person", "554 no"])
async def test_a_recipient_refused_for_good(channel: MailChannel, mails: MailServer, answer: str) -> None:
    mails.answers = [answer]
    with pytest.raises(RefusedForGood, match=answer[:3]):
        await channel.send(letter(channel))


async def test_a_recipient_not_now(channel: MailChannel, mails: MailServer) -> None:
    mails.answers = ["451 come back later"]
    with pytest.raises(NotNow, match="451"):
        await channel.send(letter(channel))


@pytest.mark.parametrize(("answer", "error"), [("554 spam", RefusedForGood), ("452 full", NotNow)])
async def test_the_letter_itself_is_refused(
    channel: MailChannel, mails: MailServer, answer: str, error: type[Exception]
) -> None:
    mails.data_answers = [answer]
    with pytest.raises(error):
        await channel.send(letter(channel))


async def test_a_connection_that_breaks_before_the_answer_is_tried_again(
    channel: MailChannel, mails: MailServer
) -> None:
    mails.drops = 1
    with pytest.raises(NotNow):
        await channel.send(letter(channel))
    assert len(mails.mails) == 1


async def test_no_server_at_all_is_tried_again() -> None:
    channel = MailChannel("127.0.0.1", 1, sender="debai@debai.example", public_url="http://debai.test")
    with pytest.raises(NotNow):
        await channel.send(letter(channel))


async def test_mails_in_a_row_go_by_one_connection_and_none_is_kept_for_nothing(
    channel: MailChannel, mails: MailServer
) -> None:
    for _ in range(3):
        await channel.send(letter(channel))
    assert (len(mails.mails), mails.connections) == (3, 1)
    await channel.rest()
    await channel.send(letter(channel))
    assert mails.connections == 2


async def test_a_connection_carries_so_many_mails_and_no_more(
    channel: MailChannel, mails: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.notify.delivery.channels.mail.A_CONNECTION", 2)
    for _ in range(5):
        await channel.send(letter(channel))
    assert (len(mails.mails), mails.connections) == (5, 3)


async def test_a_refused_mail_leaves_the_connection_to_the_next(channel: MailChannel, mails: MailServer) -> None:
    mails.answers, mails.data_answers = ["550 5.1.1 no such person"], ["554 no"]
    for _ in range(2):
        with pytest.raises(RefusedForGood):
            await channel.send(letter(channel))
    await channel.send(letter(channel))
    assert (len(mails.mails), mails.connections) == (1, 1)


async def test_a_mail_that_was_cut_off_takes_its_connection_with_it(
    channel: MailChannel, mails: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.notify.delivery.channels.mail.SENDING", timedelta(milliseconds=300))
    mails.gate = asyncio.Event()
    with pytest.raises(NotNow):
        await channel.send(letter(channel))
    mails.gate.set()
    await channel.send(letter(channel))
    assert mails.connections == 2


async def test_a_server_deaf_to_our_goodbye_is_left_standing(
    channel: MailChannel, mails: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.notify.delivery.channels.mail.BYE_S", 0.1)
    mails.deaf_to_goodbyes = True
    await channel.send(letter(channel))
    await asyncio.wait_for(channel.rest(), 5)
    await channel.send(letter(channel))
    assert (len(mails.mails), mails.connections) == (2, 2)
