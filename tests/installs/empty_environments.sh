#!/usr/bin/env bash
# Install the package as a user would, into empty environments: from a wheel, from an
# sdist, and editable. Importing it must name the one command that installs the rest,
# and with that command everything must work. Usage: empty_environments.sh PYTHON
#
# Versions are those of requirements/constraints.txt; with PIP_CONSTRAINT= (empty) they
# are the newest that pip finds.
set -euo pipefail

python=$("$1" -c 'import sys; print(sys.executable)')
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PIP_CONSTRAINT=${PIP_CONSTRAINT-$root/requirements/constraints.txt}
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_QUIET=1
[ -n "$PIP_CONSTRAINT" ] || unset PIP_CONSTRAINT

# A build leaves files beside its source.
git -C "$root" ls-files -z --cached --others --exclude-standard |
    (cd "$root" && tar --null --files-from - --create) |
    (mkdir "$work/clone" && tar --directory "$work/clone" --extract)
cd "$work"

examine() {
    local kind=$1; shift
    echo "== $kind: pip install $*"
    "$python" -m venv "$work/environment"
    export PATH=$work/environment/bin:$plain_path
    pip install "$@"
    if python -c 'import ppt_mmpose' 2> error.txt; then
        echo 'expected an ImportError without MMPose'; exit 1
    fi
    local command
    command=$(grep --max-count=1 '^    pip install' error.txt)
    [ "$(grep --count '^ImportError' error.txt)" = 1 ]
    echo "-- $command"
    bash -e -c "$command"
    python -c 'import ppt_mmpose'
    if [ "$kind" = editable ]; then
        python -m ppt_mmpose.doctor --link-mim
    fi
    python -m ppt_mmpose.doctor
    mim run ppt_mmpose print_config ppt_s_coco --out flat.py
    python -c "from mmengine.config import Config; Config.fromfile('flat.py')"
    rm -rf "$work/environment"
}

plain_path=$PATH
"$python" -m venv "$work/builder"
"$work/builder/bin/pip" install build
"$work/builder/bin/python" -m build --outdir "$work/dist" "$work/clone" > /dev/null
rm -rf "$work/builder"
for kind in ${KINDS:-wheel sdist editable}; do
    case $kind in
        wheel) examine wheel "$work"/dist/*.whl ;;
        sdist) examine sdist "$work"/dist/*.tar.gz ;;
        editable) examine editable -e "$work/clone" ;;
    esac
done
echo 'all ways of installing work'
