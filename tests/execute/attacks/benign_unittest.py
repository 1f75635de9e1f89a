import unittest,io
class T(unittest.TestCase):
    def test_a(s): s.assertEqual(1,1)
r=unittest.TextTestRunner(stream=io.StringIO()).run(unittest.defaultTestLoader.loadTestsFromTestCase(T))
output=r.testsRun
