"""A vending machine that takes coins, sells drinks and gives change.

Customers do things one after the other: a number puts in a coin of that value, "return" takes all inserted
money back, and the name of a drink buys it if the inserted money suffices and the drink is not sold out. List
what happens on buying and on returning: "tea, change 30", "sold out", "too little", or "returned 50"; after a
purchase the change is paid out.
"""


class Machine:
    def __init__(self, prices, stock):
        self.prices = prices
        self.stock = dict(stock)
        self.inserted = 0

    def take_out(self):
        money = self.inserted
        self.inserted = 0
        return money

    def buy(self, drink):
        if self.stock[drink] == 0:
            return "sold out"
        if self.inserted < self.prices[drink]:
            return "too little"
        self.stock[drink] -= 1
        self.inserted -= self.prices[drink]
        return f"{drink}, change {self.take_out()}"


def solution(prices, stock, actions):
    machine = Machine(prices, stock)
    events = []
    for action in actions:
        if isinstance(action, int):
            machine.inserted += action
        elif action == "return":
            events.append(f"returned {machine.take_out()}")
        else:
            events.append(machine.buy(action))
    return events


inputs = [
    {
        "prices": {"tea": 120, "cocoa": 150},
        "stock": {"tea": 1, "cocoa": 4},
        "actions": [100, 50, "tea", 200, "tea", "cocoa"],
    },
    {
        "prices": {"water": 80, "juice": 110},
        "stock": {"water": 2, "juice": 1},
        "actions": [50, "water", 50, "water", 10, "return"],
    },
    {
        "prices": {"cola": 130},
        "stock": {"cola": 1},
        "actions": [100, 50, "cola", 200, "cola", "return"],
    },
]
