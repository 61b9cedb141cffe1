"""The reading side of an exported file: ONNX Runtime, images in, keypoints out."""

from pathlib import Path
from typing import Any, Dict, Optional, Sequence, Tuple

import numpy as np
from mmpose.datasets.transforms import GetBBoxCenterScale, TopdownAffine
from mmpose.registry import KEYPOINT_CODECS
from numpy.typing import NDArray

from .onnx_metadata import OnnxMetadata

Array = NDArray[Any]


class OnnxPose:
    """A file that ``tools/export_onnx.py`` wrote, ready to run.

    Args:
        file: the file.
        keep_ratio: the one that is expected; that of the file when None.
        threads: of ONNX Runtime on the CPU; as it chooses when None.
        providers: of ONNX Runtime, the first one that works is taken.

    Attributes:
        session: of ONNX Runtime; ``session.run(None, {'input': images})`` is all that
            there is to time.
        metadata: what the file says about itself.

    Raises:
        FileNotFoundError: if there is no such file.
        ImportError: if ONNX Runtime is not installed.
        ValueError: if the file is no export of ours, or for another keep ratio.
    """

    def __init__(
        self,
        file: str,
        keep_ratio: Optional[float] = None,
        *,
        threads: Optional[int] = None,
        providers: Sequence[str] = ('CPUExecutionProvider',),
    ) -> None:
        if not Path(file).is_file():
            raise FileNotFoundError(
                f'file: expected an exported model, found no {file}'
            )
        self.session = open_session(str(file), threads=threads, providers=providers)
        properties = self.session.get_modelmeta().custom_metadata_map
        try:
            self.metadata = OnnxMetadata.from_properties(properties)
        except ValueError as error:
            raise ValueError(
                f'{file}: expected a file that tools/export_onnx.py wrote; {error}'
            ) from None
        if keep_ratio is not None and keep_ratio != self.metadata.keep_ratio:
            raise ValueError(
                f'keep_ratio: {file} was exported for {self.metadata.keep_ratio}, got '
                f'{keep_ratio}; the counts of kept patches are part of the graph, so '
                'export once more for another ratio'
            )
        self._output_names = [output.name for output in self.session.get_outputs()]

    def run(self, images: Array) -> Dict[str, Array]:
        """Run the graph.

        Args:
            images: ``(B, 3, height, width)``, float32, normalised and in the channel
                order of the metadata.

        Returns:
            By name: ``heatmaps (B, J, h, w)``, or ``keypoints (B, J, 2)`` in px of the
            input and ``scores (B, J)``; and ``kept_BLOCK (B, K)`` where the file has
            them.

        Raises:
            ValueError: if the images have another shape or type.
        """
        width, height = self.metadata.input_size
        wanted = (3, height, width)
        if images.ndim != 4 or images.shape[1:] != wanted or images.dtype != np.float32:
            raise ValueError(
                f'images: expected (B, 3, {height}, {width}) of float32, got '
                f'{images.shape} of {images.dtype}'
            )
        return dict(zip(self._output_names, self.session.run(None, {'input': images})))

    def __call__(
        self, image: Array, boxes: Optional[Sequence[Sequence[float]]] = None
    ) -> Tuple[Array, Array]:
        """The people in an image.

        Args:
            image: ``(height, width, 3)``, uint8, BGR as OpenCV reads it.
            boxes: of P people, each ``(left, top, right, bottom)`` in px; one that is
                the whole image when None.

        Returns:
            Keypoints ``(P, J, 2)`` in px of the image, and scores ``(P, J)``.

        Raises:
            ValueError: if the image is none of that kind, or a box is none.
        """
        _check_image(image)
        if boxes is None:
            boxes = [(0, 0, image.shape[1], image.shape[0])]
        _check_boxes(boxes)
        images, centres, scales = self.crop(image, boxes)
        keypoints, scores = self.decode(self.run(images))
        share = keypoints / self.metadata.input_size - 0.5
        return share * scales[:, None] + centres[:, None], scores

    def crop(
        self, image: Array, boxes: Sequence[Sequence[float]]
    ) -> Tuple[Array, Array, Array]:
        """What :meth:`run` takes for people in an image, by MMPose's own transforms.

        Args:
            image: as in :meth:`__call__`.
            boxes: as there.

        Returns:
            Images ``(P, 3, height, width)``, and of each crop its centre and its size
            ``(P, 2)``, x and y in px of the image.
        """
        about = self.metadata
        box_to_crop = GetBBoxCenterScale(padding=about.box_padding)
        cut = TopdownAffine(input_size=about.input_size, use_udp=about.udp)
        crops = [
            cut(box_to_crop(dict(img=image, bbox=np.asarray([box], np.float32))))
            for box in boxes
        ]
        return (
            about.normalisation.apply(np.stack([crop['img'] for crop in crops])),
            np.stack([crop['input_center'] for crop in crops]),
            np.stack([crop['input_scale'] for crop in crops]),
        )

    def decode(self, outputs: Dict[str, Array]) -> Tuple[Array, Array]:
        """Keypoints ``(B, J, 2)`` in px of the input, and scores ``(B, J)``.

        Args:
            outputs: of :meth:`run`; heatmaps are decoded by MMPose's codec.
        """
        if self.metadata.decoded:
            return outputs['keypoints'], outputs['scores']
        codec = KEYPOINT_CODECS.build(dict(self.metadata.codec))
        decoded = [codec.decode(heatmaps) for heatmaps in outputs['heatmaps']]
        keypoints, scores = zip(*decoded)
        return np.concatenate(keypoints), np.concatenate(scores)


def _check_image(image: object) -> None:
    fits = isinstance(image, np.ndarray) and image.ndim == 3 and image.shape[2] == 3
    if not fits or image.dtype != np.uint8:  # type: ignore[attr-defined]
        got = (
            f'{image.shape} of {image.dtype}'
            if isinstance(image, np.ndarray)
            else type(image).__name__
        )
        raise ValueError(f'image: expected (height, width, 3) of uint8, got {got}')


def _check_boxes(boxes: Sequence[Sequence[float]]) -> None:
    if not len(boxes):
        raise ValueError('boxes: expected one or more, got none')
    for box in boxes:
        corners = np.asarray(box, dtype=np.float64)
        if (
            corners.shape != (4,)
            or not np.isfinite(corners).all()
            or not (corners[2:] > corners[:2]).all()
        ):
            raise ValueError(
                'boxes: expected (left, top, right, bottom) in px with left < right '
                f'and top < bottom, got {tuple(box)}'
            )


def open_session(
    model: Any,
    *,
    threads: Optional[int] = None,
    providers: Sequence[str] = ('CPUExecutionProvider',),
) -> Any:
    """ONNX Runtime on a file, or on the bytes of one.

    Args:
        model: path or bytes.
        threads: on the CPU; as it chooses when None.
        providers: of ONNX Runtime.

    Raises:
        ImportError: if ONNX Runtime is not installed.
        ValueError: if it cannot read the model.
    """
    try:
        import onnxruntime
    except ImportError:
        raise ImportError(
            'running an exported file needs onnxruntime: '
            'pip install "ppt_mmpose[onnx]", or pip install onnxruntime'
        ) from None
    if threads is not None and threads < 1:
        raise ValueError(f'threads: expected 1 or more, got {threads}')
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors
    if threads is not None:
        options.intra_op_num_threads = threads
    try:
        return onnxruntime.InferenceSession(model, options, providers=list(providers))
    except Exception as error:  # its errors have no class of their own
        name = model if isinstance(model, str) else 'the graph'
        raise ValueError(f'{name}: ONNX Runtime cannot read it: {error}') from None
