"""No view of a group is swapped for another sample."""

from typing import Any


class WholeGroups:
    """Mixed into a dataset whose samples are views of groups.

    Where a pipeline gives up on a sample of a training set, MMEngine takes another one
    at random: a view of another group, with other cameras. Here it is an error.
    """

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
