"""The studies that docs/ tells of can be run: their options fit their configs."""

from pathlib import Path

import pytest
from mmengine.config import Config
from mmpose.registry import KEYPOINT_CODECS, MODELS, TRANSFORMS

from ppt_mmpose.apis import find_config
from ppt_mmpose.apis.config_files import merge_options
from ppt_mmpose.apis.study import Study
from ppt_mmpose.models.distillers.estimators import build_estimator

ROOT = Path(__file__).parents[2]
STUDIES = sorted((ROOT / 'docs' / 'studies').glob('*.yml'))


def test_there_are_studies():
    assert STUDIES


@pytest.mark.parametrize('path', STUDIES, ids=lambda path: path.stem)
def test_its_options_fit_its_config(path, monkeypatch):
    monkeypatch.chdir(ROOT)
    study = Study.read(str(path))
    assert any(path.name in page.read_text() for page in path.parent.glob('*.md'))
    for options in study.variants.values():
        cfg = Config.fromfile(find_config(study.config))
        merge_options(cfg, {**study.options, **options})
        # A distiller has its model within.
        model = cfg.model.get('student', cfg.model)
        if 'teacher' in cfg.model:
            # Its weights are what another study leaves.
            teacher = build_estimator('teacher', cfg.model.teacher)
            cfg.model.update(teacher=teacher, teacher_checkpoint=None)
        built = MODELS.build(cfg.model)
        built.init_weights()
        head = getattr(built, 'student', built).head
        codec = KEYPOINT_CODECS.build(model.head.decoder)
        if hasattr(codec, 'heatmap_size'):
            assert tuple(head.heatmap_size) == tuple(codec.heatmap_size)
        else:
            frames, joints, _ = built.backbone.expected
            assert joints == codec.num_keypoints
            assert frames == cfg.train_dataloader.dataset.frames
            assert frames == cfg.test_dataloader.dataset.frames
        for loader in (cfg.train_dataloader, cfg.test_dataloader):
            for step in loader.dataset.pipeline:
                TRANSFORMS.build(step)
                if step.type == 'TopdownAffine':
                    assert tuple(step.input_size) == tuple(codec.input_size)
                if step.type == 'GenerateTarget':
                    assert step.encoder == model.head.decoder
