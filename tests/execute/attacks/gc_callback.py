import gc
def late(phase, info):
    while True: pass
gc.callbacks.append(late)
output = 3
