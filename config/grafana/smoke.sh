#!/bin/sh
# Asks the Grafana of this folder whether everything works: run it beside docker-compose.yml after `docker compose up -d`.
# Says in words what does not, and ends with 1 then. Needs curl. GRAFANA_URL overrules the address of Grafana.
set -u
cd "$(dirname "$0")" || exit 1

failures=0
ok() { printf 'ok      %s\n' "$1"; }
bad() {
  failures=$((failures + 1))
  printf 'FAILED  %s\n        %s\n' "$1" "$2"
}
setting() { sed -n "s/^$1=//p" .env | tail -n 1; }

command -v curl >/dev/null 2>&1 || { echo "curl is missing: install it, then start this again"; exit 1; }
[ -r .env ] || { echo "There is no .env here: cp .env.example .env, fill it in, docker compose up -d"; exit 1; }
[ -n "$(setting CAMHUB_TOKEN)" ] || { echo "CAMHUB_TOKEN in .env is empty: see .env.example"; exit 1; }
port=$(setting GRAFANA_PORT)
grafana=${GRAFANA_URL:-http://127.0.0.1:${port:-3000}}
patience=${SMOKE_PATIENCE:-60}

# ask PATH [BODY]: what Grafana answers. The password goes through a pipe, not through the list of processes.
ask() {
  password=$(setting GRAFANA_ADMIN_PASSWORD | sed 's/\\/\\\\/g; s/"/\\"/g')
  if [ $# -eq 1 ]; then set -- "$1" --get; else set -- "$1" --header 'Content-Type: application/json' --data "$2"; fi
  path=$1
  shift
  printf 'user = "admin:%s"\n' "$password" | curl --silent --show-error --max-time 20 --config - "$@" "$grafana$path" 2>&1
}
# until_has TEXT PATH [BODY]: asks again until the answer holds the text; plugins are installed after the start.
until_has() {
  wanted=$1
  shift
  tries=0
  while :; do
    answer=$(ask "$@")
    case $answer in *"$wanted"*) return 0 ;; esac
    tries=$((tries + 1))
    [ "$tries" -ge "$patience" ] && return 1
    sleep 1
  done
}
count() { printf '%s' "$1" | grep -o "$2" | wc -l | tr -d ' '; }
query() {
  printf '{"from":"now-5m","to":"now","queries":[{"refId":"A","datasource":{"uid":"tapocam-prometheus"},"expr":"%s","instant":true,"range":false}]}' "$1"
}

if until_has '"database"' /api/health; then ok "Grafana answers at $grafana"
else
  bad "Grafana does not answer at $grafana" "docker compose ps; docker compose logs grafana. It said: $answer"
  exit 1
fi

for source in tapocam-prometheus tapocam-infinity; do
  if until_has '"status":"OK"' "/api/datasources/uid/$source/health"; then ok "The data source $source works"
  else bad "The data source $source does not work" "It said: $answer"; fi
done

if until_has '"values":[[' /api/ds/query "$(query 'up{job=\"tapocam\"} == 1')"; then ok "Prometheus scrapes the hub"
else bad "Prometheus does not get the hub's metrics" "docker compose logs prometheus; is the token right, and the metrics port reachable? It said: $answer"; fi

if until_has '"values":[[' /api/ds/query "$(query 'sum(tapocam_camera_up)')"; then ok "The query of a panel has data"
else bad "The query of a panel has no data" "Has the hub a camera that is not stopped? It said: $answer"; fi

want=$(grep -c '^ *- uid: tapocam-' provisioning/alerting/tapocam-rules.yml)
answer=$(ask /api/v1/provisioning/alert-rules)
have=$(count "$answer" '"uid":"tapocam-')
if [ "$have" -eq "$want" ]; then ok "All $want alert rules are there"
else bad "$have of $want alert rules are there" "docker compose logs grafana | grep -i alerting. It said: $(printf '%.300s' "$answer")"; fi

want=$(find dashboards -name '*.json' | wc -l | tr -d ' ')
answer=$(ask '/api/search?type=dash-db&folderUIDs=tapocam')
have=$(count "$answer" '"type":"dash-db"')
if [ "$have" -eq "$want" ]; then ok "All $want dashboards are there"
else bad "$have of $want dashboards are there" "docker compose logs grafana | grep -i dashboard. It said: $(printf '%.300s' "$answer")"; fi

if [ -e plugins/tapo-camera-panel/plugin.json ]; then
  if until_has '"id":"tapo-camera-panel"' /api/plugins/tapo-camera-panel/settings; then ok "The panel plugin is loaded"
  else bad "The panel plugin is not loaded" "docker compose logs grafana | grep -i plugin. It said: $answer"; fi
fi

if [ "$failures" -gt 0 ]; then
  echo "$failures checks failed"
  exit 1
fi
echo "Everything works: open $grafana"
