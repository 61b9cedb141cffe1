"""What every config shares: the plugin, hooks, logging, and how processes talk."""

custom_imports = dict(imports=['ppt_mmpose'], allow_failed_imports=False)
# Once more while the file is read: a user's custom_imports replaces ours, and with
# mmcv-lite MMPose cannot be imported before the plugin. (An import statement would make
# MMEngine take the file for one in its other, pure Python style.)
__import__('ppt_mmpose')
default_scope = 'mmpose'

default_hooks = dict(
    runtime_info=dict(type='DeferredInfoHook'),
    timer=dict(type='IterTimerHook'),
    logger=dict(type='LoggerHook', interval=50),
    param_scheduler=dict(type='ParamSchedulerHook'),
    checkpoint=dict(type='SafeCheckpointHook', interval=10),
    sampler_seed=dict(type='DistSamplerSeedHook'),
    visualization=dict(type='PoseVisualizationHook', enable=False),
    tokens=dict(type='TokenVisualizationHook', enable=False),
    badcase=dict(
        type='BadCaseAnalysisHook',
        enable=False,
        out_dir='badcase',
        metric_type='loss',
        badcase_thr=5,
    ),
)
# Batch norm statistics are averaged over the processes after each epoch.
custom_hooks = [dict(type='SyncBuffersHook')]

env_cfg = dict(
    cudnn_benchmark=False,
    mp_cfg=dict(mp_start_method='fork', opencv_num_threads=0),
    dist_cfg=dict(backend='nccl'),
)
visualizer = dict(
    type='PoseLocalVisualizer',
    vis_backends=[dict(type='LocalVisBackend')],
    name='visualizer',
)
log_processor = dict(type='LogProcessor', window_size=50, by_epoch=True, num_digits=6)
log_level = 'INFO'
load_from = None
resume = False
backend_args = dict(backend='local')

val_cfg = dict()
test_cfg = dict()
