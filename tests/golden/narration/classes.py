# input: {"names": ["ann", "bob"], "bonus": 2}
class Player:
    def __init__(self, name, points=0):
        self.name = name
        self.points = points
        self.log = []

    def gain(self, amount):
        self.points += amount
        self.log.append(amount)
        return self

    @property
    def label(self):
        return f"{self.name}:{self.points}"

    def __lt__(self, other):
        return self.points < other.points


def solution(names, bonus):
    players = [Player(name) for name in names]
    for rank, player in enumerate(players, start=1):
        player.gain(rank * bonus)
    players[0].gain(10)
    return [player.label for player in sorted(players)]
