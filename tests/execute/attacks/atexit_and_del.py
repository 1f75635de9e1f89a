import atexit
class Late:
    def __del__(self):
        while True: pass
keep = Late()
atexit.register(lambda: print('late', flush=True))
output = 3
