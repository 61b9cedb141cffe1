#!/usr/bin/env bash
# Replace mmcv-lite by mmcv with compiled operators: install_mmcv.sh PYTHON
#
# Building takes about ten minutes, so the wheel is kept in the user's cache, one for
# each torch, Python and mmcv. The environment needs torch, ninja, setuptools, wheel.
set -euo pipefail

python=$1
mmcv=2.1.0
key=$("$python" -c '
import platform, sys, torch
python = "{}.{}".format(*sys.version_info)
# mmcv compiles CUDA operators where torch sees a GPU.
device = "cuda" if torch.cuda.is_available() else "cpu"
print(f"torch{torch.__version__}-python{python}-{platform.machine()}-{device}")
')
cache=${XDG_CACHE_HOME:-$HOME/.cache}/ppt_mmpose/mmcv-$mmcv-$key

if ! compgen -G "$cache/mmcv-*.whl" > /dev/null; then
    mkdir -p "$(dirname "$cache")"
    fresh=$(mktemp -d "$cache.XXXXXX")
    trap 'rm -rf "$fresh"' EXIT
    echo "building mmcv $mmcv for $key"
    # pip's own cache would give a wheel that was built for another torch.
    PATH=$(dirname "$(command -v "$python")"):$PATH MMCV_WITH_OPS=1 \
        "$python" -m pip wheel --quiet --no-cache-dir --no-build-isolation \
        --no-deps --no-binary mmcv --wheel-dir "$fresh" "mmcv==$mmcv"
    mv -T "$fresh" "$cache"
fi
"$python" -m pip uninstall --quiet --yes mmcv-lite mmcv
"$python" -m pip install --quiet --no-deps --no-cache-dir "$cache"/mmcv-*.whl
