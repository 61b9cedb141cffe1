from ppt_mmpose.calibration import FORMATS


def test_formats_without_suffix_are_folders():
    folders = {name for name, kind in FORMATS.items() if kind.is_folder}
    assert folders == {'easymocap', 'opencv'}
