import signal
def h(*a): raise TimeoutError
signal.signal(signal.SIGALRM,h); signal.alarm(5); x=3; signal.alarm(0)
output=x
