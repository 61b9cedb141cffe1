"""What 'multiply-adds' means: conventions of images and of sequences, with units."""

from dataclasses import dataclass

GIGA = 10**9
# The released model summary divides by it.
GIBI = 1024**3


@dataclass(frozen=True)
class Convention:
    """A way to count.

    Attributes:
        key: its name in :class:`ppt_mmpose.analysis.RatioCost` or
            :class:`ppt_mmpose.analysis.OutputCost`, and in JSON files.
        title: its name for people.
        unit: what a printed 1 stands for.
        rule: what counts.
    """

    key: str
    title: str
    unit: int
    rule: str


CONVENTIONS = (
    Convention(
        'real',
        'real',
        GIGA,
        'all that this package computes for one image, or for all views of one '
        'instant: convolutions, linear layers '
        'and attention products. It is less than the released code computes: tokens '
        'that are about to go get no attention output, and the last block computes '
        'the keypoint tokens alone. In 10^9.',
    ),
    Convention(
        'linear_and_convolution',
        'linear + conv',
        GIGA,
        'the same without attention products. In 10^9.',
    ),
    Convention(
        'papers_total',
        "papers' total",
        GIBI,
        'the rule of the tables of TokenPose and PPT, for the released structure: a '
        'linear layer costs its outputs times the number of tokens (not of channels), '
        'attention products nothing. In 1024^3.',
    ),
    Convention(
        'papers_transformer',
        "papers' transformer",
        GIBI,
        "PPT's GFLOPs^T: 10 L C^2 + 2 L^2 C for each block of L tokens, those that "
        'its pruning leaves, as that paper counts them. Of one image. In 1024^3.',
    ),
    Convention(
        'papers_views',
        "paper's views",
        GIGA,
        "the rule that fits the MACs of PPT's tables of several views, for the "
        'released structure: convolutions, linear layers and batch norms (two for '
        'each number) of all views. In 10^9.',
    ),
)

# Of lifters, which take a sequence of frames in place of an image.
LIFTER_CONVENTIONS = (
    Convention(
        'real',
        'real',
        GIGA,
        'all that this package computes for one sequence: convolutions, linear layers '
        'and attention products. Less than the released code: queries of the '
        'recovering attention are made once for all joints, and where the centre frame '
        'is wanted the last block computes it alone. In 10^9.',
    ),
    Convention(
        'linear_and_convolution',
        'linear + conv',
        GIGA,
        'the same without attention products. In 10^9.',
    ),
    Convention(
        'papers_flops',
        "papers' FLOPs",
        GIGA,
        'operations of one sequence, two for each multiply-add of linear layers and '
        'convolutions of the released structure, which computes all frames; attention '
        'products do not count. In 10^9.',
    ),
)
