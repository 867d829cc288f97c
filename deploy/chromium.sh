#!/bin/bash
# Makes sure Debian's chromium is there for the browser journeys: installs it when it may (root and
# apt-get), stops a CI without a browser, and elsewhere says that the journeys will be skipped.
set -euo pipefail

if command -v chromium >/dev/null; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installation de Chromium pour les parcours…"
    export DEBIAN_FRONTEND=noninteractive
    if apt-get update -qq &&
        apt-get install -qq -y --no-install-recommends chromium fonts-dejavu-core >/dev/null; then
        exit 0
    fi
fi
if [ "${CI:-}" = true ]; then
    echo "Chromium est introuvable : en intégration continue, c’est une erreur." >&2
    exit 1
fi
echo "Chromium est introuvable : les parcours dans un navigateur seront sautés."
echo "Pour les jouer : apt-get install chromium"
