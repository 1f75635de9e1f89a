from decimal import Decimal
def evil(self, *a):
    raise ValueError('evil')
class A:
    def __enter__(self): return 5
    def __exit__(self, t, v, tb):
        t.__init__ = evil
        return True
with A():
    Decimal('x')
output = 1
