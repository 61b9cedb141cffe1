"""TokenPose and PPT as the papers' equations say it: oracle and baseline.

Every layer makes its whole attention matrix (TokenPose, equation 1), every pruning
layer takes its scores from it and gathers tokens afterwards (PPT, section 3.1), patches
are cut out before a linear layer projects them. It shares the weights of a model, and
no code: nothing is fused, left out or made once.

Several views go as the released multi-view PPT has them: a loop over views with shared
weights, in which each goes alone through stem and blocks; then the tokens of all views
are joined and attend to each other in full; then a loop over views for the head.
"""

import copy
import math

import torch
from torch import nn


class TextbookNeck(nn.Module):
    """What TokenPoseNeck computes; gradients reach the weights that both share."""

    def __init__(self, neck):
        super().__init__()
        self.neck = neck
        # Where whole attention matrices are put, and what their columns stand for.
        self.maps = None

    def forward(self, features):
        neck = self.neck
        stages = neck.encoder._stage_ends
        tokens = embed(features[-1], neck.patch_embedding.projection)
        position = neck.position
        keypoints = neck.keypoint_tokens
        batch, joints = tokens.shape[0], keypoints.shape[1]
        if position is not None:
            position = position.expand(batch, -1, -1)
            tokens = tokens + position
        tokens = torch.cat((keypoints.expand(batch, -1, -1), tokens), dim=1)
        out, source = [], torch.arange(tokens.shape[1] - joints, device=tokens.device)
        source = source.expand(batch, -1)
        for index, block in enumerate(neck.encoder.blocks):
            if position is not None and index not in neck.encoder._without_position:
                visual = tokens[:, joints:] + position
                tokens = torch.cat((tokens[:, :joints], visual), dim=1)
            attended, attention = attend(block, block.norm1(tokens))
            if self.maps is not None:
                self.maps.append((attention, source))
            tokens = tokens + attended
            schedule = neck.encoder.schedule
            if index in schedule.blocks and schedule.keep_ratio < 1:
                kept = chosen(attention, joints, schedule.keep_ratio)
                source = source.gather(1, kept)
                kept = kept.unsqueeze(-1).expand(-1, -1, tokens.shape[-1])
                visual = tokens[:, joints:].gather(1, kept)
                tokens = torch.cat((tokens[:, :joints], visual), dim=1)
                if position is not None:
                    position = position.gather(1, kept)
            tokens = tokens + block.mlp(block.norm2(tokens))
            if index in stages:
                out.append(tokens[:, :joints])
        return (torch.cat(out, dim=-1),)


class TextbookViews(nn.Module):
    """What MultiViewTokenPose computes of views without lenses."""

    def __init__(self, model):
        super().__init__()
        if model.undistort:
            raise ValueError(
                'model.undistort: the textbook knows no lenses; expected False, got '
                'True'
            )
        if model.view_sets is not None:
            raise ValueError(
                'model.view_sets: the textbook joins all views; expected None, got '
                f'{model.view_sets}'
            )
        self.model = model

    def forward(self, images, samples, mode='tensor'):
        """Heatmaps; every instant has the same views, in the same order."""
        encoder, fused = self.model.neck.encoder, self.model.neck.encoder.first_fused
        joints = self.model.neck.keypoint_tokens.shape[1]
        numbers = range(len(samples))
        names = dict.fromkeys(sample.view_id for sample in samples)
        views = [[n for n in numbers if samples[n].view_id == name] for name in names]
        keypoints, visual, positions = [], [], []
        for view in views:
            tokens, position = self.alone(images[view], [samples[n] for n in view])
            keypoints.append(tokens[:, :joints])
            visual.append(tokens[:, joints:])
            positions.append(position)
        tokens = torch.cat((*keypoints, *visual), dim=1)
        position, total = torch.cat(positions, dim=1), len(views) * joints
        for block in encoder.blocks[fused:]:
            tokens, _ = through(block, placed(tokens, position, total), total, 1)
        heatmaps = [
            self.model.head((tokens[:, joints * view : joints * (view + 1)],))
            for view in range(len(views))
        ]
        order = torch.tensor(views).flatten().argsort()
        return torch.cat(heatmaps)[order]

    def alone(self, images, samples):
        """Tokens of one view that its pruned blocks leave, and their positions."""
        neck, encoder = self.model.neck, self.model.neck.encoder
        joints = neck.keypoint_tokens.shape[1]
        tokens, position, count = begin(neck, self.model.backbone(images)[-1])
        source = torch.arange(count).expand(len(images), -1)
        for index, block in enumerate(encoder.blocks[: encoder.first_fused]):
            if index:
                tokens = placed(tokens, position, joints)
            kept_ratio = ratio(encoder.schedule, index)
            tokens, kept = through(block, tokens, joints, kept_ratio)
            if kept is not None:
                position, source = picked(position, kept), source.gather(1, kept)
        if neck.position_3d is not None:
            grid = neck.patch_embedding.grid
            rays = torch.stack([rays_of(sample, grid) for sample in samples])
            position = position + picked(neck.position_3d(rays.to(tokens)), source)
        return tokens, position


def rays_of(sample, grid):
    """Where the patches of a crop look: R^T of what a pinhole makes of their centres.

    The release carries a point on each ray into the world and takes the camera's centre
    away again; here the direction alone is turned.
    """
    (rows, columns), (width, height) = grid, sample.input_size
    y = (torch.arange(rows).double() + 0.5) * (height / rows) - 0.5
    x = (torch.arange(columns).double() + 0.5) * (width / columns) - 0.5
    ones = torch.ones(rows * columns).double()
    pixels = torch.stack((x.repeat(rows), y.repeat_interleave(columns), ones))
    affine = torch.eye(3).double()
    affine[:2] = torch.as_tensor(sample.crop_affine)
    intrinsics = torch.as_tensor(sample.camera['intrinsics'])
    seen = torch.linalg.inv(intrinsics) @ (torch.linalg.inv(affine) @ pixels)
    directions = torch.as_tensor(sample.camera['rotation']).T @ seen
    return (directions / directions.norm(dim=0)).T


