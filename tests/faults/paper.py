"""What chats must show of the sandbox's page, in a few lines of obvious code that shares nothing with the program.

Every post has a name, "Post 3", and says one word that names its version: "Post 3: v2". `judge` says in sentences what
is wrong with a chat.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass, field

from sandbox.page import LivePage
from sandbox.platform import Shown

_POST = re.compile(r"(Post \d+): (v\d+)")
_POINT = re.compile(r"Point \d+")
_SUMMARY = "summary"


@dataclass
class Paper:
    """The newsroom and its page, which says the same as `posts`, `point` and nothing else."""

    page: LivePage
    dice: random.Random
    posts: dict[str, str] = field(default_factory=dict)  # name → version, in the order in which they were published
    keys: dict[str, str] = field(default_factory=dict)
    point: str = ""
    unordered: set[str] = field(default_factory=set)  # seen first on a page that was cut: they may come late
    versions: int = 0

    def act(self, *, whole: bool) -> str:
        """Do one thing, and say what; `whole`: the page is served whole at the moment."""
        deed = self.dice.choices(("publish", "edit", "withdraw", "point"), (6, 3, 1, 1))[0]
        if deed == "publish" or len(self.posts) < 3:
            return self._publish(whole=whole)
        if deed == "point":
            self.versions += 1
            self.point = f"Point {self.versions}"
            self.page.summary([self.point])
            return f"the summary says {self.point}"
        # Never the oldest: it is the horizon, below which nothing is proved.
        name = self.dice.choice(list(self.posts)[1:])
        if deed == "withdraw":
            self.page.withdraw(self.keys[name])
            del self.posts[name]
            return f"{name} is withdrawn"
        self.versions += 1
        self.posts[name] = f"v{self.versions}"
        self.page.edit(self.keys[name], headline=f"{name}: {self.posts[name]}")
        return f"{name} is edited to {self.posts[name]}"

    def cut(self, shown: set[str]) -> None:
        """Let the page be served in halves from now on; what no chat has shown yet may be seen first in part."""
        self.unordered |= self.posts.keys() - shown

    def _publish(self, *, whole: bool) -> str:
        name = f"Post {len(self.keys) + 1}"
        self.posts[name] = "v0"
        self.keys[name] = self.page.publish(f"{name}: v0", text=f"What there is to say about {name}.")["key"]
        if not whole:
            self.unordered.add(name)
        return f"{name} is published"

    def judge(self, shown: tuple[Shown, ...], *, pins: bool = True) -> list[str]:
        """Compare what a chat shows with the page; `pins`: a summary can be pinned there."""
        messages = [(found[1], found[2]) for each in shown if (found := _POST.search(each.text))]
        says, count = dict(messages), Counter(name for name, _ in messages)
        wrong = [f"{name} should say {word} and says {says.get(name)}" for name, word in self.posts.items()
                 if says.get(name) != word]  # fmt: skip
        wrong += [f"{name} is there and was withdrawn" for name in says.keys() - self.posts.keys()]
        wrong += [f"{name} is there {times} times" for name, times in count.items() if times > 1]
        order = [name for name in count if name not in self.unordered]
        if order != sorted(order, key=_number):
            wrong.append(f"the order is {order}")
        return wrong + self._judge_summary(shown, pins=pins)

    def _judge_summary(self, shown: tuple[Shown, ...], *, pins: bool) -> list[str]:
        points = [(found.group(), each.pinned) for each in shown if (found := _POINT.search(each.text))]
        if not self.point:
            return [f"there are summaries {points}"] if points else []
        if [point for point, _ in points] != [self.point]:
            return [f"the summary should say {self.point}, once, and says {points}"]
        pinned = [point for point, is_pinned in points if is_pinned]
        return [f"{pinned} is pinned instead of {self.point}"] if pins and pinned != [self.point] else []

    def surplus(self, shown: tuple[Shown, ...], unheard: set[str]) -> list[Shown]:
        """Return the messages of which nobody heard, and which are not wanted or are there again further down.

        Nothing is sent again once it is known, so that of several the last is the one that is kept current.
        """
        last = {_name(each): each.id for each in shown}
        kept = {last.get(name) for name in (*self.posts, _SUMMARY)}
        return [each for each in shown if _name(each) and each.id in unheard - kept]

    def names(self, shown: tuple[Shown, ...]) -> set[str]:
        """Which posts a chat shows."""
        return {found[1] for each in shown if (found := _POST.search(each.text))}

    def copies(self, shown: tuple[Shown, ...]) -> int:
        """How many messages too many a chat shows."""
        return sum(bool(_POST.search(each.text)) for each in shown) - len(self.names(shown))


def _name(shown: Shown) -> str:
    """What a message is about; "" for what is not from the page."""
    if found := _POST.search(shown.text):
        return found[1]
    return _SUMMARY if _POINT.search(shown.text) else ""


def _number(name: str) -> int:
    return int(name.split()[1])
