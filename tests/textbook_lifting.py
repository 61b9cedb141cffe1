"""MixSTE, MotionBERT and their hourglasses in the released order: oracle and baseline.

Every layer makes its whole attention matrix, frames and joints change places by a copy,
all frames are computed to the end, and the recovering attention projects its queries
for each joint. It shares the weights of a model, and no code.
"""

import copy

import torch
from torch import nn


class TextbookMixSTE(nn.Module):
    """What MixSTE computes: joints attend, then frames, by turns."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, keypoints):
        """``(B, T, J, channels)`` to ``(B, F, J, 3)``, all frames that are left."""
        encoder, glass = self.model.backbone.encoder, self.model.backbone.hourglass
        frames = keypoints.shape[1]
        tokens = encoder.embedding(keypoints) + encoder.spatial_position
        for index, (spatial, temporal) in enumerate(
            zip(encoder.spatial, encoder.temporal)
        ):
            if glass is not None and index in glass.blocks:
                tokens = pruned(glass, index, tokens, frames)
            tokens = encoder.spatial_norm(of_joints(spatial, tokens))
            if index == 0:
                tokens = tokens + encoder.temporal_position[:, :frames, None]
            tokens = encoder.temporal_norm(of_frames(temporal, tokens))
        if glass is not None and glass.recovery is not None:
            tokens = recovered(glass.recovery, tokens, frames)
        return self.model.head(tokens)


class TextbookMotionBERT(nn.Module):
    """What MotionBERT computes: two streams of a depth, weighed for each token."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, keypoints):
        """``(B, T, J, channels)`` to ``(B, F, J, 3)``, all frames that are left."""
        encoder, glass = self.model.backbone.encoder, self.model.backbone.hourglass
        frames = keypoints.shape[1]
        tokens = encoder.embedding(keypoints) + encoder.spatial_position
        tokens = tokens + encoder.temporal_position[:, :frames]
        for index, (space, time) in enumerate(
            zip(encoder.space_first, encoder.time_first)
        ):
            if glass is not None and index in glass.blocks:
                tokens = pruned(glass, index, tokens, frames)
            first = of_frames(space.temporal, of_joints(space.spatial, tokens))
            second = of_joints(time.spatial, of_frames(time.temporal, tokens))
            both = torch.cat((first, second), dim=-1)
            alpha = encoder.fusions[index](both).softmax(dim=-1)
            tokens = first * alpha[..., 0:1] + second * alpha[..., 1:2]
        tokens = encoder.norm(tokens)
        if glass is not None and glass.recovery is not None:
            tokens = recovered(glass.recovery, tokens, frames)
        return self.model.head(tokens)


def of_joints(block, tokens):
    """A block over the joints of each frame."""
    batch, frames, joints, dim = tokens.shape
    mixed = through(block, tokens.reshape(batch * frames, joints, dim))
    return mixed.reshape(batch, frames, joints, dim)


def of_frames(block, tokens):
    """A block over the frames of each joint."""
    batch, frames, joints, dim = tokens.shape
    rows = tokens.permute(0, 2, 1, 3).reshape(batch * joints, frames, dim)
    mixed = through(block, rows).reshape(batch, joints, frames, dim)
    return mixed.permute(0, 2, 1, 3).contiguous()


def through(block, rows):
    """Attention, then MLP, each after a norm and with a residual."""
    attention = block.attention
    query, key, value = (
        heads(part, attention.num_heads)
        for part in attention.qkv(block.norm1(rows)).chunk(3, dim=-1)
    )
    rows = rows + attention.projection(mixed_by(query, key, value))
    return rows + block.mlp(block.norm2(rows))


def heads(rows, count):
    """``(B, L, C)`` as ``(B, H, L, C / H)``."""
    batch, length, dim = rows.shape
    return rows.reshape(batch, length, count, dim // count).permute(0, 2, 1, 3)


def mixed_by(query, key, value):
    """Attention by its whole matrix."""
    scale = query.shape[-1] ** -0.5
    matrix = ((query @ key.transpose(-2, -1)) * scale).softmax(dim=-1)
    mixed = (matrix @ value).transpose(1, 2)
    return mixed.reshape(*mixed.shape[:2], -1)


def pruned(glass, index, tokens, frames):
    """The frames that are density peaks, in the order of time (pruned once)."""
    if len(glass.blocks) > 1:
        raise ValueError(
            'hourglass.prune_blocks: the textbook prunes once; expected one block, got '
            f'{glass.blocks}'
        )
    (count,) = glass.counts
    scores = peaks(tokens.mean(dim=2))
    if glass.keep_centre:
        scores[:, frames // 2] = torch.inf
    order = torch.sort(scores, dim=1, descending=True, stable=True).indices
    kept = order[:, :count].sort(dim=1).values
    tokens = torch.stack([sample[rows] for sample, rows in zip(tokens, kept)])
    if len(glass.positions):
        tokens = tokens + glass.positions[0][:, :, None]
    return tokens


def peaks(features):
    """Density times distance to the nearest denser frame, the earlier of equals."""
    count, dim = features.shape[1:]
    mode = 'donot_use_mm_for_euclid_dist'
    distance = torch.cdist(features, features, compute_mode=mode) / dim**0.5
    nearest = torch.sort(distance, dim=2).values[:, :, :2]
    density = (-(nearest**2).mean(dim=2)).exp()
    mine, other = density.unsqueeze(2), density.unsqueeze(1)
    times = torch.arange(count, device=features.device)
    earlier = times.unsqueeze(0) < times.unsqueeze(1)
    denser = (other > mine) | ((other == mine) & earlier)
    most = distance.flatten(1).max(dim=1).values[:, None, None]
    return torch.where(denser, distance, most).min(dim=2).values * density


def recovered(recovery, tokens, frames):
    """All frames ask the kept ones, of each joint for itself."""
    batch, kept, joints, dim = tokens.shape
    rows = tokens.permute(0, 2, 1, 3).reshape(batch * joints, kept, dim)
    queries = recovery.queries[:, :frames].repeat(batch * joints, 1, 1)
    attention = recovery.attention
    query, key, value = (
        heads(part, attention.num_heads)
        for part in (
            *(attention.query(queries), attention.key(rows)),
            attention.value(rows),
        )
    )
    found = queries + attention.projection(mixed_by(query, key, value))
    found = found.reshape(batch, joints, frames, dim)
    return found.permute(0, 2, 1, 3).contiguous()


TEXTBOOKS = dict(MixSTE=TextbookMixSTE, MotionBERT=TextbookMotionBERT)


def textbook_lifter_of(model):
    """A copy of a lifter in the released order; None of a model without a textbook."""
    kind = TEXTBOOKS.get(type(model.backbone).__name__)
    return kind and kind(copy.deepcopy(model))
