"""A dataset of nothing but ids, for tests of samplers."""

from mmengine.dataset import BaseDataset


class Ids(BaseDataset):
    """Samples that tell ``group_id`` and ``view_id``, given as pairs."""

    def __init__(self, ids, **options):
        self.ids = ids
        super().__init__(**options)

    def load_data_list(self):
        return [dict(group_id=group, view_id=view) for group, view in self.ids]


def whole(groups, views=4):
    """Groups in order, all views of each."""
    ids = [(f'g{group}', view) for group in range(groups) for view in range(views)]
    return Ids(ids)


def processes(monkeypatch, build, count):
    """What each of some processes builds."""
    built = []
    for rank in range(count):
        monkeypatch.setattr(
            'ppt_mmpose.datasets.samplers.group_sampler.get_dist_info',
            lambda rank=rank: (rank, count),
        )
        built.append(build())
    return built
