"""The records of what models cost."""

from dataclasses import asdict, dataclass
from typing import Any, Dict, List, Optional, Tuple, Union

from .conventions import CONVENTIONS, LIFTER_CONVENTIONS
from .latency import Latency
from .lifter_cost import LifterCost
from .tokens_per_block import BlockTokens


@dataclass
class RatioCost:
    """Cost at one keep ratio, in single multiply-adds: of one image, or of one instant.

    Attributes:
        keep_ratio: 1 for a model that never prunes.
        tokens: of every block; empty for a model without our neck.
        real: see :data:`ppt_mmpose.analysis.CONVENTIONS`, as for the others.
        linear_and_convolution: part of ``real``.
        papers_total: None where the papers' rules do not apply.
        papers_transformer: None where the papers' rules do not apply, and for instants
            of several views.
        papers_views: None where the papers' rules do not apply, and for one image.
        latency: None where it was not measured.
    """

    keep_ratio: float
    tokens: List[BlockTokens]
    real: int
    linear_and_convolution: int
    papers_total: Optional[int] = None
    papers_transformer: Optional[int] = None
    papers_views: Optional[int] = None
    latency: Optional[Latency] = None


@dataclass
class ModelCost:
    """Cost of one model.

    Attributes:
        config: its name.
        input_size: width and height of the image, in px.
        parameters: numbers in all weights.
        trainable: of these, the ones that training changes.
        configured_keep_ratio: the config's own.
        views: V, images of an instant; 1 for costs of one image.
        outside_the_papers: why the papers' rules do not apply; None if they do.
        ratios: one for each keep ratio.
    """

    config: str
    input_size: Tuple[int, int]
    parameters: int
    trainable: int
    configured_keep_ratio: float
    views: int
    outside_the_papers: Optional[str]
    ratios: List[RatioCost]


@dataclass
class Costs:
    """Costs of several models.

    Attributes:
        models: one for each config, of images or of sequences.
        machine: what latencies were measured on, and how; None if they were not.
    """

    models: List[Union[ModelCost, LifterCost]]
    machine: Optional[Dict[str, Union[str, int, float]]]

    def as_dict(self) -> Dict[str, Any]:
        """Plain values for JSON, with the conventions that they follow."""
        lifters = any(isinstance(model, LifterCost) for model in self.models)
        images = not all(isinstance(model, LifterCost) for model in self.models)
        found = asdict(self)
        if images or not lifters:
            found['conventions'] = [asdict(each) for each in CONVENTIONS]
        if lifters:
            found['lifter_conventions'] = [asdict(each) for each in LIFTER_CONVENTIONS]
        return found
