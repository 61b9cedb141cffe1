"""Names of weights in the released checkpoints, and ours.

Two repositories share all names but those inside an attention block, because PPT
moved the layer norm of the attention out of its wrapper.
"""

import re
from dataclasses import dataclass
from typing import Dict, Iterable, List, Optional

_MLP = {
    '1.fn.norm': 'norm2',
    '1.fn.fn.net.0': 'mlp.0',
    '1.fn.fn.net.3': 'mlp.2',
}
_BLOCK = re.compile(r'(?:features|transformer)\.transformer(\d?)\.layers\.(\d+)\.(.+)')
_HRNET = r'(?:conv|bn)[12]|layer1|transition[12]|stage[23]'
_OTHER = {
    r'(?:features|transformer)\.keypoint_token': 'neck.keypoint_tokens',
    r'(?:features|transformer)\.pos_embedding': 'neck.position',
    r'features\.pos_3d_linear\.(\w+)': r'neck.position_3d.\1',
    r'(?:features|transformer)\.patch_to_embedding\.(\w+)': (
        r'neck.patch_embedding.projection.\1'
    ),
    r'(?:features|transformer)\.mlp_head\.(\d)\.(\w+)': r'head.projection.\1.\2',
    rf'(?:features|pre_feature)\.((?:{_HRNET})\..+)': r'backbone.\1',
}


@dataclass(frozen=True)
class KeyTable:
    """How one repository names its weights.

    Attributes:
        origin: the repository.
        block: path inside a transformer block to ours.
        may_prune: whether the repository has pruned models. Their weights have the
            names and shapes of its dense ones, so the file does not tell which.
    """

    origin: str
    block: Dict[str, str]
    may_prune: bool

    def rename(self, keys: Iterable[str]) -> Dict[str, Optional[str]]:
        """Map released names to ours; to None where the table has no entry."""
        keys = list(keys)
        starts = _stage_starts(keys)
        return {key: self._rename(key, starts) for key in keys}

    def _rename(self, key: str, starts: Dict[str, int]) -> Optional[str]:
        match = _BLOCK.fullmatch(key)
        if match:
            stage, layer, inside = match.groups()
            path, _, leaf = inside.rpartition('.')
            if path not in self.block:
                return None
            index = starts[stage] + int(layer)
            return f'neck.encoder.blocks.{index}.{self.block[path]}.{leaf}'
        for pattern, ours in _OTHER.items():
            match = re.fullmatch(pattern, key)
            if match:
                return match.expand(ours)
        return None


TOKENPOSE = KeyTable(
    'TokenPose repository',
    {
        '0.fn.norm': 'norm1',
        '0.fn.fn.to_qkv': 'attention.qkv',
        '0.fn.fn.to_out.0': 'attention.projection',
        **_MLP,
    },
    may_prune=False,
)
PPT = KeyTable(
    'PPT repository',
    {
        '0.norm': 'norm1',
        '0.fn.to_qkv': 'attention.qkv',
        '0.fn.to_out.0': 'attention.projection',
        **_MLP,
    },
    may_prune=True,
)


def recognise(keys: Iterable[str]) -> Optional[KeyTable]:
    """The table of the repository that wrote these names, if it is known."""
    for key in keys:
        match = _BLOCK.fullmatch(key)
        if match and match[3].startswith('0.'):
            path = match[3].rpartition('.')[0]
            for table in (TOKENPOSE, PPT):
                if path in table.block:
                    return table
    return None


def family(keys: Iterable[str]) -> str:
    """The model class that the names belong to, in the papers' words."""
    keys = list(keys)
    if any('pos_3d_linear' in key for key in keys):
        return 'S (shallow CNN) for several views'
    if not any('conv1' in key for key in keys):
        return 'T (patches of the image)'
    if any('.transformer2.' in key for key in keys):
        return 'L (HRNet, three stages of blocks)'
    if any('.stage3.' in key for key in keys):
        return 'B (HRNet, one stage of blocks)'
    return 'S (shallow CNN)'


def _stage_starts(keys: List[str]) -> Dict[str, int]:
    """First block of each released transformer, counted over all of them."""
    layers: Dict[str, int] = {}
    for key in keys:
        match = _BLOCK.fullmatch(key)
        if match:
            stage = match[1]
            layers[stage] = max(layers.get(stage, 0), int(match[2]) + 1)
    starts, total = {}, 0
    for stage in sorted(layers):
        starts[stage] = total
        total += layers[stage]
    return starts
