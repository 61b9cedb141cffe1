"""Names of weights in the released checkpoints of HoT's repository, and ours.

Of the models without its hourglass the names are those of the models' own repositories,
too, as far as HoT took them over.
"""

import re
from dataclasses import dataclass
from typing import Dict, Iterable, Optional

# Inside a block of MixSTE, and of MHFormer's generation.
_BLOCK = {
    r'norm(\d)': 'norm{}',
    r'attn\.qkv': 'attention.qkv',
    r'attn\.proj': 'attention.projection',
    r'mlp\.fc1': 'mlp.0',
    r'mlp\.fc2': 'mlp.2',
}
_ASKING = {
    r'linear_q': 'query',
    r'linear_k': 'key',
    r'linear_v': 'value',
    r'proj': 'projection',
}


def _within(outside: str, ours: str, inside: Dict[str, str]) -> Dict[str, str]:
    """Patterns and templates of parts of a part."""
    return {f'{outside}{part}': f'{ours}{name}' for part, name in inside.items()}


def _hourglass(ours: str) -> Dict[str, str]:
    return {
        r'pos_embed_token': f'{ours}.positions.0',
        r'x_token': f'{ours}.recovery.queries',
        **_within(r'cross_attention\.', f'{ours}.recovery.attention.', _ASKING),
    }


_MIXSTE = {
    r'Spatial_pos_embed': 'backbone.encoder.spatial_position',
    r'Temporal_pos_embed': 'backbone.encoder.temporal_position',
    r'Spatial_patch_to_embedding': 'backbone.encoder.embedding',
    r'Spatial_norm': 'backbone.encoder.spatial_norm',
    r'Temporal_norm': 'backbone.encoder.temporal_norm',
    **_within(r'STEblocks\.(\d+)\.', 'backbone.encoder.spatial.{}.', _BLOCK),
    **_within(r'TTEblocks\.(\d+)\.', 'backbone.encoder.temporal.{}.', _BLOCK),
    r'head\.0': 'head.pre_logits',
    r'head\.1': 'head.fc',
    **_hourglass('backbone.encoder.hourglass'),
}
# Our MotionBERT writes MMPose's names.
_MOTIONBERT = {
    r'temp_embed': 'backbone.temp_embed',
    r'pos_embed': 'backbone.spat_embed',
    r'(joints_embed|norm)': 'backbone.{}',
    r'ts_attn\.(\d+)': 'backbone.attn_regress.{}',
    r'(blocks_(?:st|ts)\.\d+\.norm[12]_[st])': 'backbone.{}',
    r'(blocks_(?:st|ts)\.\d+\.attn_[st]\.(?:qkv|proj))': 'backbone.{}',
    r'(blocks_(?:st|ts)\.\d+\.mlp_[st])\.fc1': 'backbone.{}.0',
    r'(blocks_(?:st|ts)\.\d+\.mlp_[st])\.fc2': 'backbone.{}.2',
    r'pre_logits\.fc': 'head.pre_logits.fc',
    r'head': 'head.fc',
    **_hourglass('backbone.hourglass'),
}
_ALL = r'Transformer_hypothesis\.'
# Hypotheses are counted from 1 there, and from 0 here (in angle brackets).
_MHFORMER = {
    r'norm_(\d)': 'backbone.encoder.generation.<>.norm_before',
    r'Transformer_encoder_(\d)\.pos_embed': 'backbone.encoder.generation.<>.position',
    r'Transformer_encoder_(\d)\.norm': 'backbone.encoder.generation.<>.norm_after',
    **_within(
        r'Transformer_encoder_(\d)\.blocks\.(\d+)\.',
        'backbone.encoder.generation.<>.blocks.{}.',
        _BLOCK,
    ),
    r'embedding_(\d)': 'backbone.encoder.embedding.<>',
    _ALL + r'pos_embed_(\d)': 'backbone.encoder.positions.<>',
    _ALL + r'SHR_blocks\.(\d+)\.norm1_(\d)': 'backbone.encoder.refinement.{}.norm1.<>',
    _ALL + r'SHR_blocks\.(\d+)\.attn_(\d)\.qkv': (
        'backbone.encoder.refinement.{}.attention.<>.qkv'
    ),
    _ALL + r'SHR_blocks\.(\d+)\.attn_(\d)\.proj': (
        'backbone.encoder.refinement.{}.attention.<>.projection'
    ),
    _ALL + r'CHI_blocks\.(\d+)\.norm3_(\d)(\d)': (
        'backbone.encoder.interaction.{}.norm1.<>.<>'
    ),
    **_within(
        _ALL + r'CHI_blocks\.(\d+)\.attn_(\d)\.',
        'backbone.encoder.interaction.{}.attention.<>.',
        _ASKING,
    ),
    **{
        rf'{_ALL}{kind}_blocks\.(\d+)\.{part}': f'backbone.encoder.{name}.{{}}.{ours}'
        for kind, name in (('SHR', 'refinement'), ('CHI', 'interaction'))
        for part, ours in ((r'norm2', 'norm2'), (r'mlp\.fc1', 'mlp.0'))
    },
    **{
        rf'{_ALL}{kind}_blocks\.(\d+)\.mlp\.fc2': f'backbone.encoder.{name}.{{}}.mlp.2'
        for kind, name in (('SHR', 'refinement'), ('CHI', 'interaction'))
    },
    _ALL + r'norm': 'backbone.encoder.norm',
    r'regression\.0': 'head.pre_logits',
    r'regression\.1': 'head.fc',
}
# Names that are no layer with weights and biases.
_LEAVES = ('weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked')