def begin(neck, features):
    """Tokens that enter the first block, positions of the visual ones, their number."""
    tokens = embed(features, neck.patch_embedding.projection)
    batch, count, _ = tokens.shape
    position = neck.position
    if position is not None:
        position = position.expand(batch, -1, -1)
        tokens = tokens + position
    keypoints = neck.keypoint_tokens.expand(batch, -1, -1)
    return torch.cat((keypoints, tokens), dim=1), position, count


def placed(tokens, position, joints):
    """Tokens with the positions of the visual ones added."""
    if position is None:
        return tokens
    return torch.cat((tokens[:, :joints], tokens[:, joints:] + position), dim=1)


def picked(values, kept):
    """Of each sample those of its visual tokens that are kept."""
    if values is None:
        return None
    return values.gather(1, kept.unsqueeze(-1).expand(-1, -1, values.shape[-1]))


def ratio(schedule, index):
    """Part of the visual tokens that a block leaves."""
    return schedule.keep_ratio if index in schedule.blocks else 1


def through(block, tokens, joints, keep_ratio):
    """Tokens after a block, and which visual ones it left; None for all of them."""
    kept = None
    attended, attention = attend(block, block.norm1(tokens))
    tokens = tokens + attended
    if keep_ratio < 1:
        kept = chosen(attention, joints, keep_ratio)
        tokens = torch.cat((tokens[:, :joints], picked(tokens[:, joints:], kept)), 1)
    return tokens + block.mlp(block.norm2(tokens)), kept


def embed(features, projection):
    """Patches, flattened and projected by a linear layer."""
    batch, channels, height, width = features.shape
    rows, columns = projection.kernel_size
    patches = features.reshape(
        batch, channels, height // rows, rows, width // columns, columns
    )
    patches = patches.permute(0, 2, 4, 3, 5, 1).reshape(
        batch, -1, rows * columns * channels
    )
    weight = projection.weight.permute(0, 2, 3, 1).flatten(1)
    return nn.functional.linear(patches, weight, projection.bias)


def attend(block, tokens):
    """softmax(q k^T) v of every head, projected; and the attention itself."""
    attention = block.attention
    batch, length, channels = tokens.shape
    qkv = attention.qkv(tokens).reshape(batch, length, 3, attention.num_heads, -1)
    query, key, value = qkv.permute(2, 0, 3, 1, 4)
    probabilities = ((query @ key.transpose(-2, -1)) * attention.scale).softmax(-1)
    mixed = (probabilities @ value).transpose(1, 2).reshape(batch, length, channels)
    return attention.projection(mixed), probabilities


def chosen(attention, joints, keep_ratio):
    """The visual tokens that the keypoints attend to most, the first one first."""
    scores = attention[:, :, :joints, joints:].mean(dim=1).sum(dim=1)
    count = math.ceil(scores.shape[1] * keep_ratio)
    order = torch.sort(scores.detach(), dim=1, descending=True, stable=True)
    return order.indices[:, :count]


class TextbookDistiller(nn.Module):
    """DPPT (equations 1 to 3) by way of the whole attention matrices of both models."""

    def __init__(self, distiller):
        super().__init__()
        self.student = textbook_of(distiller.student)
        self.teacher = [textbook_of(distiller.teacher.model)]  # no part of the model
        self.weights = distiller.heatmap_loss, distiller.attention_loss
        self.parse_losses = distiller.parse_losses

    def forward(self, inputs, data_samples, mode):
        student, teacher = self.student, self.teacher[0].to(inputs)
        heatmaps, maps = watched(student, inputs)
        with torch.no_grad():
            targets, all_maps = watched(teacher, inputs)
        losses = student.head.loss_of(heatmaps, data_samples)
        of_heatmaps, of_attention = (term.loss_weight for term in self.weights)
        losses['loss_heatmap_kd'] = of_heatmaps * ((heatmaps - targets) ** 2).mean()
        total, joints = 0, heatmaps.shape[1]
        for (ours, source), (theirs, _) in zip(maps, all_maps):
            ours, theirs = (
                each.mean(dim=1)[:, :joints, joints:] for each in (ours, theirs)
            )
            theirs = theirs.gather(2, source[:, None].expand_as(ours))
            total = total + ((ours - theirs) ** 2).mean()
        losses['loss_attention_kd'] = of_attention * total
        return losses


def watched(model, inputs):
    """Heatmaps of a textbook estimator, and the attention of all its blocks."""
    model.neck.maps = []
    heatmaps = model.head.forward(model.extract_feat(inputs))
    maps, model.neck.maps = model.neck.maps, None
    return heatmaps, maps


def textbook_of(model):
    """A copy of a pose estimator with the textbook's neck in the place of ours.

    Its stem lays out memory as the released one does. A distiller has two estimators.
    """
    if hasattr(model, 'student'):
        return TextbookDistiller(model)
    model = copy.deepcopy(model)
    if hasattr(model.backbone, 'channels_last'):
        model.backbone.channels_last = False
    model.neck = TextbookNeck(model.neck)
    return model


def textbook_views_of(model):
    """A copy of a multi-view pose estimator, run in the released order.

    Args:
        model: a MultiViewTokenPose that fuses its views and does not undistort.
    """
    model = copy.deepcopy(model)
    if hasattr(model.backbone, 'channels_last'):
        model.backbone.channels_last = False
    return TextbookViews(model)
