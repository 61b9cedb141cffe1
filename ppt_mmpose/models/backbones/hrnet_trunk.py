"""HRNet cut after its third stage (TokenPose-B, L and PPT-B, L)."""

from mmpose.models.backbones.hrnet import HRNet
from mmpose.registry import MODELS
from torch import nn


@MODELS.register_module()
class HRNetTrunk(HRNet):
    """HRNet without its fourth stage, giving the stride-4 branch alone.

    The last module of stage 3 fuses into the finest branch only, so nothing is
    computed that no one reads. Names of modules are those of MMPose's HRNet: its
    ImageNet weights load by ``init_cfg``.

    Args:
        width: channels W of the finest branch; 32 in HRNet-W32. The other branches
            have 2 W and 4 W.
        **kwargs: as in MMPose's HRNet, without ``extra``.
    """

    stage3: nn.Sequential
    stage4: nn.Sequential

    def __init__(self, width: int = 32, **kwargs: object) -> None:
        channels = (width, 2 * width, 4 * width)
        basic = dict(block='BASIC', num_branches=3, num_blocks=(4, 4, 4))
        # MMPose's HRNet always builds a fourth stage, and only that one can end in
        # a single scale. So the last module of our third stage is made there, and
        # moved to where the checkpoints have it.
        super().__init__(
            extra=dict(
                stage1=dict(
                    num_modules=1,
                    num_branches=1,
                    block='BOTTLENECK',
                    num_blocks=(4,),
                    num_channels=(64,),
                ),
                stage2=dict(
                    num_modules=1,
                    num_branches=2,
                    block='BASIC',
                    num_blocks=(4, 4),
                    num_channels=channels[:2],
                ),
                stage3=dict(num_modules=3, num_channels=channels, **basic),
                stage4=dict(num_modules=1, num_channels=channels, **basic),
            ),
            **kwargs,
        )
        self.stage3.append(self.stage4[0])
        self.stage4 = nn.Sequential()
        self.transition3 = nn.ModuleList([None])  # type: ignore[list-item]
        self.stage4_cfg = dict(num_branches=1)
        # Once more, for the module that came later.
        self._freeze_stages()
