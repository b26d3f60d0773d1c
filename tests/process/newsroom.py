"""A newsroom at the dice, and what a chat that followed it from the start must show in the end."""

from __future__ import annotations

import random

from sandbox.page import LivePage

WORDS = ("calm", "gale", "storm", "fog", "swell", "tide")


class Newsroom:
    """Publishes posts called "Post 1: calm" and changes their last word; withdraws one now and then."""

    def __init__(self, page: LivePage, dice: random.Random) -> None:
        self.page, self.dice = page, dice
        self.number = 0
        self.keys: dict[str, str] = {}
        page.retitle("Harbour live")

    def act(self) -> None:
        """Do one thing."""
        deed = self.dice.choices(("publish", "edit", "withdraw", "summary"), (5, 3, 1, 1))[0]
        if deed == "publish" or len(self.keys) < 3:
            self.publish()
        elif deed == "edit":
            key, name = self.dice.choice(list(self.keys.items()))
            self.page.edit(key, headline=f"{name}: {self.dice.choice(WORDS)}")
        elif deed == "withdraw":
            # Never the oldest: below it a page of several would prove nothing.
            key = self.dice.choice(list(self.keys)[1:])
            self.page.withdraw(key)
            del self.keys[key]
        else:
            self.page.summary([f"Point {self.dice.randrange(1000)}"])

    def publish(self) -> str:
        """Publish the next post and return its name."""
        self.number += 1
        name = f"Post {self.number}"
        told = self.page.publish(f"{name}: {self.dice.choice(WORDS)}", text=f"What there is to say about it, {name}.")
        self.keys[told["key"]] = name
        return name

    def posts(self) -> list[str]:
        """What the page says, oldest first."""
        return [post.headline for post in reversed(self.page.current.posts)]
