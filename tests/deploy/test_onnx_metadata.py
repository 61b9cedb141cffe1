import pytest
from mmengine.config import Config
from small_export import CONFIG, build, config

from ppt_mmpose.deploy.normalisation import Normalisation
from ppt_mmpose.deploy.onnx_metadata import OnnxMetadata, metadata_of


def model(names=17):
    made = build()
    made.dataset_meta = dict(keypoint_id2name={i: f'joint {i}' for i in range(names)})
    return made


def described(model, cfg):
    return metadata_of(
        CONFIG, model, cfg, given=Normalisation.RTMLIB, decoded=True, opset=20
    )


def test_there_and_back():
    about = described(model(), config())
    properties = about.as_properties()
    assert properties['ppt_mmpose.keep_ratio'] == '0.7'
    assert properties['ppt_mmpose.input_size'] == '[96, 128]'
    again = OnnxMetadata.from_properties(properties | {'other': 'theirs'})
    assert again.as_properties() == properties
    assert again.normalisation == Normalisation.RTMLIB
    assert again.keypoint_names[16] == 'joint 16'
    assert again.kept_counts == {'0': 45, '1': 32}


def test_missing_entries_are_named():
    properties = described(model(), config()).as_properties()
    del properties['ppt_mmpose.codec'], properties['ppt_mmpose.udp']
    with pytest.raises(ValueError, match='missing: codec, udp'):
        OnnxMetadata.from_properties(properties)


def test_a_model_that_does_not_fit_its_config_is_named():
    with pytest.raises(
        ValueError, match='expected names of 17 keypoints, got .* of 14'
    ):
        described(model(names=14), config())
    without = model()
    without.head.decoder = None
    with pytest.raises(ValueError, match='model.head.decoder to be a codec, got none'):
        described(without, config())
    cfg = Config(config().to_dict())
    cfg.test_dataloader.dataset.pipeline = [dict(type='LoadImage')]
    with pytest.raises(ValueError, match='found no GetBBoxCenterScale and TopdownAff'):
        described(model(), cfg)
