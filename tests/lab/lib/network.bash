# SPDX-License-Identifier: Apache-2.0
# Hosts as namespaces: each is a process with a network, mounts, a host name and process ids of its own, plugged into the
# namespace "switch" by a pair of virtual interfaces. Nothing of it has a name on the machine, so labs cannot clash, and
# nothing is left when the first process of each host is gone.
# shellcheck shell=bash

hosts() { sed -n 's/^\([a-z][^ ]*\) .*/\1/p' "$here/hosts.conf"; }
# field HOST N: 2 IPv4, 3 IPv6, 4 domain
field() { awk -v h="$1" -v n="$2" '$1 == h { print $n == "-" ? "" : $n }' "$here/hosts.conf"; }
what() { awk -v h="$1" '$1 == h { $1 = $2 = $3 = $4 = ""; sub(/^ +/, ""); print }' "$here/hosts.conf"; }
has_suite() { [ -d "$here/hosts/$1" ]; }
is_host() { hosts | grep -qxF -- "$1"; }

started_at() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# The machine's id of a host's first process; fails if the host is not there.
pid_of() {
    local pid start
    { read -r pid start <"$lab/.pids/$1"; } 2>/dev/null || return 1
    [ -n "$start" ] && [ "$(started_at "$pid")" = "$start" ] && echo "$pid"
}

# on HOST COMMAND...: runs a command on a host.
on() {
    local host=$1 pid
    shift
    pid=$(pid_of "$host") || fail "$host is not there; is the lab up?"
    nsenter -t "$pid" --net --mount --uts --ipc --pid -- env PATH="$image/bin:$PATH" MAIL_CONFIG="$lab/$host" HOME=/root "$@"
}

boot() {
    local name=$1 resolver=${2-} dir=$lab/$1 pid child try
    mkdir -p "$dir" "$lab/.pids"
    rm -f "$dir/ready"
    setsid unshare --net --mount --uts --ipc --pid --fork --kill-child --mount-proc --propagation private \
        bash "$here/lib/host-init" "$dir" "$name" $resolver </dev/null >"$dir/boot.log" 2>&1 &
    pid=$!
    disown
    echo "$pid $(started_at "$pid")" >"$lab/.pids/$name.outer"
    for try in $(seq 200); do
        [ -e "$dir/ready" ] && break
        [ -d "/proc/$pid" ] || break
        sleep 0.05
    done
    [ -e "$dir/ready" ] || fail "$name did not come up: $(tail -n 3 "$dir/boot.log")"
    child=$(awk '{ print $1 }' "/proc/$pid/task/$pid/children")
    echo "$child $(started_at "$child")" >"$lab/.pids/$name"
    rm -f "$dir/ready"
}

plug_in() {
    local name=$1 switch port four six
    switch=$(pid_of switch)
    port=port$(($(hosts | grep -nxF -- "$name" | cut -d: -f1)))
    nsenter -t "$switch" --net ip link add "$port" type veth peer name eth0 netns "$(pid_of "$name")"
    nsenter -t "$switch" --net ip link set "$port" master bridge0 up
    on "$name" sysctl -qw net.ipv6.conf.eth0.accept_dad=0 net.ipv6.conf.eth0.accept_ra=0 2>/dev/null || true
    four=$(field "$name" 2) six=$(field "$name" 3)
    if [ -n "$four" ]; then on "$name" ip addr add "$four/24" dev eth0; fi
    on "$name" ip -6 addr add "$six/64" dev eth0 nodad
    on "$name" ip link set eth0 up
    # Packets to the black hole find a way out and nobody there.
    if [ -n "$four" ]; then on "$name" ip neigh add 192.0.2.98 lladdr 02:00:00:00:00:98 nud permanent dev eth0; fi
}

# cable HOST up|down
cable() {
    nsenter -t "$(pid_of switch)" --net ip link set "port$(hosts | grep -nxF -- "$1" | cut -d: -f1)" "$2"
}

# Ends every process of every host, by the id of its first one.
end_all() {
    local file pid start
    for file in "$lab"/.pids/*; do
        [ -f "$file" ] || continue
        read -r pid start <"$file" || continue
        if [ -n "$start" ] && [ "$(started_at "$pid")" = "$start" ]; then
            kill -KILL "$pid" 2>/dev/null || true
            while [ "$(started_at "$pid")" = "$start" ] && ! grep -q '^State:.*Z' "/proc/$pid/status" 2>/dev/null; do sleep 0.02; done
        fi
        rm -f "$file"
    done
}
