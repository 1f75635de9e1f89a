def outer():
    def again(n):
        def gen(box):
            try:
                yield 1
            finally:
                print('FOREIGN')
                if n:
                    again(n - 1)
        box = []
        g = gen(box)
        box.append(g)
        next(g)
    return again
outer()(5)
output = 1
