class M(type):
    def __getattribute__(c,n):
        while 1: pass
    def __eq__(c,o):
        while 1: pass
    def __hash__(c): return 1
class E(Exception,metaclass=M): pass
raise E("x")
