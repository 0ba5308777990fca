#!/usr/bin/env bash
# Runs three NATS servers, three nodes of ChatRoom and a load balancer on this machine, until Ctrl-C. It needs nats-server 2.10 or
# later and haproxy on the PATH, and is run in the project's folder after "npm ci". What they keep is in FOLDER, "cluster" unless said:
#   openapi/three-nodes.sh [FOLDER]
set -euo pipefail
for program in nats-server haproxy node; do
  command -v "$program" >/dev/null || { echo "$program is not installed; openapi/cluster.md says where it comes from." >&2; exit 1; }
done
folder=$(realpath -m "${1:-cluster}")
[ -e dist/src/server.js ] || npm run --silent build
mkdir -p "$folder"
children=()
finish() {
  trap - EXIT INT TERM
  # The nodes first: what they have under way goes into the log.
  for child in "${children[@]:3}" "${children[@]:0:3}"; do kill "$child" 2>/dev/null || true; done
  wait
}
trap finish EXIT
trap 'exit 0' INT TERM

for n in 1 2 3; do
  cat >"$folder/nats-$n.conf" <<END
server_name: nats-$n
listen: "127.0.0.1:422$n"
http: "127.0.0.1:822$n"
jetstream { store_dir: "$folder/nats-$n", sync_interval: always }
cluster { name: chatroom, listen: "127.0.0.1:622$n"
  routes: ["nats://127.0.0.1:6221", "nats://127.0.0.1:6222", "nats://127.0.0.1:6223"] }
END
  nats-server -c "$folder/nats-$n.conf" >"$folder/nats-$n.log" 2>&1 &
  children+=($!)
done

export CHATROOM_NATS_URL=nats://127.0.0.1:4221,nats://127.0.0.1:4222,nats://127.0.0.1:4223
export CHATROOM_NATS_MONITOR=http://127.0.0.1:8221,http://127.0.0.1:8222,http://127.0.0.1:8223
export CHATROOM_NATS_SYNC=required CHATROOM_TRUST_PROXY=127.0.0.1
until curl -fs http://127.0.0.1:8221/healthz http://127.0.0.1:8222/healthz http://127.0.0.1:8223/healthz >/dev/null; do sleep 0.2; done
for n in 1 2 3; do
  HOST=127.0.0.1 PORT=500$((3 + n)) CHATROOM_DATA="$folder/node-$n" node dist/src/server.js >"$folder/node-$n.log" 2>&1 &
  children+=($!)
done

cat >"$folder/haproxy.cfg" <<END
defaults
  mode http
  timeout connect 2s
  timeout client 75s
  timeout server 75s
  timeout tunnel 1h
frontend chat
  bind 127.0.0.1:5003
  option forwardfor
  default_backend nodes
backend nodes
  balance roundrobin
  option httpchk GET /ready
  option redispatch
  server node-1 127.0.0.1:5004 check inter 500ms
  server node-2 127.0.0.1:5005 check inter 500ms
  server node-3 127.0.0.1:5006 check inter 500ms
END
haproxy -f "$folder/haproxy.cfg" >"$folder/haproxy.log" 2>&1 &
children+=($!)
until curl -fs http://127.0.0.1:5003/ready >/dev/null; do
  kill -0 "${children[@]}" 2>/dev/null || { tail -n 3 "$folder"/*.log >&2; exit 1; }
  sleep 0.2
done
echo "The chat is at http://127.0.0.1:5003, and its nodes are at ports 5004, 5005 and 5006. Ctrl-C ends it all."
wait
