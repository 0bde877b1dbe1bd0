#!/bin/sh
# Makes what compose.yaml needs and nobody may have by default: passwords, the certificate of the journal, the key file of MongoDB, the master key.
# It makes only what is missing, so it may run again; what is there never changes, because a new master key opens no old data.
set -eu
umask 077
cd "$(dirname "$0")"
if [ "$(id -u)" -ne 0 ]; then echo '请以 root 运行：各文件须归容器中的用户所有。 / Run it as root: each file must belong to the user of its container.' >&2; exit 2; fi

# The folders may be passed through and not listed: the containers' users reach their own files in them and see no others.
mkdir -p secrets && chmod 711 secrets

# Each file is finished under another name first: a half-written key must never be taken for one.
give() { # <file> <owner>
  chmod 400 "$1.part" && chown "$2" "$1.part" && mv "$1.part" "$1"
}

if [ ! -e secrets/master.key ]; then
  openssl rand -base64 32 > secrets/master.key.part
  give secrets/master.key 10001:10001
  echo '已生成 deploy/secrets/master.key。请立即另存一份，与数据及其备份分开保管：丢失它，所有个人信息都将无法读出。'
  echo 'Made deploy/secrets/master.key. Keep a copy apart from the data and from its backups now: without it no personal data can ever be read again.'
fi

if [ ! -e secrets/mongodb.keyfile ]; then
  openssl rand -base64 756 > secrets/mongodb.keyfile.part
  give secrets/mongodb.keyfile 999:999
fi

# An authority for this one certificate: its key is thrown away, so nobody can ever sign another that the servers would trust. To renew, delete the folder and run this again.
if [ ! -e secrets/eventstoredb/node.key ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  openssl req -x509 -newkey rsa:3072 -nodes -sha256 -days 800 -subj '/O=Baobei/CN=Baobei journal CA' \
    -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
    -keyout "$work/ca.key" -out "$work/ca.crt" 2> /dev/null
  openssl req -newkey rsa:3072 -nodes -sha256 -subj '/CN=eventstoredb-node' -keyout "$work/node.key" -out "$work/node.csr" 2> /dev/null
  # EventStoreDB takes a node's certificate only when it is good for both sides of a connection.
  printf '%s\n' 'basicConstraints=CA:FALSE' 'keyUsage=critical,digitalSignature,keyEncipherment' 'extendedKeyUsage=serverAuth,clientAuth' \
    'subjectAltName=DNS:eventstoredb,DNS:localhost,IP:127.0.0.1' > "$work/node.ext"
  openssl x509 -req -sha256 -days 800 -in "$work/node.csr" -CA "$work/ca.crt" -CAkey "$work/ca.key" -CAcreateserial -extfile "$work/node.ext" -out "$work/node.crt" 2> /dev/null
  mkdir -p secrets/eventstoredb/ca && chmod 711 secrets/eventstoredb && chmod 755 secrets/eventstoredb/ca
  # A certificate is no secret, and both the journal and the servers read it.
  cp "$work/ca.crt" secrets/eventstoredb/ca/ca.crt && cp "$work/node.crt" secrets/eventstoredb/node.crt
  chmod 444 secrets/eventstoredb/ca/ca.crt secrets/eventstoredb/node.crt
  # The key comes last, because its being there says that all is.
  cp "$work/node.key" secrets/eventstoredb/node.key.part
  give secrets/eventstoredb/node.key 1000:1000
fi

# Hexadecimal, because the passwords stand in addresses, where other characters would have to be escaped.
if [ ! -e .env ]; then
  for name in EVENTSTOREDB_ADMIN_PASSWORD EVENTSTOREDB_OPS_PASSWORD EVENTSTOREDB_PASSWORD MONGODB_ROOT_PASSWORD MONGODB_PASSWORD MONGODB_KEYS_PASSWORD GRAFANA_PASSWORD; do
    echo "$name=$(openssl rand -hex 24)"
  done > .env.part
  printf '%s\n' '# Fill these in: they name who issues the access tokens.' 'AUTH_ISSUER=' 'AUTH_AUDIENCE=' 'AUTH_JWKS_URL=' >> .env.part
  mv .env.part .env
  echo '请在 deploy/.env 中填写 AUTH_ISSUER、AUTH_AUDIENCE、AUTH_JWKS_URL。 / Fill in AUTH_ISSUER, AUTH_AUDIENCE and AUTH_JWKS_URL in deploy/.env.'
fi
