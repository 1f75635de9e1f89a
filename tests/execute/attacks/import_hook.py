import sys
class Hook:
    def find_spec(self, *a): raise SystemExit
sys.meta_path.insert(0, Hook())
sys.path_hooks.clear()
output = 3
