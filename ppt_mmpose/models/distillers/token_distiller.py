"""DPPT: a dense TokenPose teaches the pruned student (equation 3).

Differences to the paper, which leaves them open: squares are means unless a sum is
asked for; once the student has pruned, its attention is compared where it has some;
the loss of the ground truth is the one that the student's config has.
"""

from typing import Any, Dict, List, Optional, cast

from mmengine.model import BaseModel
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample
from torch import Tensor, nn

from ..losses import (
    AttentionDistillation,
    HeatmapDistillation,
    TokenDistillation,
)
from ..pose_estimators import TopdownTokenPose
from .belonging import Pairs, attention_pairs, check_heatmaps, check_tokens
from .estimators import Given, build_estimator, load_whole
from .teacher import Teacher

HEATMAPS = dict(type='HeatmapDistillation')
ATTENTION = dict(type='AttentionDistillation')


@MODELS.register_module()
class TokenDistiller(BaseModel):
    """A student in training, and a frozen teacher beside it.

    The loss is the student's own, plus up to three terms: ``loss_heatmap_kd``,
    ``loss_attention_kd`` and ``loss_token_kd``. Student and teacher see the same
    augmented batch, each once. Prediction is the student's alone, and so are weights,
    optimiser state and checkpoints, whose keys begin with ``student.``
    (``tools/export_student.py`` takes that away).

    A multi-view student learns from a multi-view teacher, or from one of single views;
    attention is compared in the blocks that see one view.

    Args:
        student: a TopdownTokenPose: path or name of a config, config of a model, or a
            built model, whose weights are kept as they are.
        teacher: any top-down model of MMPose with heatmaps; the same ways. Terms beyond
            heatmaps need a TopdownTokenPose that keeps all patches.
        teacher_checkpoint: its weights, which must fit; None for a built model alone.
        student_checkpoint: weights to begin with; as ``student`` says when None.
        heatmap_loss: config of a HeatmapDistillation; None leaves the term out.
        attention_loss: config of an AttentionDistillation; None leaves the term out.
        token_loss: config of a TokenDistillation; None leaves the term out.
        init_cfg: as in MMEngine.

    Raises:
        FileNotFoundError: if a config is missing; when a training begins, for weights.
        ValueError: for a student or teacher of another kind, or a teacher without
            weights, one that shares weights with the student, or a term that is none;
            when a training begins, for one that does not belong to the student.
    """

    student: TopdownTokenPose

    def __init__(
        self,
        student: Given,
        teacher: Given,
        *,
        teacher_checkpoint: Optional[str] = None,
        student_checkpoint: Optional[str] = None,
        heatmap_loss: Optional[dict] = HEATMAPS,
        attention_loss: Optional[dict] = ATTENTION,
        token_loss: Optional[dict] = None,
        init_cfg: object = None,
    ) -> None:
        built = build_estimator('student', student)
        if not isinstance(built, TopdownTokenPose):
            raise ValueError(
                'student: expected a model of type TopdownTokenPose, got '
                f'{type(built).__name__}'
            )
        if isinstance(teacher, nn.Module):
            _check_apart(built, teacher)
        super().__init__(data_preprocessor=built.data_preprocessor, init_cfg=init_cfg)
        self.student = built
        if isinstance(student, nn.Module):
            built.is_init = True
        self.teacher = Teacher(teacher, teacher_checkpoint)
        self.student_checkpoint = student_checkpoint
        self.heatmap_loss = _term('heatmap_loss', heatmap_loss, HeatmapDistillation)
        self.attention_loss = _term(
            'attention_loss', attention_loss, AttentionDistillation
        )
        self.token_loss = _term('token_loss', token_loss, TokenDistillation)
        self._pairs: Optional[Pairs] = None
        self._saw_data = False

    @property
    def test_cfg(self) -> dict:
        """The student's, which MMPose's inferencers write to."""
        return self.student.test_cfg

    @property
    def keep_ratio(self) -> float:
        """Part of the visual tokens that the student keeps at each pruning, now."""
        return self.student.keep_ratio

    def set_keep_ratio(self, keep_ratio: float) -> None:
        """Let the student prune to another ratio from now on, see TopdownTokenPose."""
        self.student.set_keep_ratio(keep_ratio)

    @property
    def learns_from_teacher(self) -> bool:
        """Whether there is a term for it; without one, no teacher is needed."""
        terms = (self.heatmap_loss, self.attention_loss, self.token_loss)
        return any(term is not None for term in terms)

    def init_weights(self) -> None:
        """Initialise the student, and make the teacher ready.

        MMEngine's runner calls it before the first step. What is wrong with the teacher
        comes to light here.
        """
        first = not self.is_init
        super().init_weights()
        if first and self.student_checkpoint is not None:
            load_whole('student', self.student, self.student_checkpoint)
        if self.learns_from_teacher:
            self._agree()

    def forward(
        self,
        inputs: Tensor,
        data_samples: Optional[List[PoseDataSample]] = None,
        mode: str = 'tensor',
    ) -> Any:
        """As a pose estimator; all but the losses is the student's.

        Args:
            inputs: ``(B, 3, height, width)``, normalised.
            data_samples: B of them; with target heatmaps for losses.
            mode: ``'loss'``, ``'predict'`` or ``'tensor'``.
        """
        if mode == 'loss':
            return self.loss(inputs, cast(List[PoseDataSample], data_samples))
        return self.student(inputs, data_samples, mode)

    def loss(
        self, inputs: Tensor, data_samples: List[PoseDataSample]
    ) -> Dict[str, Tensor]:
        """Losses of the student, and what it learns from the teacher.

        Args:
            inputs: ``(B, 3, height, width)``, normalised.
            data_samples: B of them, with target heatmaps.

        Raises:
            ValueError: if the teacher does not belong to student or data.
        """
        if not self.learns_from_teacher:
            return self.student.loss(inputs, data_samples)
        pairs = self._agree()
        if not self._saw_data:
            self.teacher.check_keypoints(data_samples[0])
            self._saw_data = True
        student, guided = self.student, self.student.guided_blocks
        wanted = {*guided, *(block for block, _ in pairs)}
        ours = student.run(inputs, data_samples, attention_blocks=wanted)
        losses = student.losses_of(ours, data_samples)
        wanted = {block for _, block in pairs}
        theirs = self.teacher.run(inputs, data_samples, attention_blocks=wanted)
        if self.heatmap_loss is not None:
            term = self.heatmap_loss(ours.heatmaps, theirs.heatmaps)
            losses['loss_heatmap_kd'] = term
        if self.attention_loss is not None:
            seen = [
                {one.block: one for one in each.attention} for each in (ours, theirs)
            ]
            term = self.attention_loss(
                [seen[0][block] for block, _ in pairs],
                [seen[1][block] for _, block in pairs],
            )
            losses['loss_attention_kd'] = term
        if self.token_loss is not None:
            losses['loss_token_kd'] = self.token_loss(ours.tokens, theirs.tokens)
        return student.over_processes(losses, len(inputs))

    def _agree(self) -> Pairs:
        """Pairs of blocks to compare, once it is sure that the two belong together."""
        if self._pairs is not None:
            return self._pairs
        teacher = self.teacher.model
        check_heatmaps(self.student, teacher)
        if self.token_loss is not None:
            check_tokens(self.student, teacher)
        pairs: Pairs = ()
        if self.attention_loss is not None:
            layer_map = self.attention_loss.layer_map
            pairs = attention_pairs(self.student, teacher, layer_map)
        self._pairs = pairs
        return pairs


def _term(name: str, config: Optional[dict], kind: type) -> Any:
    """Build a term of the loss.

    Raises:
        ValueError: if the config is none, or of another term.
    """
    if config is None:
        return None
    term = MODELS.build(config) if isinstance(config, dict) else config
    if not isinstance(term, kind):
        raise ValueError(
            f'{name}: expected the config of a {kind.__name__}, or None to leave the '
            f'term out, got {config!r}'
        )
    return term


def _check_apart(student: nn.Module, teacher: nn.Module) -> None:
    """Freezing the teacher must not freeze the student.

    Raises:
        ValueError: naming a weight that both have.
    """
    theirs = {id(parameter) for parameter in teacher.parameters()}
    for name, parameter in student.named_parameters():
        if id(parameter) in theirs:
            raise ValueError(
                'teacher: expected a model of its own, got one that shares weights '
                f'with the student, such as {name}'
            )
