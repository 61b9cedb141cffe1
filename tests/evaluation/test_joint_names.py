from ppt_mmpose.evaluation.joint_names import joint_names


def test_names_and_numbers():
    assert joint_names(dict(keypoint_id2name={0: 'nose', 1: 'eye'}), 2) == [
        'nose',
        'eye',
    ]
    assert joint_names(None, 2) == joint_names({}, 2) == ['0', '1']
