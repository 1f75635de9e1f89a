import signal
def h(*a): raise ValueError("boo")
signal.signal(signal.SIGALRM,h); signal.signal(signal.SIGVTALRM,h); signal.signal(signal.SIGPROF,h)
signal.setitimer(signal.ITIMER_VIRTUAL,0.00001,0.00001)
signal.setitimer(signal.ITIMER_PROF,0.00001,0.00001)
signal.setitimer(signal.ITIMER_REAL,0.00001,0.00001)
output=3
