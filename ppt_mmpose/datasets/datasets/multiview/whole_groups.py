"""Groups of views stay whole, whatever the options and the pipeline."""

from typing import Any, Mapping

# With any other value, views would be torn apart, or lose their labels.
_FIXED = dict(data_mode='topdown', bbox_file=None, sample_interval=1)


class WholeGroups:
    """Mixed into a dataset whose samples are views of groups.

    Where a pipeline gives up on a sample of a training set, MMEngine takes another one
    at random: a view of another group, with other cameras. Here it is an error.
    """

    def check_options(self, options: Mapping[str, Any]) -> None:
        """Refuse options of MMPose's datasets that would tear groups apart.

        Raises:
            ValueError: naming the option.
        """
        for name, value in _FIXED.items():
            if options.get(name, value) != value:
                raise ValueError(
                    f'{name}: expected {value!r} for a {type(self).__name__}, got '
                    f'{options[name]!r}'
                )

    def prepare_data(self, idx: int) -> Any:
        """Get data through the pipeline.

        Raises:
            ValueError: if the pipeline gives none.
        """
        loader: Any = super()
        data = loader.prepare_data(idx)
        if data is None:
            info = loader.get_data_info(idx)
            raise ValueError(
                f'pipeline: expected data of view {info["view_id"]} of '
                f'{info["group_id"]!r} ({info["img_path"]}), got None; views of a '
                'group are not replaced by other samples'
            )
        return data
