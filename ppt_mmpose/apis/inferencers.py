"""MMPose's inferencer, which takes boxes, and draws what the model sees."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence, Union

from mmpose.apis import MMPoseInferencer
from mmpose.structures import PoseDataSample

from ..visualization.figures import (
    checked_figures,
    draw_figures,
    needed_records,
    write_figures,
)
from ..visualization.recording import find_token_estimator, fuses_views, record_tokens
from ..visualization.token_pass import TokenRecord
from .given_boxes import Boxes, GivenBoxes
from .images_only import expecting_images


@dataclass(frozen=True)
class _Request:
    figures: Sequence[str]
    keypoints: Optional[Sequence[str]]
    folder: Optional[str]


class TokenPoseInferencer(MMPoseInferencer):
    """MMPoseInferencer with ``bboxes`` and ``draw_tokens``; arguments as there.

    Without them it does what MMPoseInferencer does.
    """

    forward_kwargs: set = MMPoseInferencer.forward_kwargs | {'draw_tokens'}

    def __init__(self, *args: object, **kwargs: object) -> None:
        with expecting_images(args[0] if args else kwargs.get('pose2d')):
            super().__init__(*args, **kwargs)
        # MMPose lets those arguments through that the inferencer inside names, too.
        inner = self.inferencer
        inner.forward_kwargs = inner.forward_kwargs | {'draw_tokens'}

    def __call__(
        self,
        inputs: Any,
        return_datasamples: bool = False,
        batch_size: int = 1,
        out_dir: Optional[str] = None,
        *,
        draw_tokens: Union[bool, str, Sequence[str]] = False,
        token_keypoints: Optional[Sequence[str]] = None,
        bboxes: Optional[Sequence[Boxes]] = None,
        **kwargs: object,
    ) -> Iterator[Dict]:
        """Predict, one result an image.

        Args:
            inputs: as in MMPoseInferencer.
            return_datasamples: as in MMPoseInferencer.
            batch_size: as in MMPoseInferencer.
            out_dir: folder for everything; the figures go to its ``tokens`` as
                ``IMAGE_PERSON_FIGURE.png``, persons counted from 0; of a video,
                IMAGE is its name and the number of the frame.
            draw_tokens: names of figures (``kept``, ``heatmaps``, ``attention``,
                ``inner``, ``keypoints``, ``table``), or True for all. Results get
                ``tokens``, the drawings by name for each person, and ``token_files``.
            token_keypoints: names of the keypoints in the attention maps and heatmaps;
                six of them when None.
            bboxes: for every image its people, each ``(left, top, right, bottom)`` in
                px, instead of those of the detector; with ``pose3d``, for its 2D model.
            **kwargs: as in MMPoseInferencer.

        Raises:
            ValueError: for boxes that are none or too few, an unknown figure, a model
                without tokens, or one that takes several views together.
        """
        _refuse_fused_views(self.inferencer.model)
        if bboxes is not None:
            kwargs['nms_thr'] = 1.0  # what was given stays
        if draw_tokens is not False:
            find_token_estimator(self.inferencer.model)
            kwargs['draw_tokens'] = _Request(
                checked_figures(draw_tokens),
                token_keypoints,
                str(Path(out_dir) / 'tokens') if out_dir else None,
            )
        elif token_keypoints is not None:
            raise ValueError(
                'token_keypoints: has no effect without draw_tokens; expected None'
            )
        results = super().__call__(
            inputs, return_datasamples, batch_size, out_dir, **kwargs
        )
        return results if bboxes is None else self._within(GivenBoxes(bboxes), results)

    def _within(self, boxes: GivenBoxes, results: Iterator[Dict]) -> Iterator[Dict]:
        """Results, made with these boxes instead of a detector."""
        # A lifter's inferencer has the one of images inside.
        inner: Any = getattr(self.inferencer, 'pose2d_model', self.inferencer)
        before = inner.detector, getattr(inner, 'det_cat_ids', ())
        inner.detector, inner.det_cat_ids = boxes, (0,)
        try:
            yield from results
        finally:
            inner.detector, inner.det_cat_ids = before

    def forward(
        self, inputs: Any, draw_tokens: Optional[_Request] = None, **kwargs: object
    ) -> List[PoseDataSample]:
        """As MMPoseInferencer; drawings travel in the first sample's metainfo."""
        if draw_tokens is None:
            return super().forward(inputs, **kwargs)
        needed = needed_records(draw_tokens.figures)
        with record_tokens(self.inferencer.model, **needed) as record:
            samples = super().forward(inputs, **kwargs)
        drawn = self._draw(record, draw_tokens)
        samples[0].set_field(drawn, 'drawn_tokens', field_type='metainfo')
        return samples

    def _draw(self, record: TokenRecord, request: _Request) -> Dict[str, List]:
        model = self.inferencer.model
        people = record.samples[0]
        stem = Path(people[0].metainfo['img_path']).stem
        if self.inferencer._video_input:
            stem = f'{Path(self.inferencer.video_info["name"]).stem}_{stem}'
        drawn: Dict[str, List] = dict(tokens=[], token_files=[])
        for number, person in enumerate(people):
            drawings = draw_figures(
                record.unflipped,
                request.figures,
                sample=number,
                preprocessor=model.data_preprocessor,
                dataset_meta=model.dataset_meta,
                prediction=person,
                keypoints=request.keypoints,
            )
            drawn['tokens'].append(drawings)
            if request.folder:
                drawn['token_files'] += write_figures(
                    drawings, request.folder, f'{stem}_{number}'
                )
        return drawn

    def postprocess(
        self, preds: List[PoseDataSample], *args: object, **kwargs: object
    ) -> Dict:
        """As MMPoseInferencer, and the drawings."""
        results = super().postprocess(preds, *args, **kwargs)
        results.update(preds[0].metainfo.get('drawn_tokens', {}))
        return results


def _refuse_fused_views(model: Any) -> None:
    if fuses_views(model):
        raise ValueError(
            f'pose2d: expected a model of single images, got {type(model).__name__}, '
            'which takes the views of an instant together; MultiViewPoseInferencer '
            'runs it on a recording, and visualize_tokens draws what it sees there'
        )
