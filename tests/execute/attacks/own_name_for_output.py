class K(str):
    def __eq__(self, other):
        while True: pass
    __hash__ = lambda self: hash('output')
globals()[K('x')] = 1
