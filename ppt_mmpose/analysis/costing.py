"""Finding out what models cost: parameters, tokens, multiply-adds and time."""

from typing import Dict, List, Optional, Sequence, Union

import torch
from mmengine.fileio import dump as write

from ppt_mmpose.apis.config_files import find_config
from ppt_mmpose.models import TokenPoseNeck

from .cost import Costs, ModelCost, RatioCost
from .latency import (
    expect_at_least,
    machine,
    measure_latency,
    thread_count,
    usable_device,
)
from .lifter_cost import LifterCost, add_lifter_latency, count_lifter
from .lifter_subject import LifterSubject, is_lifter, lifter_of, read_config
from .multiply_adds import MultiplyAdds, count_multiply_adds, count_normalised
from .papers import (
    outside_the_papers,
    papers_total,
    papers_transformer,
    papers_views,
    released_linears,
)
from .subject import Subject, subject_of
from .tokens_per_block import BlockTokens, tokens_per_block


def get_costs(
    configs: Sequence[str],
    *,
    keep_ratios: Optional[Sequence[float]] = None,
    latency: bool = True,
    batch_size: int = 1,
    threads: Optional[int] = None,
    device: str = 'cpu',
    repeats: int = 20,
    views: Optional[int] = None,
    cfg_options: Optional[dict] = None,
    out: Optional[str] = None,
) -> Costs:
    """Find out what models cost.

    Args:
        configs: paths, or names of our configs; any top-down model of MMPose, or one of
            our lifters.
        keep_ratios: ratios in (0, 1]; the config's own when None. None for lifters.
        latency: measure the time, too.
        batch_size: images, instants of several views, or sequences of a forward pass
            that is timed.
        threads: threads on the CPU; those that PyTorch would take when None.
        device: where it is timed.
        repeats: passes that are timed for each ratio.
        views: V, images of an instant, whose cost it is; when None, 4 for models that
            fuse views, and 1 for all others. None for lifters.
        cfg_options: changes to every config, by dotted key.
        out: JSON file for all of it.

    Raises:
        FileNotFoundError: if there is no such config.
        ValueError: for a ratio, number or device that cannot be, a ratio other than 1
            where nothing is pruned, a ratio or views of a lifter, or a config of
            another kind of model.
    """
    # Two repeats are what a spread takes.
    expect_at_least(batch_size=(batch_size, 1), repeats=(repeats, 2))
    if threads is not None:
        expect_at_least(threads=(threads, 1))
    place = usable_device(device) if latency else None
    # All of them first: a mistake in the last one shows before any time is measured.
    subjects = [
        _loaded(config, cfg_options, keep_ratios=keep_ratios, views=views)
        for config in configs
    ]
    models = [_counted(subject) for subject in subjects]
    measured_on: Optional[Dict[str, Union[str, int, float]]] = None
    if place is not None:
        with thread_count(threads):
            measured_on = machine(place)
            measured_on.update(batch_size=batch_size, repeats=repeats)
            for subject, cost in zip(subjects, models):
                _add_time(subject.on(place), cost, batch_size, repeats)
    costs = Costs(models, measured_on)
    if out:
        write(costs.as_dict(), out, file_format='json', indent=2)
    return costs


def _loaded(
    config: str,
    cfg_options: Optional[dict],
    *,
    keep_ratios: Optional[Sequence[float]],
    views: Optional[int],
) -> Union[Subject, LifterSubject]:
    name, cfg = find_config(config).stem, read_config(config, cfg_options)
    if not is_lifter(cfg):
        return subject_of(name, cfg, keep_ratios, views=views)
    if keep_ratios is not None:
        raise ValueError(
            f'keep_ratios: expected none for {name}, a lifter, which keeps numbers of '
            'frames (model.backbone.hourglass.kept_frames of its config), got '
            f'{list(keep_ratios)}'
        )
    if views is not None:
        raise ValueError(f'views: expected none for {name}, a lifter, got {views}')
    return lifter_of(name, cfg)


def _counted(subject: Union[Subject, LifterSubject]) -> Union[ModelCost, LifterCost]:
    if isinstance(subject, LifterSubject):
        return count_lifter(subject)
    return count_costs(subject)


def _add_time(
    subject: Union[Subject, LifterSubject],
    cost: Union[ModelCost, LifterCost],
    batch_size: int,
    repeats: int,
) -> None:
    if isinstance(subject, LifterSubject) and isinstance(cost, LifterCost):
        add_lifter_latency(subject, cost, batch_size, repeats)
    elif isinstance(subject, Subject) and isinstance(cost, ModelCost):
        _add_latency(subject, cost, batch_size, repeats)


def count_costs(subject: Subject) -> ModelCost:
    """All that can be counted, so without the latency."""
    parameters = list(subject.model.parameters())
    blueprint = subject.on(torch.device('meta'))
    images = blueprint.images()
    backbone = count_multiply_adds(lambda: blueprint.model.backbone(images))
    outside = outside_the_papers(blueprint.model, backbone)
    ratios: List[RatioCost] = []
    for keep_ratio in subject.keep_ratios:
        real = count_multiply_adds(blueprint.forward(keep_ratio, images))
        neck = blueprint.token_neck
        cost = RatioCost(
            keep_ratio,
            [] if neck is None else _tokens(subject, neck),
            real.total,
            real.linear_and_convolution,
        )
        if outside is None:
            _add_papers(blueprint, cost, backbone)
        ratios.append(cost)
    return ModelCost(
        subject.config,
        subject.input_size,
        sum(p.numel() for p in parameters),
        sum(p.numel() for p in parameters if p.requires_grad),
        subject.configured_keep_ratio,
        subject.views,
        outside,
        ratios,
    )


def _tokens(subject: Subject, neck: TokenPoseNeck) -> List[BlockTokens]:
    sets, size = subject.places().shape
    return tokens_per_block(neck, views=subject.views, together=(sets, size))


def _add_papers(blueprint: Subject, cost: RatioCost, backbone: MultiplyAdds) -> None:
    neck, head = blueprint.model.neck, blueprint.model.head
    linears = released_linears(neck, head, cost.tokens)
    cost.papers_total = papers_total(backbone.convolution, linears)
    if blueprint.views == 1:
        cost.papers_transformer = papers_transformer(neck)
    else:
        norms = count_normalised(blueprint.model.backbone, blueprint.images())
        cost.papers_views = papers_views(backbone.convolution, norms, linears)


def _add_latency(
    subject: Subject, cost: ModelCost, batch_size: int, repeats: int
) -> None:
    images = subject.images(batch_size)
    latencies = measure_latency(
        [subject.forward(ratio, images) for ratio in subject.keep_ratios],
        repeats=repeats,
        device=images.device,
    )
    for ratio, latency in zip(cost.ratios, latencies):
        ratio.latency = latency
