"""Cards dealt in turn to players, a packet at a time.

The deck is dealt from the top: the first player gets a packet of cards, then the second player, and so on, in
turn, until not even one full packet is left. Give the "hands" of all players and the "rest" of the cards.
"""


def solution(deck, players, packet):
    hands = [[] for _ in range(players)]
    top = 0
    turn = 0
    while top + packet <= len(deck):
        hands[turn % players] += deck[top : top + packet]
        top += packet
        turn += 1
    return {"hands": hands, "rest": deck[top:]}


inputs = [
    {"deck": ["7H", "2C", "KS", "9D", "3S", "AH", "5C"], "players": 2, "packet": 1},
    {"deck": ["A", "B", "C", "D", "E", "F", "G", "H"], "players": 3, "packet": 2},
    {"deck": ["K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8", "K9", "K10"], "players": 2, "packet": 3},
]
