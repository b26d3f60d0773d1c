"""A conversation for every command: what people type, and what the page's entries show in the chat in the end.

The answers are written by `python -m tests.conversations` into `told/`, a file for each command: read them before you
commit them. `test_conversations.py` holds the program to them.
"""

from __future__ import annotations

from dataclasses import dataclass

URL = "https://news.example/live/lighthouse"

LAMP, KEEPER = "The lamp burns again", "The keeper is found"
"""What stands on the page before people begin to talk: oldest first."""
LATER, LAST = "A ship comes in", "The harbour opens"
"""What is published after they have talked. `LAST` is breaking."""
NOW = (LAMP, KEEPER)
ALL = (*NOW, LATER, LAST)


@dataclass(frozen=True, slots=True)
class Says:
    """Something that is typed or (`press`) pressed by its label; on Discord perhaps spelt otherwise.

    `user` ada is the chat's admin and owns the bot; eve is neither, and types nothing into ada's private chat.
    """

    text: str
    user: str = "ada"
    discord: str = ""
    press: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is said about one command, in a chat of its own on each platform.

    `followed`: the chat follows the page before. `shows`: the headlines that stand in the chat when all have
    talked and the page has told more. `alone`: it changes what concerns all chats, so no other talks meanwhile.
    """

    command: str
    says: tuple[Says, ...]
    shows: tuple[str, ...] = ALL
    followed: bool = True
    alone: bool = False


def press(label: str, user: str = "ada") -> Says:
    """Press a button."""
    return Says(label, user, press=True)


CONVERSATIONS: tuple[Conversation, ...] = (
    Conversation(
        "claim",
        (Says("/claim wrong"), Says("/claim open-sesame"), Says("/claim open-sesame", "eve")),
        (),
        followed=False,
        alone=True,
    ),
    Conversation(
        "allow",
        (Says("/list", "eve"), Says("/allow 4711"), Says("/allow"), Says("/list", "eve")),
        (),
        followed=False,
        alone=True,
    ),
    Conversation(
        "deny",
        (Says("/allow 4712"), Says("/deny 4712"), Says("/deny 4712"), Says("/deny 1", "eve")),
        (),
        followed=False,
        alone=True,
    ),
    Conversation("start", (Says("/start"),), (), followed=False),
    Conversation("help", (Says("/help"), Says("/help pause")), (), followed=False),
    Conversation("subscribe", (Says(f"/subscribe {URL} ship"), Says(f"/subscribe {URL}")), (LATER,), followed=False),
    Conversation("unsubscribe", (Says("/unsubscribe"), Says("/list")), NOW),
    Conversation("move", (Says("/move 1 next"), Says(f"/move 1 {URL}"))),
    Conversation("list", (Says("/list"), Says("/list", "eve"))),
    Conversation("pause", (Says("/pause for 2h", "eve"), Says("/pause for 2h"), Says("/list")), NOW),
    Conversation("resume", (Says("/resume"), Says("/pause"), press("Resume"), Says("/resume skip"))),
    Conversation(
        "filter", (Says("/filter is:breaking"), Says("/filter is:braking"), press("Show which")), (*NOW, LAST)
    ),
    Conversation("style", (Says("/style 1 headline"), press("Keep"), Says("/style 1 bigger"))),
    Conversation("quiet", (Says("/quiet 11:00-13:00 breaking"), Says("/quiet soon"), Says("/quiet")), (*NOW, LAST)),
    Conversation(
        "fold", (Says("/fold"), Says("/fold on", "eve"), Says("/fold on"), Says("/settings"), press("Same story twice"))
    ),
    Conversation("schedule", (Says("/schedule 1 at 18:00"), Says("/schedule 1 sometimes"), Says("/list")), NOW),
    Conversation("latest", (Says("/latest 2"), Says("/latest", "eve"))),
    Conversation("why", (Says("/why"), Says(f"/why {URL}#keeper", "eve"), Says("/why https://news.example/other"))),
    Conversation("summary", (Says("/summary"), Says("/summary 1 send"), Says("/summary 1 loud"))),
    Conversation(
        "remove", (Says("/remove last 1", discord="/remove 1"), Says("/remove 1", "eve")), (LAMP, LATER, LAST)
    ),
    Conversation("settings", (Says("/settings"),)),
    Conversation("timezone", (Says("/timezone"), Says("/timezone Kathmandu"), Says("/timezone Atlantis"))),
    Conversation("language", (Says("/language"), Says("/language de", discord="/language Deutsch"), Says("/list"))),
    Conversation("ping", (Says("/ping 1 breaking"), Says("/ping 1 off"), Says("/ping"))),
    Conversation(
        "review",
        (
            Says("/review"),
            Says("/review on", "eve"),
            Says("/review off"),
            Says("/review k7f3q9xz"),
            Says("/review 1 maybe"),
        ),
    ),
    Conversation("manage", (Says("/manage"), Says("/manage off")), (), followed=False),
)
