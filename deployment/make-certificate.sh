#!/usr/bin/env bash
# Makes the webhook's serving certificate and its CA with openssl: `make-certificate.sh DIRECTORY`.
# Writes ca.pem, cert.pem and key.pem there. The CA's key is not kept: a renewal is a new CA.
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: make-certificate.sh DIRECTORY" >&2 && exit 64; }
readonly name=gtoken-webhook-svc.gtoken.svc
readonly days=365

umask 077
mkdir -p "$1"
cd "$1"
ca_key=$(mktemp)
trap 'rm -f "$ca_key"' EXIT

new_key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc)
openssl req -x509 "${new_key[@]}" -keyout "$ca_key" -out ca.pem -days "$days" \
    -subj "/CN=gtoken-webhook-ca" -addext "keyUsage=critical,keyCertSign,cRLSign" 2>/dev/null
openssl req -x509 "${new_key[@]}" -keyout key.pem -out cert.pem -days "$days" -CA ca.pem -CAkey "$ca_key" \
    -subj "/CN=$name" -addext "subjectAltName=DNS:$name" -addext "basicConstraints=critical,CA:FALSE" \
    -addext "extendedKeyUsage=serverAuth" 2>/dev/null
openssl verify -CAfile ca.pem -purpose sslserver -verify_hostname "$name" cert.pem