@dataclass(frozen=True)
class LifterKeys:
    """How HoT's repository names the weights of one model.

    Attributes:
        family: the model, in the paper's words.
        patterns: of the released names without their last part, with the names that
            are ours.
        typical: a name that no other model has.
        may_prune: its pruned models have the names and shapes of dense ones.
    """

    family: str
    patterns: Dict[str, str]
    typical: str
    origin: str = 'HoT repository'
    may_prune: bool = True

    def rename(self, keys: Iterable[str]) -> Dict[str, Optional[str]]:
        """Map released names to ours; to None where the table has no entry."""
        return {key: self._rename(key) for key in keys}

    def _rename(self, key: str) -> Optional[str]:
        layer, _, leaf = key.rpartition('.')
        ending = f'.{leaf}'
        if leaf not in _LEAVES:
            layer, ending = key, ''
        for pattern, template in self.patterns.items():
            match = re.fullmatch(pattern, layer)
            if match:
                return _filled(template, match.groups()) + ending
        return None


def _filled(template: str, groups: Iterable[str]) -> str:
    """Put what a pattern found into a template, one after the other."""
    rest = iter(groups)
    parts = re.split(r'(\{\}|<>)', template)
    put = {'{}': lambda: next(rest), '<>': lambda: str(int(next(rest)) - 1)}
    return ''.join(put[part]() if part in put else part for part in parts)


MIXSTE = LifterKeys('MixSTE', _MIXSTE, 'Spatial_patch_to_embedding.weight')
MOTIONBERT = LifterKeys('MotionBERT', _MOTIONBERT, 'ts_attn.0.weight')
MHFORMER = LifterKeys('MHFormer', _MHFORMER, 'Transformer_encoder_1.pos_embed')
_OF_MOTIONAGFORMER = 'layers.0.att_spatial.mixer.qkv.weight'


def recognise_lifter(keys: Iterable[str]) -> Optional[LifterKeys]:
    """The table of the model that has these names, if it is known."""
    names = set(keys)
    for table in (MIXSTE, MOTIONBERT, MHFORMER):
        if table.typical in names:
            return table
    return None


def unsupported_lifter(keys: Iterable[str]) -> Optional[str]:
    """The model of HoT's repository that has these names, if it is none of ours."""
    return 'MotionAGFormer' if _OF_MOTIONAGFORMER in set(keys) else None
