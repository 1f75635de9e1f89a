class E(Exception):
    @property
    def args(s):
        while 1: pass
    @property
    def __class__(s):
        while 1: pass
    @property
    def __traceback__(s): 1/0
    @property
    def errno(s): 
        while 1: pass
    def __getattribute__(s,n):
        while 1: pass
raise E("hello")
