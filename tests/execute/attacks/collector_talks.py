import gc
gc.set_debug(gc.DEBUG_LEAK|gc.DEBUG_STATS)
gc.set_threshold(1,1,1)
output=3
