# SPDX-License-Identifier: Apache-2.0
# What runs on the hosts: the name server and instances of the suite.
# shellcheck shell=bash

# The Java machine for the lab's own programs.
find_java() {
    java=("$image/runtime/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xmx64m -cp "$kit:$image/lib/*")
}

start_name_server() {
    local dir=$lab/ns.lab four six
    four=$(field ns.lab 2) six=$(field ns.lab 3)
    on ns.lab setsid bash -c 'echo $$ >"$1/ns.pid"; exec "${@:2}" >>"$1/log" 2>&1' - "$dir" \
        "${java[@]}" org.postino.kit.NameServer \
        "$lab/zones" "$four" "$six" </dev/null >/dev/null 2>&1 &
    disown
    wait_for "the name server" 20 grep -q listening "$dir/log"
}

stop_name_server() {
    on ns.lab kill "$(cat "$lab/ns.lab/ns.pid")"
    : >"$lab/ns.lab/log"
}

install_suite() {
    local host=$1 dir=$lab/$1 address password settings
    on "$host" postino create "$dir" --port-base 0 --domain "$(field "$host" 4)" >/dev/null
    # The shipped rows listen on 127.0.0.1 alone.
    sed -i 's/^127\.0\.0\.1:/ /; s/^ \([0-9]\)/\1/' "$dir/master.cf"
    mapfile -t settings < <(grep -hv '^#' "$here/hosts/common.cf" "$here/hosts/$host/main.cf")
    on "$host" postconf -e "${settings[@]}"
    if [ -f "$here/hosts/$host/aliases" ]; then
        cat "$here/hosts/$host/aliases" >>"$dir/aliases"
        on "$host" newaliases
    fi
    if [ -f "$here/hosts/$host/users" ]; then
        while read -r address password; do
            on "$host" postuser add "$address" --password "$password" </dev/null >/dev/null
        done <"$here/hosts/$host/users"
    fi
    on "$host" postino start >/dev/null
}

suite_runs() { on "$1" postino status >/dev/null 2>&1; }

# host_of ADDRESS: where the user's mailbox is.
host_of() {
    local host
    for host in $(hosts); do
        [ -f "$here/hosts/$host/users" ] && grep -q "^$1 " "$here/hosts/$host/users" && echo "$host" && return
    done
    fail "$1: no such user in the lab; see tests/lab/hosts/*/users"
}

# letters ADDRESS: the files of the user's inbox, oldest first.
letters() {
    local host
    host=$(host_of "$1")
    find "$lab/$host/mail/${1#*@}/${1%@*}/Maildir/new" "$lab/$host/mail/${1#*@}/${1%@*}/Maildir/cur" -type f -printf '%T@ %p\n' 2>/dev/null |
        sort -n | cut -d' ' -f2-
}
