import pytest
from mmengine.config import Config

from ppt_mmpose.apis import find_config
from ppt_mmpose.apis.quickstart import CONFIG, _same_training


@pytest.mark.parametrize(
    ('change', 'same'),
    [
        ({}, True),
        ({'log_level': 'ERROR'}, True),
        ({'default_hooks.keep_ratio.ramp_epochs': 3}, False),
        ({'optim_wrapper.optimizer.lr': 1.0}, False),
        ({'model.neck.keep_ratio': 0.5}, False),
    ],
)
def test_what_makes_another_training(change, same, tmp_path):
    cfg = Config.fromfile(find_config(CONFIG))
    cfg.dump(tmp_path / 'dumped.py')
    cfg.merge_from_dict(change)
    assert _same_training(cfg, tmp_path / 'dumped.py') == same
