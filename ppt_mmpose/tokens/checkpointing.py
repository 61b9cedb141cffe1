"""Computing twice what does not have to be stored (gradient checkpointing).

A training stores what every block computes until the backward pass has used it. Here
only what enters a block is stored, and the block runs once more in the backward pass:
about a third more work, for a part of the memory (Chen et al., *Training Deep Nets with
Sublinear Memory Cost*, 2016).
"""

from typing import Callable, Optional, TypeVar

from torch import Tensor
from torch.utils.checkpoint import checkpoint

from .sequence import TokenSequence

Result = TypeVar('Result')


def compute_twice(
    step: Callable[[TokenSequence], Result], sequence: TokenSequence
) -> Result:
    """Run a step of the encoder, and once more when its gradient is computed.

    The second run is in the autocast state of the first, and chooses the same tokens:
    nothing in a block is random, and ties are broken by order.

    Args:
        step: a part of a block.
        sequence: what it gets.

    Returns:
        What the step returns, with the same gradients.
    """
    num_keypoints = sequence.num_keypoints

    # Tensors go in one by one, so that torch sees them and stores nothing else.
    def run(
        tokens: Tensor,
        source: Tensor,
        position: Optional[Tensor],
        present: Optional[Tensor],
    ) -> Result:
        return step(TokenSequence(tokens, num_keypoints, source, position, present))

    return checkpoint(
        run,
        sequence.tokens,
        sequence.source,
        sequence.position,
        sequence.present,
        use_reentrant=False,
        # There is no dropout; on an accelerator, reading random states means to wait.
        preserve_rng_state=False,
    )
