#!/bin/bash
# Makes sure Debian's clamd is there for the tests of the antivirus: installs it when it may (root and
# apt-get), and elsewhere says that those tests will be skipped. The tests start their own clamd, with
# a base of their own: the system's services are never started, and no virus base is downloaded.
set -euo pipefail

if [ -x /usr/sbin/clamd ]; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installation de clamd pour les tests de l’antivirus…"
    export DEBIAN_FRONTEND=noninteractive
    if command -v systemctl >/dev/null; then
        systemctl mask clamav-daemon.service clamav-daemon.socket clamav-freshclam.service \
            >/dev/null 2>&1 || true
    fi
    if apt-get update -qq &&
        apt-get install -qq -y --no-install-recommends clamav-daemon >/dev/null 2>&1; then
        exit 0
    fi
fi
echo "clamd est introuvable : les tests de l’antivirus seront sautés."
echo "Pour les jouer : apt-get install clamav-daemon"
