"""Weights of a model with other keypoints, each new token from a like old one."""

from typing import Sequence

import torch
from mmengine.runner.checkpoint import _load_checkpoint
from torch import nn

from ppt_mmpose.config_values import whole_numbers

from ..strict_loading import MisfitError

TOKENS = 'neck.keypoint_tokens'


class PretrainedKeypoints:
    """Starts from a checkpoint of a token model whose keypoints are others.

    The released multi-view PPT starts so from PPT-S on COCO: every weight is taken
    over, also the head's, which is the same for all keypoints, and each keypoint token
    is the token of a COCO keypoint nearby. What the checkpoint has not (the encoding of
    rays) keeps its own initialisation.

    Args:
        checkpoint: a file of a model with the same sizes.
        keypoints: of each of the J new keypoints the old one whose token it gets.

    Raises (on initialisation):
        MisfitError: for weights that the model has not, or of another shape.
        ValueError: for keypoints that are not J, or that the file has not.
    """

    def __init__(self, checkpoint: str, keypoints: Sequence[int]) -> None:
        self.checkpoint = checkpoint
        self.keypoints = whole_numbers('keypoints', keypoints)

    def __call__(self, module: nn.Module) -> None:
        """Fill a model's weights."""
        loaded = _load_checkpoint(self.checkpoint, map_location='cpu')
        state = dict(loaded.get('state_dict', loaded))
        own = module.state_dict()
        if TOKENS not in state:
            raise MisfitError(
                f'{self.checkpoint}: expected the weights of a token model, got none '
                f'named {TOKENS}'
            )
        tokens = state[TOKENS]
        expected, there = own[TOKENS].shape[1], tokens.shape[1]
        if len(self.keypoints) != expected or max(self.keypoints) >= there:
            raise ValueError(
                f'keypoints: expected {expected} numbers below {there}, the keypoints '
                f'of {self.checkpoint}, got {self.keypoints}'
            )
        state[TOKENS] = tokens[:, torch.tensor(self.keypoints)]
        wrong = [
            f'{key} {tuple(value.shape)}'
            for key, value in state.items()
            if key not in own or own[key].shape != value.shape
        ]
        if wrong:
            raise MisfitError(
                f'{self.checkpoint}: expected weights of the model, got {wrong[:5]}'
            )
        module.load_state_dict({**own, **state})
