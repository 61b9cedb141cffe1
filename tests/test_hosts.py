from pathlib import Path

from ppt_mmpose import hosts

CONSTRAINTS = sorted((Path(__file__).parents[1] / 'requirements').glob('constr*.txt'))


def test_versions_are_those_that_the_suite_runs_on():
    versions = (hosts.MMPOSE, hosts.MMDET, hosts.MMENGINE, hosts.MMCV_LITE, hosts.MIM)
    assert len(CONSTRAINTS) == 3
    for path in CONSTRAINTS:
        assert set(versions) <= set(path.read_text().splitlines()), path
    script = path.with_name('install_mmcv.sh').read_text()
    assert f'mmcv=={script.partition("mmcv=")[2].splitlines()[0]}' == hosts.MMCV
