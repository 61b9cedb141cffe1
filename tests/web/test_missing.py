"""Without Gradio the package says how to get it."""

import subprocess
import sys

CODE = """
import importlib.util, sys
find = importlib.util.find_spec
importlib.util.find_spec = lambda *a: None if a[0] in {missing} else find(*a)
sys.argv = ['web_demo.py']
import runpy
runpy.run_path('tools/web_demo.py', run_name='__main__')
"""


def test_one_clear_error():
    code = CODE.format(missing=('gradio', 'plotly'))
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True)
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()[-1:]
    assert line.startswith('error: the web demo: expected gradio and plotly, found no')
    assert 'install with: pip install ' in line
    assert '[web]' in line
    assert 'Traceback' not in done.stderr
