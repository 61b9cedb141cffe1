"""What a model costs: parameters, tokens, multiply-adds in named conventions, time."""

from .conventions import CONVENTIONS, LIFTER_CONVENTIONS, Convention
from .cost import Costs, ModelCost, RatioCost
from .costing import get_costs
from .latency import Latency, measure_latency
from .lifter_cost import LifterCost, OutputCost
from .multiply_adds import MultiplyAdds, count_multiply_adds
from .report import costs_report
from .tokens_per_block import BlockTokens, tokens_per_block

__all__ = [
    'CONVENTIONS',
    'LIFTER_CONVENTIONS',
    'BlockTokens',
    'Convention',
    'Costs',
    'Latency',
    'LifterCost',
    'ModelCost',
    'MultiplyAdds',
    'OutputCost',
    'RatioCost',
    'costs_report',
    'count_multiply_adds',
    'get_costs',
    'measure_latency',
    'tokens_per_block',
]
